import { Address, BITS, type Family, FAMILIES, InvalidValue, Prefix } from '../net';
import type { Block } from './block-tree';
import type { LedgerValue } from './ledger';

/** How the values of a pool are counted, and how they are written in the ledger. */
export interface Notation<V> {
  readonly bits: number;
  toBlock(value: V): Block;
  fromBlock(block: Block): V;
  /** Undefined for what is no value of this kind, or is not written in its one canonical form. */
  tryRead(written: LedgerValue): V | undefined;
  write(value: V): LedgerValue;
}

const NUMBER_BITS = 32;

/** Whether the number can be counted in a pool at all; ASNs, the largest, have four octets. */
export function isCountable(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** NUMBER_BITS;
}

/** VNIs, VLANs, ASNs and ports. */
export const NUMBERS: Notation<number> = {
  bits: NUMBER_BITS,
  toBlock: (value) => ({ first: BigInt(value), length: NUMBER_BITS }),
  fromBlock: ({ first }) => Number(first),
  tryRead: (written) => (typeof written === 'number' && isCountable(written) ? written : undefined),
  write: (value) => value,
};

export const ADDRESSES: Readonly<Record<Family, Notation<Address>>> = {
  ipv4: addressNotation('ipv4'),
  ipv6: addressNotation('ipv6'),
};

export const PREFIXES: Readonly<Record<Family, Notation<Prefix>>> = {
  ipv4: prefixNotation('ipv4'),
  ipv6: prefixNotation('ipv6'),
};

/** The notation of a pool of the ledger; undefined if this library knows no such pool. */
export function tryNotationOf(pool: string): Notation<unknown> | undefined {
  const [kind = '', ...rest] = pool.split(' ');
  const family = FAMILIES.find((known) => known === rest.at(-1));
  switch (`${kind} ${rest.length}`) {
    case 'vni 0':
    case 'asn 0':
    case 'vlan 1':
    case 'port 1':
      return NUMBERS;
    case 'loopback 0':
      return ADDRESSES.ipv4;
    case 'prefix 1':
      return family && PREFIXES[family];
    case 'address 2':
      return family && ADDRESSES[family];
    default:
      return undefined;
  }
}

function addressNotation(family: Family): Notation<Address> {
  return {
    bits: BITS[family],
    toBlock: ({ value }) => ({ first: value, length: BITS[family] }),
    fromBlock: ({ first }) => Address.of(family, first),
    tryRead: (written) => tryParse(Address.parse, written, family),
    write: (address) => address.toString(),
  };
}

function prefixNotation(family: Family): Notation<Prefix> {
  return {
    bits: BITS[family],
    toBlock: ({ first, length }) => ({ first: first.value, length }),
    fromBlock: ({ first, length }) => Prefix.around(Address.of(family, first), length),
    tryRead: (written) => tryParse((text) => Prefix.parse(text), written, family),
    write: (prefix) => prefix.toString(),
  };
}

function tryParse<V extends Address | Prefix>(
  parse: (text: string) => V,
  written: LedgerValue,
  family: Family,
): V | undefined {
  if (typeof written !== 'string') return undefined;
  try {
    const value = parse(written);
    // Two ways to write one value would hide that it is held twice.
    return value.family === family && value.toString() === written ? value : undefined;
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}
