import { BITS, type Family, type Prefix } from '../net';

/** Things by prefix: finds all whose prefix holds an address in as many steps as there are lengths. */
export class PrefixIndex<T> {
  readonly #bits: number;
  readonly #byLength = new Map<number, Map<bigint, T[]>>();
  #lengths: readonly number[] | undefined;

  public constructor(family: Family) {
    this.#bits = BITS[family];
  }

  public add(prefix: Prefix, thing: T): void {
    const { length } = prefix;
    let level = this.#byLength.get(length);
    if (level === undefined) {
      level = new Map();
      this.#byLength.set(length, level);
      this.#lengths = undefined;
    }
    const key = prefix.first.value >> BigInt(this.#bits - length);
    const there = level.get(key);
    if (there === undefined) level.set(key, [thing]);
    else there.push(thing);
  }

  /** All whose prefix holds the address, the longest first. */
  public holding(address: bigint): readonly T[] {
    this.#lengths ??= [...this.#byLength.keys()].sort((a, b) => b - a);
    const found: T[] = [];
    for (const length of this.#lengths) {
      const there = this.#byLength.get(length)?.get(address >> BigInt(this.#bits - length));
      if (there !== undefined) found.push(...there);
    }
    return found;
  }

  public *all(): Generator<T> {
    for (const level of this.#byLength.values()) for (const there of level.values()) yield* there;
  }
}

/** Where prefixes begin and end. Between two such places, no prefix makes a difference. */
export class Boundaries {
  #cuts: bigint[] = [];
  #sorted = true;

  public add({ first, last, isDefault }: Prefix): void {
    if (isDefault) return;
    this.#cuts.push(first.value, last.value + 1n);
    this.#sorted = false;
  }

  /** The first and last number around the value that no boundary divides from it. */
  public around(value: bigint, low: bigint, high: bigint): readonly [bigint, bigint] {
    if (!this.#sorted) {
      this.#cuts = [...new Set(this.#cuts)].sort((a, b) => (a < b ? -1 : 1));
      this.#sorted = true;
    }
    let [from, to] = [0, this.#cuts.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#cuts[middle] ?? 0n) <= value) from = middle + 1;
      else to = middle;
    }
    const [before, after] = [this.#cuts[from - 1], this.#cuts[from]];
    return [
      before === undefined || before < low ? low : before,
      after === undefined || after > high ? high : after - 1n,
    ];
  }
}
