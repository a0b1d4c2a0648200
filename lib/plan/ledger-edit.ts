import { type Freed, type Ledger, type PoolRecord, tryEntry } from './ledger';

/** Takes a number from its holder on purpose: the next plan gives it another one. Undefined if the holder has none. */
export function tryRenumber(
  ledger: Ledger,
  pool: string,
  holder: string,
): { readonly ledger: Ledger; readonly freed: Freed } | undefined {
  const record = tryEntry(ledger.pools, pool);
  const value = record && tryEntry(record.given, holder);
  if (record === undefined || value === undefined) return undefined;
  const revision = ledger.revision + 1;
  const freed: Freed = { value, holder, revision, renumbered: true };
  const given = Object.fromEntries(Object.entries(record.given).filter(([name]) => name !== holder));
  return { ledger: withPool({ ...ledger, revision }, pool, { given, freed: [...record.freed, freed] }), freed };
}

export interface Released {
  readonly ledger: Ledger;
  readonly released: readonly (Freed & { readonly pool: string })[];
}

/**
 * Takes numbers out of quarantine, as if nobody ever had them.
 * @param pool undefined for all pools
 * @param value as the ledger writes it; undefined for all values
 */
export function release(ledger: Ledger, pool?: string, value?: string): Released {
  const isMeant = (id: string, freed: Freed): boolean =>
    (pool === undefined || pool === id) && (value === undefined || value === String(freed.value));
  const entries = Object.entries(ledger.pools);
  const released = entries.flatMap(([id, { freed }]) =>
    freed.filter((entry) => isMeant(id, entry)).map((entry) => ({ ...entry, pool: id })),
  );
  if (released.length === 0) return { ledger, released };
  const pools = entries.map(([id, record]): [string, PoolRecord] => [
    id,
    { ...record, freed: record.freed.filter((entry) => !isMeant(id, entry)) },
  ]);
  return {
    ledger: { ...ledger, revision: ledger.revision + 1, pools: Object.fromEntries(pools.filter(isUsed)) },
    released,
  };
}

const isUsed = ([, { given, freed }]: readonly [string, PoolRecord]): boolean =>
  Object.keys(given).length + freed.length > 0;

function withPool(ledger: Ledger, pool: string, record: PoolRecord): Ledger {
  return { ...ledger, pools: { ...ledger.pools, [pool]: record } };
}
