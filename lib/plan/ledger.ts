import { compareText } from './order';

/** What marks a file as one of ours. */
export const LEDGER_FORMAT = 'cdktf-metal-fabric/ledger';

/** Raised when an older library could no longer read the file rightly. */
export const LEDGER_VERSION = 1;

/** Every number that a partition was given, kept in the user's repository so that nothing is ever renumbered. */
export interface Ledger {
  readonly format: typeof LEDGER_FORMAT;
  readonly version: typeof LEDGER_VERSION;
  /** The name of the partition. */
  readonly partition: string;
  /** Raised by each change. */
  readonly revision: number;
  /** Names of networks that were shared once; nothing is ever removed. */
  readonly shared: readonly string[];
  readonly pools: Readonly<Record<string, PoolRecord>>;
  /** The border leaf of each router, by `<network>/<router>`. */
  readonly routers: Readonly<Record<string, string>>;
}

export interface PoolRecord {
  /** The number of each holder. */
  readonly given: Readonly<Record<string, LedgerValue>>;
  /** Numbers in quarantine: given to another only when no never-used one is left. */
  readonly freed: readonly Freed[];
}

/** A VNI, VLAN, ASN or port as a number; an address or a prefix as text. */
export type LedgerValue = number | string;

export interface Freed {
  readonly value: LedgerValue;
  /** Who held it. */
  readonly holder: string;
  /** The revision that freed it. */
  readonly revision: number;
  /** Set when it was taken from its holder on purpose: it does not get it back. */
  readonly renumbered?: true | undefined;
}

/** Where the ledger of a partition lies, from the root of the user's repository. */
export function ledgerPathOf(partition: string): string {
  return `fabric.lock/${partition}.json`;
}

export function emptyLedger(partition: string): Ledger {
  return { format: LEDGER_FORMAT, version: LEDGER_VERSION, partition, revision: 0, shared: [], pools: {}, routers: {} };
}

/** The one text of a ledger: keys sorted, an entry a line, so that a diff shows what was given and what was freed. */
export function printLedger(ledger: Ledger): string {
  return `${printJson({ ...ledger, shared: [...ledger.shared].sort(compareText) }, '')}\n`;
}

export function sameLedger(a: Ledger, b: Ledger): boolean {
  // Printing a large one takes its time, and most of those that differ differ in this.
  if (Object.keys(a.pools).length !== Object.keys(b.pools).length) return false;
  return printLedger(a) === printLedger(b);
}

/** Undefined for a holder without a number. Names like "constructor" are names as any other. */
export function tryEntry<V>(record: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

function printJson(value: unknown, margin: string): string {
  const json = value as Json;
  if (Array.isArray(json)) return bracket('[]', json.map(printInline), margin);
  if (typeof json !== 'object') return JSON.stringify(json);
  const fields = entriesOf(json).map(([key, field]) => `${JSON.stringify(key)}: ${printJson(field, `${margin}  `)}`);
  return bracket('{}', fields, margin);
}

/** An entry of a list stands on one line, that a merge keeps or drops it as a whole. */
function printInline(value: Json): string {
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const fields = entriesOf(value).map(([key, field]) => `${JSON.stringify(key)}: ${JSON.stringify(field)}`);
  return `{ ${fields.join(', ')} }`;
}

function entriesOf(value: object): readonly (readonly [string, Json])[] {
  return Object.entries(value as Readonly<Record<string, Json>>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => compareText(a, b));
}

function bracket(brackets: '[]' | '{}', items: readonly string[], margin: string): string {
  if (items.length === 0) return brackets;
  const inner = items.map((item) => `${margin}  ${item}`).join(',\n');
  return `${brackets.charAt(0)}\n${inner}\n${margin}${brackets.charAt(1)}`;
}
