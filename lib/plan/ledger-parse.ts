import { z } from 'zod';
import { quote } from '../net';
import type { LedgerFault } from '../model';
import { compareBlocks, spanOf } from './block-tree';
import { type Freed, type Ledger, LEDGER_FORMAT, LEDGER_VERSION, type LedgerValue, type PoolRecord } from './ledger';
import { type Notation, tryNotationOf } from './notation';

/** What a ledger is read as. */
export interface ExpectedLedger {
  /** Where it was read from; for the message. */
  readonly file: string;
  /** The partition it must belong to; undefined to take any. */
  readonly partition: string | undefined;
}

const name = z.string().regex(/^[!-~]+( [!-~]+)*$/, 'is no name');
const revision = z.int().min(0);
const value = z.union([z.int().min(0), z.string()], 'is neither a number nor a text');
const freed = z.strictObject({ value, holder: name, revision, renumbered: z.literal(true).optional() });
const pool = z.strictObject({ given: z.record(name, value), freed: z.array(freed) });

const formatSchema = z.looseObject({ format: z.literal(LEDGER_FORMAT) });
const newerSchema = z.looseObject({ version: z.int().min(LEDGER_VERSION + 1) });

export const ledgerSchema: z.ZodType<Ledger> = z.strictObject({
  format: z.literal(LEDGER_FORMAT),
  version: z.literal(LEDGER_VERSION),
  partition: name,
  revision,
  shared: z.array(name),
  pools: z.record(name, pool),
  routers: z.record(name, name),
});

const RESTORE = 'restore the file from version control; never delete it, or numbers in use are given again';

/** Reads the text of a ledger, or says why it cannot be relied on. */
export function parseLedger(text: string, { file, partition }: ExpectedLedger): Ledger | LedgerFault {
  const refuse = (problem: string, fix: string): LedgerFault => ({ file, problem, fix });
  if (/^(<{7}|>{7}) /m.test(text)) {
    return refuse(
      'the ledger holds the marks of a merge conflict',
      'take the side that is deployed, then synthesize again',
    );
  }
  const json = tryJson(text);
  if (json === undefined) return refuse('the ledger is damaged: it is no JSON', RESTORE);
  if (!formatSchema.safeParse(json).success) {
    return refuse(
      `the file is no ledger: it lacks "format": "${LEDGER_FORMAT}"`,
      'name the file of a ledger, or restore it',
    );
  }
  const newer = newerSchema.safeParse(json);
  if (newer.success) {
    return refuse(
      `the ledger has version ${newer.data.version}, and this release of cdktf-metal-fabric reads version ${LEDGER_VERSION}`,
      'upgrade cdktf-metal-fabric to the release that wrote the ledger',
    );
  }
  const read = ledgerSchema.safeParse(json);
  if (!read.success) return refuse(`the ledger is damaged: ${firstIssue(read.error)}`, RESTORE);
  if (partition !== undefined && read.data.partition !== partition) {
    return refuse(
      `the ledger belongs to partition ${quote(read.data.partition)}, not to ${quote(partition)}`,
      `restore the file of ${quote(partition)}; a partition that is to be renamed keeps its numbers if "partition" in the file is changed too`,
    );
  }
  const damage = tryDamage(read.data);
  return damage === undefined ? read.data : refuse(`the ledger is damaged: ${damage.problem}`, damage.fix);
}

export function isLedgerFault(read: Ledger | LedgerFault | undefined): read is LedgerFault {
  return read !== undefined && 'problem' in read;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) throw new Error('invariant: zod refuses without an issue');
  const path = issue.path.map(String).join(' › ');
  return `${path === '' ? '' : `${path}: `}${issue.message}`;
}

type Damage = Pick<LedgerFault, 'problem' | 'fix'>;

/** What the schema cannot see: values of the wrong kind, and values that are held twice. */
function tryDamage({ pools }: Ledger): Damage | undefined {
  for (const [id, record] of Object.entries(pools)) {
    const notation = tryNotationOf(id);
    if (notation === undefined) return { problem: `there is no pool ${quote(id)}`, fix: RESTORE };
    const read = (entries: readonly Entry[]): readonly ReadEntry[] =>
      entries.map((entry) => ({ ...entry, read: notation.tryRead(entry.value) }));
    const [given, freed] = [read(givenEntries(record)), read(record.freed)];
    const damage = tryForeign(id, [...given, ...freed]) ?? tryClash(id, given, freed, notation);
    if (damage !== undefined) return damage;
  }
  return undefined;
}

function tryForeign(id: string, entries: readonly ReadEntry[]): Damage | undefined {
  const foreign = entries.find(({ read }) => read === undefined);
  return (
    foreign && {
      problem: `${quote(foreign.value)} of ${quote(foreign.holder)} is no value of pool ${quote(id)}`,
      fix: RESTORE,
    }
  );
}

/** Two branches that were merged may have given one number to two holders. */
function tryClash(
  id: string,
  given: readonly ReadEntry[],
  freed: readonly ReadEntry[],
  notation: Notation<unknown>,
): Damage | undefined {
  const blocks = given
    .map((entry) => ({ ...entry, block: notation.toBlock(entry.read) }))
    .sort((a, b) => compareBlocks(a.block, b.block));
  for (const [index, held] of blocks.entries()) {
    const before = blocks[index - 1];
    if (before !== undefined && spanOf(before.block, notation.bits).last >= held.block.first)
      return clash(id, before, held);
  }
  const holders = new Map<LedgerValue, string>(given.map(({ value, holder }) => [value, holder]));
  for (const { value, holder } of freed) {
    const other = holders.get(value);
    if (other !== undefined) return clash(id, { value, holder: other }, { value, holder });
    holders.set(value, holder);
  }
  return undefined;
}

type Entry = Pick<Freed, 'value' | 'holder'>;

/** An entry with what its value means; undefined for one that is no value of the pool. */
interface ReadEntry extends Entry {
  readonly read: unknown;
}

const clash = (id: string, a: Entry, b: Entry): Damage => ({
  problem:
    `pool ${quote(id)} has ${a.value === b.value ? `${a.value} twice` : `${a.value} and ${b.value}, which overlap`}, ` +
    `for ${quote(a.holder)} and for ${quote(b.holder)}`,
  fix: 'remove the entry of the one that is not deployed; it is given another number at the next synth',
});

const givenEntries = ({ given }: Pick<PoolRecord, 'given'>): readonly Entry[] =>
  Object.entries(given).map(([holder, value]) => ({ value, holder }));
