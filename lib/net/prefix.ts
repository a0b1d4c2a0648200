import { Address, BITS, type Family } from './address';
import { InvalidValue, quote } from './invalid-value';

/** An IPv4 or IPv6 prefix in canonical form: no host bit is set. */
export class Prefix {
  readonly #network: Address;
  #last: Address | undefined;

  private constructor(
    network: Address,
    /** The number of leading bits that are fixed. */
    public readonly length: number,
  ) {
    this.#network = network;
  }

  /** Reads `<address>/<length>`; a prefix with host bits set is refused, with the canonical one in the fix. */
  public static parse(text: string): Prefix {
    const [addressText, lengthText, ...rest] = text.split('/');
    if (
      addressText === undefined ||
      lengthText === undefined ||
      rest.length > 0 ||
      !/^(0|[1-9]\d{0,2})$/.test(lengthText)
    ) {
      throw new InvalidValue(`${quote(text)} is no prefix`, 'write it like 10.128.0.0/22 or fd00:10:128::/64');
    }
    const address = Address.parse(addressText);
    const length = Number(lengthText);
    if (length > BITS[address.family]) {
      throw new InvalidValue(
        `${quote(text)} has a length above ${BITS[address.family]}`,
        `a prefix of ${familyName(address.family)} is 0 to ${BITS[address.family]} bits long`,
      );
    }
    const canonical = Prefix.around(address, length);
    if (canonical.first.value !== address.value) {
      throw new InvalidValue(`${quote(text)} has host bits set`, `the network is ${canonical.toString()}`);
    }
    return canonical;
  }

  /** The prefix of the given length that holds the address. */
  public static around(address: Address, length: number): Prefix {
    const hostBits = BigInt(BITS[address.family] - length);
    return new Prefix(Address.of(address.family, (address.value >> hostBits) << hostBits), length);
  }

  /** The prefix that holds just this address: /32 or /128. */
  public static host(address: Address): Prefix {
    return new Prefix(address, BITS[address.family]);
  }

  public get family(): Family {
    return this.#network.family;
  }

  /** The lowest address. */
  public get first(): Address {
    return this.#network;
  }

  /** The highest address. */
  public get last(): Address {
    return (this.#last ??= Address.of(this.family, this.first.value + this.size - 1n));
  }

  /** How many addresses it holds. */
  public get size(): bigint {
    return 1n << BigInt(BITS[this.family] - this.length);
  }

  /** Whether this is 0.0.0.0/0 or ::/0. */
  public get isDefault(): boolean {
    return this.length === 0;
  }

  public get isHost(): boolean {
    return this.length === BITS[this.family];
  }

  public holds(address: Address): boolean {
    if (address.family !== this.family) return false;
    return (address.value ^ this.first.value) >> BigInt(BITS[this.family] - this.length) === 0n;
  }

  public contains(other: Prefix): boolean {
    return other.length >= this.length && this.holds(other.first);
  }

  public overlaps(other: Prefix): boolean {
    return this.contains(other) || other.contains(this);
  }

  public equals(other: Prefix): boolean {
    return this.length === other.length && this.first.equals(other.first);
  }

  /**
   * The lowest and highest address a host may have. In IPv4 prefixes up to /30 the network and broadcast address are
   * left out (RFC 1122 section 3.2.1.3), in IPv6 prefixes up to /126 the subnet-router anycast address (RFC 4291 2.6.1).
   */
  public get usable(): { readonly first: Address; readonly last: Address } {
    const trimsFirst = this.length <= BITS[this.family] - 2;
    const trimsLast = trimsFirst && this.family === 'ipv4';
    return {
      first: Address.of(this.family, this.first.value + (trimsFirst ? 1n : 0n)),
      last: Address.of(this.family, this.last.value - (trimsLast ? 1n : 0n)),
    };
  }

  public toString(): string {
    return `${this.first.toString()}/${this.length}`;
  }

  /** IPv4 before IPv6, then by first address, then the wider one first. */
  public static compare(this: void, a: Prefix, b: Prefix): number {
    return Address.compare(a.first, b.first) || a.length - b.length;
  }
}

/** How the family is written in a sentence. */
export function familyName(family: Family): string {
  return family === 'ipv4' ? 'IPv4' : 'IPv6';
}

const UNIQUE_LOCAL = Prefix.parse('fc00::/7');

/** Whether the prefix is of RFC 4193: routed inside a site, never on the internet. */
export function isUniqueLocal(prefix: Prefix): boolean {
  return UNIQUE_LOCAL.contains(prefix);
}
