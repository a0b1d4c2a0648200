import { push, type Shortage } from '../model';
import { type Block, BlockTree, compareBlocks, intersect, type Span, spanOf, widen } from './block-tree';
import { type Freed, type LedgerValue, type PoolRecord } from './ledger';
import { compareText } from './order';
import type { Claim, Pool } from './pool';
import { exhausted, fixedTwice, misplaced, outside, taken, type Teller } from './shortage';

/** What an allocation starts from. */
export interface Before {
  /** What the ledger has of the pool. */
  readonly record: PoolRecord | undefined;
  /** The revision that this change will be. */
  readonly revision: number;
  /** The file of the ledger, for messages. */
  readonly file: string;
}

export interface Allocated<V> {
  /** The number of each holder that has one. */
  readonly values: ReadonlyMap<string, V>;
  readonly record: PoolRecord;
  readonly shortages: readonly Shortage[];
}

/**
 * Gives each claim its number: fixed first, kept next, lowest never-used last. The order of claims does not matter.
 *
 * Steps in this order, each of which leaves alone what the earlier ones gave:
 * 1. a holder that had a number keeps it, whatever else was added, removed or reordered;
 * 2. a fixed number is given, unless another holder keeps it;
 * 3. numbers of holders that are gone go into quarantine;
 * 4. a wish is granted, if it is free;
 * 5. a holder that was gone gets its old number back, if that is still free;
 * 6. the others get the lowest number that nobody ever had, and only when there is none the one longest in quarantine.
 */
export function allocate<V>(pool: Pool<V>, claims: readonly Claim<V>[], before: Before): Allocated<V> {
  const ordered = inOrder(claims);
  const allocation = new Allocation(pool, before);
  allocation.keep(ordered);
  allocation.fix(ordered);
  allocation.quarantine();
  allocation.grant(ordered);
  allocation.bringBack(ordered);
  allocation.give(ordered);
  return allocation.close();
}

/** By name, so that the order of declaration never matters; of two claims of one holder, which a rule reports, the first. */
function inOrder<V>(claims: readonly Claim<V>[]): readonly Claim<V>[] {
  const sorted = [...claims].sort((a, b) => compareText(a.holder, b.holder) || compareText(a.path, b.path));
  return sorted.filter(({ holder }, index) => sorted[index - 1]?.holder !== holder);
}

interface QuarantinedBlock {
  readonly freed: Freed;
  readonly block: Block;
}

/** The steps of one allocation, and what they have given so far. */
class Allocation<V> {
  readonly #given = new Map<string, Block>();
  /** Who was given a number; made when it is asked for first, because most pools never ask. */
  #holders: Map<bigint, string[]> | undefined;
  /** What blocks stand for, so that each is made and written once. */
  readonly #values = new Map<Block, V>();
  /** Holders whose kept number is of no use. */
  readonly #misplaced = new Set<string>();
  readonly #kept: ReadonlyMap<string, Block>;
  readonly #taken: BlockTree;
  readonly #freedNow: QuarantinedBlock[] = [];
  /** Longest in quarantine first. */
  readonly #quarantine: readonly QuarantinedBlock[];
  /** What of the quarantine was not opened for others. */
  readonly #closed: Set<QuarantinedBlock>;
  readonly #shortages: Shortage[] = [];
  /** By length: what was found last, and where. */
  readonly #lowest = new Map<number, { readonly span: Span; readonly block: Block }>();

  public constructor(
    private readonly pool: Pool<V>,
    private readonly before: Before,
  ) {
    this.#kept = new Map(
      Object.entries(before.record?.given ?? {}).flatMap(([holder, value]) => {
        const block = this.#tryRead(value);
        return block === undefined ? [] : [[holder, block]];
      }),
    );
    this.#quarantine = (before.record?.freed ?? [])
      .flatMap((freed) => {
        const block = this.#tryRead(freed.value);
        return block === undefined ? [] : [{ freed, block }];
      })
      .sort(compareQuarantined);
    this.#closed = new Set(this.#quarantine);
    this.#taken = new BlockTree(pool.notation.bits);
    for (const block of pool.reserved) this.#taken.add(block);
  }

  public keep(claims: readonly Claim<V>[]): void {
    for (const claim of claims) {
      const kept = this.#kept.get(claim.holder);
      if (claim.fixed !== undefined || kept === undefined) continue;
      if (!this.#fits(kept) || !this.#taken.isFree(kept)) {
        this.#misplaced.add(claim.holder);
        this.#shortages.push(misplaced(this.#teller, claim, this.#write(kept)));
      }
      this.#take(claim.holder, kept);
    }
  }

  public fix(claims: readonly Claim<V>[]): void {
    const fixedHolders = new Set<string>();
    for (const claim of claims) {
      if (claim.fixed === undefined) continue;
      const block = this.pool.notation.toBlock(claim.fixed);
      if (this.pool.bindsFixed && !this.#fits(block)) {
        this.#shortages.push(outside(this.#teller, claim, this.#write(block)));
      } else if (this.#taken.isFree(block)) {
        this.#take(claim.holder, block);
        fixedHolders.add(claim.holder);
      } else {
        this.#refuse(claim, block, fixedHolders);
      }
    }
  }

  public quarantine(): void {
    if (this.#kept.size === 0) return;
    const givenNow = new Set([...this.#given.values()].map((block) => this.#write(block)));
    for (const [holder, block] of this.#kept) {
      const value = this.#write(block);
      if (givenNow.has(value)) continue;
      this.#freedNow.push({ freed: { value, holder, revision: this.before.revision }, block });
      this.#taken.add(block);
    }
  }

  /** What this very change freed is never granted; what was freed earlier is. */
  public grant(claims: readonly Claim<V>[]): void {
    for (const claim of this.#open(claims)) {
      const wish = claim.wish === undefined ? undefined : this.pool.notation.toBlock(claim.wish);
      if (wish !== undefined && this.#fits(wish) && this.#taken.isFree(wish)) this.#take(claim.holder, wish);
    }
  }

  public bringBack(claims: readonly Claim<V>[]): void {
    const lost = new Map<string, QuarantinedBlock>();
    for (const entry of this.#quarantine) if (entry.freed.renumbered !== true) lost.set(entry.freed.holder, entry);
    for (const claim of this.#open(claims)) {
      const entry = lost.get(claim.holder);
      if (entry === undefined || !this.#fits(entry.block) || !this.#taken.isFree(entry.block)) continue;
      this.#take(claim.holder, entry.block);
    }
  }

  public give(claims: readonly Claim<V>[]): void {
    const { spans, notation } = this.pool;
    // Nothing can be given from a broken pool; a rule reports the pool, once, instead of every claim.
    if (spans === undefined) return;
    for (const { block } of this.#quarantine) this.#taken.add(block);
    for (const claim of this.#open(claims)) {
      const length = claim.length ?? notation.bits;
      const block = this.#tryLowest(spans, length) ?? this.#tryReuse(claim, spans, length);
      if (block === undefined) this.#shortages.push(exhausted(this.#teller, claim, this.#freedNow.length));
      else this.#take(claim.holder, block);
    }
  }

  public close(): Allocated<V> {
    const useful = [...this.#given].filter(([holder]) => !this.#misplaced.has(holder));
    return {
      values: new Map(useful.map(([holder, block]) => [holder, this.#valueOf(block)])),
      record: {
        given: Object.fromEntries([...this.#given].map(([holder, block]) => [holder, this.#write(block)])),
        freed: this.#quarantined(),
      },
      shortages: this.#shortages,
    };
  }

  #open(claims: readonly Claim<V>[]): readonly Claim<V>[] {
    return claims.filter(({ holder, fixed }) => fixed === undefined && !this.#given.has(holder));
  }

  #take(holder: string, block: Block): void {
    this.#given.set(holder, block);
    if (this.#holders !== undefined) push(this.#holders, block.first, holder);
    this.#taken.add(block);
  }

  #refuse(claim: Claim<V>, block: Block, fixedHolders: ReadonlySet<string>): void {
    const rivals = this.#holdersOf(block);
    const [keeper, kept] = rivals.find(([holder]) => !fixedHolders.has(holder)) ?? [];
    const [rival] = rivals[0] ?? [];
    if (keeper !== undefined && kept !== undefined) {
      this.#shortages.push(taken(this.#teller, claim, this.#write(block), keeper, this.#write(kept)));
    } else if (this.pool.fixedMayOverlap || rival === undefined) {
      // It cannot be recorded beside the other one, but nobody else must get it. Where it overlaps what is reserved,
      // the underlay that is, both were declared, and a rule sees both.
      this.#taken.add(block);
    } else {
      this.#shortages.push(fixedTwice(this.#teller, claim, this.#write(block), rival));
    }
  }

  #holdersOf(block: Block): readonly (readonly [string, Block])[] {
    // Single numbers overlap only themselves. Many may be given twice, and each must not be compared with all.
    if (this.pool.kind !== 'prefix') {
      this.#holders ??= holdersIn(this.#given);
      return (this.#holders.get(block.first) ?? []).map((holder) => [holder, block]);
    }
    const { bits } = this.pool.notation;
    const span = spanOf(block, bits);
    return [...this.#given].filter(([, held]) => intersect(span, spanOf(held, bits)) !== undefined);
  }

  #fits(block: Block): boolean {
    const { first, last } = spanOf(block, this.pool.notation.bits);
    return this.pool.spans?.some((span) => span.first <= first && last <= span.last) ?? true;
  }

  #tryLowest(spans: readonly Span[], length: number): Block | undefined {
    for (const span of spans) {
      const block = this.#tryNext(span, length) ?? this.#taken.tryLowest(span, length);
      if (block === undefined) continue;
      this.#lowest.set(length, { span, block });
      return block;
    }
    return undefined;
  }

  /** Right behind the block that was the lowest free one, if it is of the same span; nothing was set free since. */
  #tryNext(span: Span, length: number): Block | undefined {
    const lowest = this.#lowest.get(length);
    if (lowest?.span !== span) return undefined;
    const first = spanOf(lowest.block, this.pool.notation.bits).last + 1n;
    const next = { first, length };
    return first <= span.last && this.#taken.isFree(next) && this.#fits(next) ? next : undefined;
  }

  /**
   * Opens the quarantine, the longest in it first, until there is room. What this very change freed is never opened:
   * devices may still use it while the change is rolled out.
   */
  #tryReuse({ holder }: Claim<V>, spans: readonly Span[], length: number): Block | undefined {
    for (const entry of this.#closed) {
      if (entry.freed.renumbered === true && entry.freed.holder === holder) continue;
      this.#closed.delete(entry);
      this.#taken.remove(entry.block);
      this.#lowest.clear();
      const block = this.#tryLowest(this.#around(entry.block, spans, length), length);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** Where opening the block may have made room for one of the given length. */
  #around(block: Block, spans: readonly Span[], length: number): readonly Span[] {
    const { bits } = this.pool.notation;
    const room = spanOf(block.length > length ? widen(block, length, bits) : block, bits);
    return spans.flatMap((span) => intersect(span, room) ?? []);
  }

  /** The quarantine after the change: without what was given again as a whole. */
  #quarantined(): readonly Freed[] {
    if (this.#quarantine.length + this.#freedNow.length === 0) return [];
    const given = new BlockTree(this.pool.notation.bits);
    for (const block of this.#given.values()) given.add(block);
    return [...this.#quarantine, ...this.#freedNow]
      .filter(({ block }) => !given.covers(block))
      .sort(compareQuarantined)
      .map(({ freed }) => freed);
  }

  #tryRead(value: LedgerValue): Block | undefined {
    const { notation } = this.pool;
    const read = notation.tryRead(value);
    if (read === undefined) return undefined;
    const block = notation.toBlock(read);
    this.#values.set(block, read);
    return block;
  }

  #valueOf(block: Block): V {
    const known = this.#values.get(block);
    if (known !== undefined) return known;
    const value = this.pool.notation.fromBlock(block);
    this.#values.set(block, value);
    return value;
  }

  #write(block: Block): LedgerValue {
    return this.pool.notation.write(this.#valueOf(block));
  }

  get #teller(): Teller {
    return { pool: this.pool, file: this.before.file };
  }
}

function holdersIn(given: ReadonlyMap<string, Block>): Map<bigint, string[]> {
  const holders = new Map<bigint, string[]>();
  for (const [holder, block] of given) push(holders, block.first, holder);
  return holders;
}

function compareQuarantined(a: QuarantinedBlock, b: QuarantinedBlock): number {
  return a.freed.revision - b.freed.revision || compareBlocks(a.block, b.block);
}
