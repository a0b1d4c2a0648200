import { collapseIPv6Number, IPv4, IPv6 } from 'ip-num';
import { InvalidValue, quote } from './invalid-value';

/** The address family, named as in every message and file of ours. */
export type Family = 'ipv4' | 'ipv6';

export const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** The length of a prefix that holds one address. */
export const BITS: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/** The highest number that an address can be. */
export const HIGHEST: Readonly<Record<Family, bigint>> = { ipv4: (1n << 32n) - 1n, ipv6: (1n << 128n) - 1n };

/** One IPv4 or IPv6 address. Whoever holds one holds a valid one. */
export class Address {
  #text: string | undefined;

  private constructor(
    public readonly family: Family,
    public readonly value: bigint,
  ) {}

  /** Reads dotted decimal (four decimal octets without leading zeros) or RFC 4291 text without a zone. */
  public static parse(text: string): Address {
    try {
      if (/^[0-9.]+$/.test(text)) return new Address('ipv4', tryReadIpv4(text) ?? new IPv4(text).value);
      if (/^[0-9a-fA-F:.]+$/.test(text) && text.includes(':'))
        return new Address('ipv6', tryReadIpv6(text) ?? new IPv6(text).value);
    } catch {
      // ip-num says why in its own words; ours below name the value given.
    }
    throw new InvalidValue(
      `${quote(text)} is no IP address`,
      'write it like 10.128.0.10 or fd00:10:128::a, without a prefix length or zone',
    );
  }

  public static of(family: Family, value: bigint): Address {
    if (value < 0n || value > HIGHEST[family]) {
      throw new RangeError(`invariant: ${value} is no ${family} address`);
    }
    return new Address(family, value);
  }

  public equals(other: Address): boolean {
    return this.family === other.family && this.value === other.value;
  }

  /** Dotted decimal, or the canonical text of RFC 5952. */
  public toString(): string {
    this.#text ??= this.family === 'ipv4' ? printIpv4(Number(this.value)) : collapseIPv6Number(printIpv6(this.value));
    return this.#text;
  }

  /** IPv4 before IPv6, then by number. */
  public static compare(this: void, a: Address, b: Address): number {
    if (a.family !== b.family) return a.family < b.family ? -1 : 1;
    return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  }
}

// ip-num goes by a text of 32 or 128 binary digits, and by several patterns: a large fabric notices. What is written as usual is
// read and printed here; what else is an address, and what is none, ip-num says.

function tryReadIpv4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet))) return undefined;
  return BigInt(octets.reduce((value, octet) => value * 256 + Number(octet), 0));
}

const OCTET = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;

function tryReadIpv6(text: string): bigint | undefined {
  const [before = '', after, ...more] = text.split('::');
  const [high, low] = [groupsOf(before), groupsOf(after ?? '')];
  const left = 8 - high.length - low.length;
  if (more.length > 0 || (after === undefined ? left !== 0 : left < 1)) return undefined;
  const groups = [...high, ...Array.from({ length: left }, () => '0'), ...low];
  if (!groups.every((group) => GROUP.test(group))) return undefined;
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
}

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

const GROUP = /^[0-9a-fA-F]{1,4}$/;

const printIpv4 = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

/** All eight groups, none of them shortened. */
function printIpv6(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0');
  return [0, 4, 8, 12, 16, 20, 24, 28].map((from) => digits.slice(from, from + 4)).join(':');
}
