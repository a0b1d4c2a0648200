import type { Address, Prefix } from '../net';

/** A number or an address that was marked, by its place among all that were. */
export type Token = number;

/**
 * A text in which numbers and addresses are marked, so that those that only one host has can be taken for equal to those that
 * only another one has.
 */
export interface Digest {
  /** All that has to be equal, with a mark in place of each token. */
  readonly shape: string;
  readonly tokens: readonly Token[];
  /** The inner ones first. */
  readonly ties: readonly Tie[];
  /** The prefixes of more than one address that were marked: where addresses lie in them is part of what makes hosts equal. */
  readonly prefixes: readonly Prefix[];
}

/** Neighbors in a set that nothing tells apart but tokens: which comes first can be said only when their owners are known. */
export interface Tie {
  /** The place of their first token. */
  readonly from: number;
  readonly count: number;
  /** How many tokens each of them has. */
  readonly width: number;
}

/** What stands in place of a token. */
export const MARK = '‹';

/** All numbers and addresses that are marked. */
export class Tokens {
  readonly #numbers = new Map<number, Token>();
  /** By value. */
  readonly #ipv4 = new Map<number, Token>();
  readonly #ipv6 = new Map<bigint, Token>();
  /** Undefined for numbers. */
  readonly #all: (Address | undefined)[] = [];
  readonly #shapes = new Map<string, number>();

  public ofNumber(value: number): Token {
    return this.#in(this.#numbers, value, undefined);
  }

  public ofAddress(address: Address): Token {
    const { family, value } = address;
    return family === 'ipv4' ? this.#in(this.#ipv4, Number(value), address) : this.#in(this.#ipv6, value, address);
  }

  /** Undefined for a number. */
  public tryAddress(token: Token): Address | undefined {
    return this.#all[token];
  }

  /** A short name of a shape: that of an equal one is the same. */
  public nameOf(shape: string): string {
    let number = this.#shapes.get(shape);
    if (number === undefined) this.#shapes.set(shape, (number = this.#shapes.size));
    return `#${number}`;
  }

  #in<V>(known: Map<V, Token>, value: V, address: Address | undefined): Token {
    let token = known.get(value);
    if (token === undefined) {
      known.set(value, (token = this.#all.length));
      this.#all.push(address);
    }
    return token;
  }
}

/** Writes a digest, piece by piece. No piece of text has a line break: that is what ends each. */
export class DigestWriter implements Digest {
  public shape = '';
  public readonly tokens: Token[] = [];
  public readonly ties: Tie[] = [];
  public readonly prefixes: Prefix[] = [];

  public constructor(private readonly known: Tokens) {}

  public text(text: string): void {
    this.shape += `${text}\n`;
  }

  public number(value: number): void {
    this.#token(this.known.ofNumber(value));
    this.text('');
  }

  /** @param length of the prefix that it stands for, or of the one that it lies in */
  public address(address: Address, length: number): void {
    this.#token(this.known.ofAddress(address));
    this.text(`/${length}`);
  }

  #token(token: Token): void {
    this.tokens.push(token);
    this.shape += MARK;
  }

  public prefix(prefix: Prefix, more = ''): void {
    if (prefix.isDefault) this.text(prefix.toString());
    else this.address(prefix.first, prefix.length);
    if (!prefix.isDefault && !prefix.isHost) this.prefixes.push(prefix);
    if (more !== '') this.text(more);
  }

  /** Only long numbers are somebody's own: of a route target, or of the pattern that matches it. */
  public textWithNumbers(text: string): void {
    this.text(
      text.replace(/(?<!\d)[1-9]\d{3,14}(?!\d)/g, (number) => {
        this.tokens.push(this.known.ofNumber(Number(number)));
        return MARK;
      }),
    );
  }

  public digest({ shape, tokens, ties, prefixes }: Digest): void {
    for (const { from, ...tie } of ties) this.ties.push({ from: from + this.tokens.length, ...tie });
    for (const token of tokens) this.tokens.push(token);
    for (const prefix of prefixes) this.prefixes.push(prefix);
    this.shape += `${shape}\n`;
  }

  public list<T>(things: Iterable<T>, write: (thing: T) => void): void {
    this.shape += '[\n';
    for (const thing of things) write(thing);
    this.shape += ']\n';
  }

  /** In an order that is of no account. */
  public set<T>(things: readonly T[], write: (writer: DigestWriter, thing: T) => void): void {
    this.shape += '{\n';
    const [only] = things;
    if (things.length === 1) write(this, only as T);
    else this.#sorted(things.map((thing) => digestOf(this.known, (writer) => write(writer, thing))));
    this.shape += '}\n';
  }

  #sorted(all: Digest[]): void {
    all.sort((a, b) => (a.shape < b.shape ? -1 : a.shape > b.shape ? 1 : 0));
    for (let from = 0; from < all.length;) {
      const { shape, tokens } = all[from] as Digest;
      const place = this.tokens.length;
      const first = from;
      for (; from < all.length && all[from]?.shape === shape; from++) this.digest(all[from] as Digest);
      const [count, width] = [from - first, tokens.length];
      if (count > 1 && width > 0) this.ties.push({ from: place, count, width });
    }
  }
}

/** What was written. */
export function digestOf(tokens: Tokens, write: (writer: DigestWriter) => void): Digest {
  const writer = new DigestWriter(tokens);
  write(writer);
  return writer;
}

/** The same, with a short name for its shape. */
export function namedDigestOf(tokens: Tokens, write: (writer: DigestWriter) => void): Digest {
  const { shape, tokens: own, ties, prefixes } = digestOf(tokens, write);
  return { shape: tokens.nameOf(shape), tokens: own, ties, prefixes };
}

/**
 * The tokens of a digest in an order that does not depend on that in which things stood in sets.
 * @param rankOf what tells a token from others that may stand in its place; the same for all that may not be told apart
 */
export function arranged({ tokens, ties }: Digest, rankOf: (token: Token) => number): readonly Token[] {
  if (ties.length === 0) return tokens;
  const placed = [...tokens];
  for (const { from, count, width } of ties) {
    const groups = Array.from({ length: count }, (_, index) => {
      const own = placed.slice(from + index * width, from + (index + 1) * width);
      return { own, rank: own.map(rankOf).join() };
    });
    groups.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    for (const [index, { own }] of groups.entries()) {
      for (const [place, token] of own.entries()) placed[from + index * width + place] = token;
    }
  }
  return placed;
}
