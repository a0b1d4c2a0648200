import type { Shortage } from '../model';
import { allocate } from './allocate';
import { type Ledger, type PoolRecord, sameLedger, tryEntry } from './ledger';
import { compareText } from './order';
import { tryNotationOf } from './notation';
import { type Claim, closedPool, type Pool } from './pool';

/** The pools of a ledger while a partition is planned: what was recorded before, and what is recorded after. */
export class PoolBook {
  readonly #after = new Map<string, PoolRecord>();
  readonly #shortages: Shortage[] = [];
  /** The revision that this change will be. */
  readonly #revision: number;

  public constructor(
    public readonly before: Ledger,
    private readonly file: string,
  ) {
    this.#revision = before.revision + 1;
  }

  /** Gives the claims of one pool their numbers; each pool is asked for once. */
  public allocate<V>(pool: Pool<V>, claims: readonly Claim<V>[]): ReadonlyMap<string, V> {
    if (this.#after.has(pool.id)) throw new Error(`invariant: pool ${pool.id} is allocated from twice`);
    const record = tryEntry(this.before.pools, pool.id);
    const allocated = allocate(pool, claims, { record, revision: this.#revision, file: this.file });
    this.#after.set(pool.id, allocated.record);
    this.#shortages.push(...allocated.shortages);
    return allocated.values;
  }

  public get shortages(): readonly Shortage[] {
    return [...this.#shortages].sort(
      (a, b) => compareText(a.path, b.path) || compareText(a.pool, b.pool) || compareText(a.problem, b.problem),
    );
  }

  /** The ledger after the change; the one before, down to its revision, if nothing changed. */
  public close({ shared, routers }: Pick<Ledger, 'shared' | 'routers'>): Ledger {
    const { before } = this;
    const after: Ledger = { ...before, shared, routers, pools: this.#pools() };
    return sameLedger(after, before) ? before : { ...after, revision: this.#revision };
  }

  #pools(): Ledger['pools'] {
    const gone = Object.entries(this.before.pools).filter(([id]) => !this.#after.has(id));
    const pools = [...this.#after, ...gone.map(([id, record]) => [id, this.#freeAll(id, record)] as const)];
    return Object.fromEntries(pools.filter(([, { given, freed }]) => Object.keys(given).length + freed.length > 0));
  }

  /** A pool goes with its device or network; its numbers are in use until that is rolled out, and may come back. */
  #freeAll(id: string, record: PoolRecord): PoolRecord {
    const notation = tryNotationOf(id);
    if (notation === undefined) return record;
    return allocate(closedPool(id, notation), [], { record, revision: this.#revision, file: this.file }).record;
  }
}
