import type { LedgerFault, Recorded, Shortage } from '../model';
import { emptyLedger, type Ledger, type LedgerValue, type PoolRecord, sameLedger, tryEntry } from './ledger';
import { compareText } from './order';

/** A ledger before and after a plan, with what the plan could not give. */
export interface LedgerChange {
  /** Undefined where there is none yet. */
  readonly before: Ledger | undefined;
  readonly after: Ledger;
  /** Why there is none before, if there should be one. */
  readonly fault: LedgerFault | undefined;
  readonly shortages: readonly Shortage[];
  /** Whether no number may be given or freed. */
  readonly frozen: boolean;
}

/** What the rules of a partition learn from its ledger. */
export function recordedOf({ before, after, fault, shortages, frozen }: LedgerChange): Recorded {
  // Without its ledger a partition is given other numbers: what is short of those is no news.
  if (fault !== undefined) return { shared: [], fault, frozenChanges: [], shortages: [] };
  return {
    shared: before?.shared ?? [],
    fault: undefined,
    frozenChanges: frozen ? changesOf(before, after) : [],
    shortages,
  };
}

/** What differs between two ledgers, a sentence each, in order. */
export function changesOf(before: Ledger | undefined, after: Ledger): readonly string[] {
  if (before === undefined) {
    const { length } = changesOf(emptyLedger(after.partition), after);
    return [`there is no ledger yet; ${length} entries would be made`];
  }
  if (sameLedger(before, after)) return [];
  const changes = [
    ...keysOf(before.pools, after.pools).flatMap((pool) =>
      poolChanges(pool, tryEntry(before.pools, pool), tryEntry(after.pools, pool)),
    ),
    ...entryChanges('border leaf of router', before.routers, after.routers),
    ...after.shared.filter((name) => !before.shared.includes(name)).map((name) => `"${name}" would be noted as shared`),
  ];
  return changes.sort(compareText);
}

const EMPTY: PoolRecord = { given: {}, freed: [] };

function poolChanges(pool: string, before: PoolRecord = EMPTY, after: PoolRecord = EMPTY): readonly string[] {
  const changes = entryChanges(`${pool} of`, before.given, after.given);
  // Quarantine changes alone where a number was fixed by hand in one of several places.
  const isElse = changes.length === 0 && JSON.stringify(before.freed) !== JSON.stringify(after.freed);
  return isElse ? [`the quarantine of ${pool} would change`] : changes;
}

type Entries = Readonly<Record<string, LedgerValue>>;

function entryChanges(what: string, before: Entries, after: Entries): readonly string[] {
  return keysOf(before, after).flatMap((key) => {
    const [old, now] = [tryEntry(before, key), tryEntry(after, key)];
    return old === now ? [] : [`${what} "${key}": ${changeOf(old, now)}`];
  });
}

function changeOf(old: LedgerValue | undefined, now: LedgerValue | undefined): string {
  if (now === undefined) return `${String(old)} would be freed`;
  return old === undefined ? `would be given ${now}` : `would change from ${old} to ${now}`;
}

const keysOf = (a: object, b: object): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareText);
