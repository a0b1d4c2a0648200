import { Address, BITS, type Family, familyName, Prefix, printRange, type Range } from '../net';
import { ofFamily, type Partition, type PoolKind, type Reference, type Router } from '../model';
import { type Block, type Span, spanOf } from './block-tree';
import { ADDRESSES, isCountable, type Notation, NUMBERS, PREFIXES } from './notation';

/** Numbers to give, each to one holder. */
export interface Pool<V> {
  /** Its key in the ledger. */
  readonly id: string;
  readonly kind: PoolKind;
  readonly notation: Notation<V>;
  /** Where free numbers are looked for, in this order; undefined if the pool itself is broken, which a rule reports. */
  readonly spans: readonly Span[] | undefined;
  /** What belongs to nobody who could be named: the underlay, inside of a super network. */
  readonly reserved: readonly Block[];
  /** Whether a fixed value must lie in the spans too, because no rule can know them. */
  readonly bindsFixed: boolean;
  /** Whether two holders may have been given what overlaps; where they may not, a rule says so. */
  readonly fixedMayOverlap: boolean;
  readonly words: PoolWords;
}

/** What the pool is called in messages. */
export interface PoolWords {
  /** Any value: `VNI`. */
  readonly noun: string;
  /** A value as the user knows it, where the ledger writes it otherwise. */
  readonly print?: (text: string) => string;
  /** Where values come from: `the VNI pool 10000–19999`. */
  readonly place: string;
  /** Who has a reserved value, if that can be said. */
  readonly reservedFor?: (text: string) => string | undefined;
  /** What keeps a value of the place from being given, if anything does. */
  readonly unusable?: (text: string) => string | undefined;
  /** How the pool gets more of them. */
  readonly growth: string;
}

const STRICT = { bindsFixed: false, fixedMayOverlap: false } as const;

/** Somebody who wants a number of a pool. */
export interface Claim<V> {
  /** Its key in the ledger: the number follows the name. */
  readonly holder: string;
  /** The construct that is told when there is none. */
  readonly path: Reference;
  /** The number that the user gave. */
  readonly fixed: V | undefined;
  /** The length of the prefix wanted; undefined for a single number or address. */
  readonly length?: number | undefined;
  /** What the holder gets, in spite of lower ones, if it is free. */
  readonly wish?: V | undefined;
}

export function vniPool({ pools }: Partition): Pool<number> {
  return numberPool('vni', 'vni', pools.vnis, {
    noun: 'VNI',
    place: `the VNI pool ${printRange(pools.vnis)}`,
    growth: 'widen the VNI pool of the partition',
  });
}

/** @param routers of others, whose ASNs may be private too: a device with the same would refuse their routes */
export function asnPool({ pools }: Partition, routers: readonly Pick<Router, 'name' | 'asn'>[]): Pool<number> {
  const foreign = routers.filter(({ asn }) => isCountable(asn));
  const words: PoolWords = {
    noun: 'ASN',
    place: `the ASN pool ${printRange(pools.asns)}, less the routers' own`,
    growth: 'widen the ASN pool of the partition',
    reservedFor: (text) => {
      const router = foreign.find(({ asn }) => String(asn) === text);
      return router && `router "${router.name}"`;
    },
  };
  return {
    ...numberPool('asn', 'asn', pools.asns, words),
    reserved: foreign.map(({ asn }) => NUMBERS.toBlock(asn)),
  };
}

export function vlanPool({ pools }: Partition, device: string): Pool<number> {
  return numberPool('vlan', `vlan ${device}`, pools.vlans, {
    noun: 'VLAN',
    place: `the VLAN pool ${printRange(pools.vlans)} on "${device}"`,
    growth: 'widen the VLAN pool of the partition, or spread the networks over more racks',
  });
}

/** The front panel of a switch: port 7 is swp7. */
export function portPool(device: string, ports: number): Pool<number> {
  return numberPool(
    'port',
    `port ${device}`,
    { first: 1, last: ports },
    {
      noun: 'port',
      print: (text) => `swp${text}`,
      place: `the ${ports} ports of "${device}"`,
      growth: `give "${device}" more ports, or wire to another switch`,
    },
  );
}

export function loopbackPool({ underlay }: Partition): Pool<Address> {
  return {
    id: 'loopback',
    kind: 'loopback',
    notation: ADDRESSES.ipv4,
    // BGP identifies its speakers by IPv4 addresses, so no other underlay will do.
    spans: underlay?.family === 'ipv4' ? [usableSpan(underlay)] : undefined,
    reserved: [],
    ...STRICT,
    words: {
      noun: 'loopback',
      place: underlay === undefined ? 'the underlay' : `the underlay ${underlay.toString()}`,
      growth: 'widen the underlay of the partition',
    },
  };
}

/** Prefixes of networks, carved out of the super networks of one family. */
export function prefixPool({ superNetworks, underlay }: Partition, family: Family): Pool<Prefix> {
  const supers = sorted(ofFamily(superNetworks, family));
  const spared = ofFamily(underlay === undefined ? [] : [underlay], family);
  return {
    id: `prefix ${family}`,
    kind: 'prefix',
    notation: PREFIXES[family],
    spans: supers.map((prefix) => wholeSpan(prefix)),
    reserved: spared.map((prefix) => PREFIXES[family].toBlock(prefix)),
    ...STRICT,
    fixedMayOverlap: true,
    words: {
      noun: `${familyName(family)} prefix`,
      place: `the super networks ${printPrefixes(supers)}${spared.length === 0 ? '' : ` without ${printPrefixes(spared)}`}`,
      growth: 'give the partition a further super network',
    },
  };
}

/** @param isCarved whether the prefixes were allocated too, so that no rule can compare fixed addresses with them */
export function addressPool(
  network: string,
  family: Family,
  prefixes: readonly Prefix[],
  isCarved: boolean,
): Pool<Address> {
  const own = sorted(ofFamily(prefixes, family));
  return {
    id: `address ${network} ${family}`,
    kind: 'address',
    notation: ADDRESSES[family],
    spans: own.map(usableSpan),
    reserved: [],
    ...STRICT,
    bindsFixed: isCarved && own.length > 0,
    words: {
      noun: `${familyName(family)} address`,
      place: `${printPrefixes(own)} of network "${network}"`,
      unusable: (text) => {
        const prefix = own.find((one) => one.holds(Address.parse(text)));
        if (prefix === undefined) return undefined;
        const { first, last } = prefix.usable;
        return `no host address in ${prefix.toString()}: hosts have ${first.toString()} to ${last.toString()}`;
      },
      growth: isCarved ? `declare wider prefixes for "${network}"` : `give "${network}" a further prefix`,
    },
  };
}

/** A pool of the ledger that nothing is left of to give from. */
export function closedPool<V>(id: string, notation: Notation<V>): Pool<V> {
  const words = { noun: id, place: id, growth: '' };
  return { id, kind: 'vni', notation, spans: undefined, reserved: [], ...STRICT, fixedMayOverlap: true, words };
}

function numberPool(kind: PoolKind, id: string, range: Range, words: PoolWords): Pool<number> {
  return { id, kind, notation: NUMBERS, spans: spansOf(range), reserved: [], ...STRICT, words };
}

function spansOf({ first, last }: Range): readonly Span[] | undefined {
  if (!isCountable(first) || !isCountable(last) || first > last) return undefined;
  return [{ first: BigInt(first), last: BigInt(last) }];
}

function usableSpan({ usable }: Prefix): Span {
  return { first: usable.first.value, last: usable.last.value };
}

function wholeSpan({ first, length, family }: Prefix): Span {
  return spanOf({ first: first.value, length }, BITS[family]);
}

const sorted = (prefixes: readonly Prefix[]): readonly Prefix[] => [...prefixes].sort(Prefix.compare);

const printPrefixes = (prefixes: readonly Prefix[]): string =>
  prefixes.length === 0 ? 'no prefix' : prefixes.map((prefix) => prefix.toString()).join(', ');
