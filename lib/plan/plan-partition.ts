import { isShared, type Lookup, type Partition, type Shortage } from '../model';
import { assemblePlan } from './assemble';
import { cablesOf, wireRouters } from './cabling';
import { emptyLedger, type Ledger, ledgerPathOf } from './ledger';
import { giveNumbers } from './numbers';
import { compareText } from './order';
import type { Plan } from './plan';
import { PoolBook } from './pool-book';
import { soundOf } from './sound';

export interface PlannedPartition {
  /** To be used only if no rule is broken: what has no number is left out. */
  readonly plan: Plan;
  /** To be written only if no rule is broken; the one given, down to its revision, if nothing changed. */
  readonly ledger: Ledger;
  /** Numbers that could not be given, in order of path. */
  readonly shortages: readonly Shortage[];
}

/**
 * Gives a partition every number, the same ones as ever: adding, removing or reordering one thing never renumbers
 * another. Broken partitions are planned as far as they go, so that their shortages are reported with all else.
 */
export function planPartition(
  partition: Partition,
  lookup: Lookup,
  ledger: Ledger | undefined,
  file: string = ledgerPathOf(partition.name),
): PlannedPartition {
  const sound = soundOf(partition);
  const book = new PoolBook(ledger ?? emptyLedger(partition.name), file);
  const leaves = wireRouters(sound, lookup, book.before.routers);
  const cables = cablesOf(sound, lookup, leaves);
  const numbers = giveNumbers(sound, lookup, cables, book);
  return {
    plan: { ...assemblePlan(sound, cables, numbers), partition },
    ledger: book.close({
      shared: everShared(partition, book.before),
      routers: Object.fromEntries([...leaves].map(([router, { name }]) => [router, name])),
    }),
    shortages: book.shortages,
  };
}

function everShared({ networks }: Partition, { shared }: Ledger): readonly string[] {
  const now = networks.filter(isShared).map(({ name }) => name);
  return [...new Set([...shared, ...now])].sort(compareText);
}
