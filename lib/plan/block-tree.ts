/**
 * An aligned run of 2^(bits - length) numbers: a prefix, or one address or number where `length` is all the bits.
 * Every pool is kept in these, so that prefixes, addresses, VNIs and ports are allocated by one piece of code.
 */
export interface Block {
  readonly first: bigint;
  readonly length: number;
}

/** A run of numbers, both ends included; need not be aligned. */
export interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

interface Node {
  /** How many taken blocks are exactly this one. */
  taken: number;
  readonly halves: [Node | undefined, Node | undefined];
  /** The length of the widest block inside that is free; one more than there are bits if none is. */
  widest: number;
}

/**
 * Which blocks are taken, as a binary tree of prefixes. Blocks may be taken more than once and inside one another.
 * Each step takes time in proportion to the bits, however many blocks are taken.
 */
export class BlockTree {
  #root: Node | undefined;

  public constructor(private readonly bits: number) {}

  public add(block: Block): void {
    this.#root = this.#change(this.#root, block, 0, 1);
  }

  /** Undoes one `add` of the same block. */
  public remove(block: Block): void {
    this.#root = this.#change(this.#root, block, 0, -1);
  }

  /** Whether nothing that is taken overlaps the block. */
  public isFree(block: Block): boolean {
    const { node, covered } = this.#descend(block);
    return !covered && node === undefined;
  }

  /** Whether one taken block holds all of this one. */
  public covers(block: Block): boolean {
    return this.#descend(block).covered;
  }

  /** The lowest free block of the given length inside the span. */
  public tryLowest(span: Span, length: number): Block | undefined {
    const first = this.#search(this.#root, 0n, 0, span, length);
    return first === undefined ? undefined : { first, length };
  }

  #change(node: Node | undefined, block: Block, depth: number, by: 1 | -1): Node | undefined {
    const changed: Node = node ?? { taken: 0, halves: [undefined, undefined], widest: 0 };
    const { halves } = changed;
    if (depth === block.length) {
      changed.taken += by;
    } else {
      const half = this.#halfOf(block, depth);
      halves[half] = this.#change(halves[half], block, depth + 1, by);
    }
    if (changed.taken > 0) {
      changed.widest = this.bits + 1;
    } else {
      if (halves[0] === undefined && halves[1] === undefined) return undefined;
      changed.widest = Math.min(halves[0]?.widest ?? depth + 1, halves[1]?.widest ?? depth + 1);
    }
    return changed;
  }

  #descend(block: Block): { readonly node: Node | undefined; readonly covered: boolean } {
    let node = this.#root;
    for (let depth = 0; depth < block.length && node !== undefined && node.taken === 0; depth += 1) {
      node = node.halves[this.#halfOf(block, depth)];
    }
    return { node, covered: node !== undefined && node.taken > 0 };
  }

  #search(node: Node | undefined, first: bigint, depth: number, span: Span, length: number): bigint | undefined {
    const last = first + (1n << BigInt(this.bits - depth)) - 1n;
    if (last < span.first || first > span.last) return undefined;
    if (node === undefined) return this.#fit({ first: max(first, span.first), last: min(last, span.last) }, length);
    if (node.widest > length) return undefined;
    const middle = first + (1n << BigInt(this.bits - depth - 1));
    return (
      this.#search(node.halves[0], first, depth + 1, span, length) ??
      this.#search(node.halves[1], middle, depth + 1, span, length)
    );
  }

  #fit(span: Span, length: number): bigint | undefined {
    const size = 1n << BigInt(this.bits - length);
    const first = ((span.first + size - 1n) / size) * size;
    return first + size - 1n <= span.last ? first : undefined;
  }

  #halfOf({ first }: Block, depth: number): 0 | 1 {
    return (first >> BigInt(this.bits - 1 - depth)) & 1n ? 1 : 0;
  }
}

export function spanOf({ first, length }: Block, bits: number): Span {
  return { first, last: first + (1n << BigInt(bits - length)) - 1n };
}

/** The block of the given length that this one lies in. */
export function widen({ first }: Block, length: number, bits: number): Block {
  const hostBits = BigInt(bits - length);
  return { first: (first >> hostBits) << hostBits, length };
}

/** What two spans share. */
export function intersect(a: Span, b: Span): Span | undefined {
  const shared = { first: max(a.first, b.first), last: min(a.last, b.last) };
  return shared.first <= shared.last ? shared : undefined;
}

export function compareBlocks(a: Block, b: Block): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.length - b.length;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
