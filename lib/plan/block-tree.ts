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

/** A taken block, or one of whose two halves something is taken in each: the tree holds no others. */
interface Node extends Block {
  /** How many taken blocks are exactly this one. */
  taken: number;
  readonly halves: [Node | undefined, Node | undefined];
  /** The length of the widest block inside that is free; one more than there are bits if none is. */
  widest: number;
}

/**
 * Which blocks are taken, as a radix tree of prefixes. Blocks may be taken more than once and inside one another. Each step
 * takes time in proportion to the bits, however many blocks are taken; where they lie close together, to the logarithm of their
 * number.
 */
export class BlockTree {
  #root: Node | undefined;

  public constructor(private readonly bits: number) {}

  public add(block: Block): void {
    this.#root = this.#change(this.#root, block, 1);
  }

  /** Undoes one `add` of the same block. */
  public remove(block: Block): void {
    this.#root = this.#change(this.#root, block, -1);
  }

  /** Whether nothing that is taken overlaps the block. */
  public isFree(block: Block): boolean {
    let node = this.#root;
    while (node !== undefined && node.length < block.length) {
      if (!this.#holds(node, block)) return true;
      if (node.taken > 0) return false;
      node = node.halves[this.#halfOf(block, node.length)];
    }
    return node === undefined || !this.#holds(block, node);
  }

  /** Whether one taken block holds all of this one. */
  public covers(block: Block): boolean {
    let node = this.#root;
    while (node !== undefined && node.length <= block.length && this.#holds(node, block)) {
      if (node.taken > 0) return true;
      if (node.length === block.length) return false;
      node = node.halves[this.#halfOf(block, node.length)];
    }
    return false;
  }

  /** The lowest free block of the given length inside the span. */
  public tryLowest(span: Span, length: number): Block | undefined {
    const first = this.#search(this.#root, { first: 0n, length: 0 }, span, length);
    return first === undefined ? undefined : { first, length };
  }

  #change(node: Node | undefined, block: Block, by: 1 | -1): Node | undefined {
    if (node === undefined) return this.#leaf(block, by);
    const common = Math.min(this.#commonLength(node, block), node.length, block.length);
    if (common < node.length) return this.#above(node, block, common, by);
    if (node.length === block.length) {
      node.taken += by;
    } else {
      const half = this.#halfOf(block, node.length);
      node.halves[half] = this.#change(node.halves[half], block, by);
    }
    return this.#settled(node);
  }

  #leaf({ first, length }: Block, taken: number): Node {
    return { first, length, taken, halves: [undefined, undefined], widest: this.bits + 1 };
  }

  /** The block itself, if the node lies in it; else the narrowest that holds both. */
  #above(node: Node, block: Block, common: number, by: 1 | -1): Node | undefined {
    const above = this.#leaf(widen(block, common, this.bits), common === block.length ? by : 0);
    above.halves[this.#halfOf(node, common)] = node;
    if (common < block.length) above.halves[this.#halfOf(block, common)] = this.#leaf(block, by);
    return this.#settled(above);
  }

  /** The node after a change below it: none, or only a half of it, where nothing else is left. */
  #settled(node: Node): Node | undefined {
    const [low, high] = node.halves;
    if (node.taken > 0) {
      node.widest = this.bits + 1;
      return node;
    }
    if (low === undefined || high === undefined) return low ?? high;
    node.widest = Math.min(widestIn(low, node.length + 1), widestIn(high, node.length + 1));
    return node;
  }

  /** The lowest free first number in the region, which holds the node and nothing else that is taken. */
  #search(node: Node | undefined, region: Block, span: Span, length: number): bigint | undefined {
    const room = intersect(spanOf(region, this.bits), span);
    if (room === undefined) return undefined;
    if (node === undefined) return this.#fit(room, length);
    if (node.length > region.length) {
      const inner = spanOf(node, this.bits);
      return (
        this.#fit({ first: room.first, last: min(room.last, inner.first - 1n) }, length) ??
        this.#search(node, node, span, length) ??
        this.#fit({ first: max(room.first, inner.last + 1n), last: room.last }, length)
      );
    }
    if (node.widest > length) return undefined;
    const low = { first: region.first, length: region.length + 1 };
    const high = { first: spanOf(low, this.bits).last + 1n, length: low.length };
    return this.#search(node.halves[0], low, span, length) ?? this.#search(node.halves[1], high, span, length);
  }

  #fit(span: Span, length: number): bigint | undefined {
    const hostBits = BigInt(this.bits - length);
    const size = 1n << hostBits;
    const first = ((span.first + size - 1n) >> hostBits) << hostBits;
    return first + size - 1n <= span.last ? first : undefined;
  }

  #halfOf({ first }: Block, depth: number): 0 | 1 {
    return (first >> BigInt(this.bits - 1 - depth)) & 1n ? 1 : 0;
  }

  #holds(wide: Block, narrow: Block): boolean {
    return (wide.first ^ narrow.first) >> BigInt(this.bits - wide.length) === 0n;
  }

  /** How many leading bits of the first numbers are the same. */
  #commonLength(a: Block, b: Block): number {
    let difference = a.first ^ b.first;
    let length = this.bits;
    for (; difference > 0xffff_ffffn; difference >>= 32n) length -= 32;
    return length - 32 + Math.clz32(Number(difference));
  }
}

/** Of a half that begins with `length`: where the node fills it, what it says; else the half of it without the node is free. */
const widestIn = (node: Node, length: number): number => (node.length > length ? length + 1 : node.widest);

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
