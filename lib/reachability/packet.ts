import { type Family, HIGHEST, PORT_RANGE, type PortRange, type Prefix } from '../net';

/**
 * A number in a packet, with the range of numbers that every decision so far would have treated alike. Whoever compares it
 * narrows the range. So one packet that is followed through the fabric stands for a whole class of them.
 */
export class Field {
  public low: bigint;
  public high: bigint;

  public constructor(
    public readonly value: bigint,
    low: bigint,
    high: bigint,
  ) {
    [this.low, this.high] = [low, high];
  }

  /** An address of which nothing has been asked yet. */
  public static of(family: Family, value: bigint): Field {
    return new Field(value, 0n, HIGHEST[family]);
  }

  /** Whether the value lies between the two, both included. */
  public between(low: bigint, high: bigint): boolean {
    if (this.value < low) {
      if (low <= this.high) this.high = low - 1n;
      return false;
    }
    if (this.value > high) {
      if (high >= this.low) this.low = high + 1n;
      return false;
    }
    if (low > this.low) this.low = low;
    if (high < this.high) this.high = high;
    return true;
  }

  public in(prefix: Prefix): boolean {
    return this.between(prefix.first.value, prefix.last.value);
  }
}

/**
 * A port in a packet, with all ports that every decision so far would have treated alike: what is left of all of them when each
 * range that was asked for is taken away.
 */
export class Port {
  #low: number = 0;
  #high: number = PORT_RANGE.last;
  readonly #others: PortRange[] = [];

  public constructor(public readonly value: number) {}

  public in(range: PortRange): boolean {
    const { first, last } = range;
    if (this.value < first || this.value > last) {
      if (!this.#others.includes(range)) this.#others.push(range);
      return false;
    }
    if (first > this.#low) this.#low = first;
    if (last < this.#high) this.#high = last;
    return true;
  }

  public isAlike(port: number): boolean {
    return (
      this.#low <= port && port <= this.#high && !this.#others.some(({ first, last }) => first <= port && port <= last)
    );
  }

  /** Of the ports behind one that is treated alike, the last one before any that is not. */
  public lastAlike(port: number): number {
    const next = this.#others.flatMap(({ first }) => (first > port ? [first - 1] : []));
    return Math.min(this.#high, ...next);
  }
}

/**
 * Ports of a range that stand for all of it.
 * @param known those that stand for others already; whoever takes a port adds what stands for it before he takes the next one
 */
export function* portsUnlike(known: readonly Alike[], { first, last }: PortRange): Generator<number> {
  for (let port = first; port <= last;) {
    let alike = tryAlike(known, port);
    if (alike === undefined) {
      yield port;
      alike = tryAlike(known, port);
    }
    if (alike === undefined) throw new Error(`invariant: nothing stands for port ${port}`);
    port = alike.lastAlike(port) + 1;
  }
}

/**
 * The ports of a range in runs, each with what stands for it.
 * @param known what stands for ports already; what is followed is added
 * @param follow makes what stands for a port, and for all that are treated alike
 */
export function* runsAlike<T extends Alike>(
  known: T[],
  { first, last }: PortRange,
  follow: (port: number) => T,
): Generator<{ readonly run: PortRange; readonly alike: T }> {
  for (let port = first; port <= last;) {
    let alike = tryAlike(known, port);
    if (alike === undefined) known.push((alike = follow(port)));
    const run = { first: port, last: Math.min(last, alike.lastAlike(port)) };
    yield { run, alike };
    port = run.last + 1;
  }
}

const tryAlike = <T extends Alike>(known: readonly T[], port: number): T | undefined =>
  known.find((one) => one.isAlike(port));

/** What stands for ports that are treated alike. */
export type Alike = Pick<Port, 'isAlike' | 'lastAlike'>;

export type Protocol = 'icmp' | 'tcp' | 'udp';

export const PROTOCOLS: readonly Protocol[] = ['icmp', 'tcp', 'udp'];

/** A packet, or with the ranges of its fields, the class of packets that it stands for. */
export interface Packet {
  readonly family: Family;
  readonly source: Field;
  readonly destination: Field;
  readonly protocol: Protocol;
  /** The port of the service; of icmp it means nothing. */
  readonly port: Port;
  /** The port that the connection was opened from, likewise. */
  readonly opener: Port;
  /** Whether it answers one that opened a connection. */
  readonly reply: boolean;
  /** Whether it is one of TCP that only looks as if it belonged to a connection: it has no SYN. */
  readonly bare: boolean;
  /** What was asked of it that is no range. */
  readonly asked: { protocol: boolean; bare: boolean };
}

/** From where connections are opened (RFC 6335 section 6: a dynamic port). */
export const OPENED_FROM = 50_000;

/** The answer to a packet. It shares the fields, so that what is asked of it narrows them too. */
export const answerTo = ({ source, destination, ...rest }: Packet): Packet => ({
  ...rest,
  source: destination,
  destination: source,
  reply: true,
});
