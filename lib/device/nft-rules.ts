import { FAMILIES, type Family, PORT_RANGE, type PortRange, Prefix } from '../net';
import { ofFamily } from '../model';
import type { NftChain, NftMatch, NftRule, NftVerdict } from '../language/nftables';
import { merge } from '../plan';

/** Small pieces that every ruleset is put together from. */

export const ACCEPT: NftVerdict = { kind: 'accept' };
export const DROP: NftVerdict = { kind: 'drop' };

export const LINK_LOCAL = Prefix.parse('fe80::/10');
const UNSPECIFIED = Prefix.parse('::/128');

export function rule(matches: readonly NftMatch[], verdict: NftVerdict, comment?: string): NftRule {
  return { matches, verdict, comment };
}

export const iif = (...names: readonly string[]): NftMatch => ({ kind: 'iif', names, negated: false });
export const oif = (...names: readonly string[]): NftMatch => ({ kind: 'oif', names });

export function source(family: Family, prefixes: readonly Prefix[]): NftMatch {
  return { kind: 'source', family, prefixes: merge(prefixes), negated: false };
}

export function sourceIsNot(family: Family, prefixes: readonly Prefix[]): NftMatch {
  return { kind: 'source', family, prefixes: merge(prefixes), negated: true };
}

export function destination(family: Family, prefixes: readonly Prefix[]): NftMatch {
  return { kind: 'destination', family, prefixes: merge(prefixes) };
}

/** Nothing to match where every destination is meant. */
export function destinations(family: Family, prefixes: readonly Prefix[]): readonly NftMatch[] {
  return prefixes.some(({ isDefault }) => isDefault) ? [] : [destination(family, prefixes)];
}

export const tcp = (...ports: readonly number[]): NftMatch & { kind: 'ports' } => portsOf('tcp', ports);
export const udp = (...ports: readonly number[]): NftMatch => portsOf('udp', ports);

const portsOf = (protocol: 'tcp' | 'udp', ports: readonly number[]): NftMatch & { kind: 'ports' } => ({
  kind: 'ports',
  protocol,
  side: 'destination',
  ports: ports.map((port) => ({ first: port, last: port })),
});

/** Drops what comes in on the interfaces from any other source, of both families. */
export function dropOtherSources(interfaces: readonly string[], allowed: readonly Prefix[]): readonly NftRule[] {
  return FAMILIES.map((family) => dropOtherSourcesOf(family, interfaces, allowed));
}

/** The same of one family. Of IPv6, link-local addresses and the unspecified one belong to every link (RFC 4862). */
export function dropOtherSourcesOf(family: Family, interfaces: readonly string[], allowed: readonly Prefix[]): NftRule {
  const prefixes = ofFamily(allowed, family);
  if (family === 'ipv6') {
    return rule([iif(...interfaces), sourceIsNot(family, [...prefixes, LINK_LOCAL, UNSPECIFIED])], DROP);
  }
  return prefixes.length === 0
    ? rule([iif(...interfaces), { kind: 'family', family }], DROP)
    : rule([iif(...interfaces), sourceIsNot(family, prefixes)], DROP);
}

/** Drops tunneled packets of networks that the firewall behind the port is not in: EVPN filters see routes, not packets. */
export function dropOtherNetworks(port: string, vnis: readonly number[]): NftRule {
  return rule([iif(port), { kind: 'other-vni', vnis: [...vnis].sort((a, b) => a - b) }], DROP);
}

/** Drops tunneled packets that hold no IP: where all routes are of type 5, nobody resolves addresses through a tunnel. */
export function dropTunneledOther(port: string, vnis: readonly number[]): NftRule {
  return rule([iif(port), { kind: 'tunneled-other', vnis: [...vnis].sort((a, b) => a - b) }], DROP);
}

/** Drops tunneled packets of a network that are from none of the sources, or to none of the destinations. */
export function dropTunneledOutside(
  port: string,
  vni: number,
  sources: readonly Prefix[],
  destinations: readonly Prefix[],
): readonly NftRule[] {
  return FAMILIES.flatMap((family) => {
    const outside = (side: 'source' | 'destination', all: readonly Prefix[]): readonly NftRule[] => {
      const prefixes = merge(ofFamily(all, family));
      if (prefixes.some(({ isDefault }) => isDefault)) return [];
      return [rule([iif(port), { kind: 'tunneled-outside', vni, family, side, prefixes }], DROP)];
    };
    // Where no source is right, no packet is, wherever it goes.
    const from = outside('source', sources);
    return ofFamily(sources, family).length === 0 ? from : [...from, ...outside('destination', destinations)];
  });
}

/** Drops what comes in on the interfaces from one of the sources. */
export function dropSources(interfaces: readonly string[], refused: readonly Prefix[]): readonly NftRule[] {
  return FAMILIES.flatMap((family) => {
    const prefixes = ofFamily(refused, family);
    return prefixes.length === 0 ? [] : [rule([iif(...interfaces), source(family, prefixes)], DROP)];
  });
}

/**
 * Switches track connections of the management interface only: what they pass on is too much for a table of connections,
 * and comes back by another way.
 */
export function trackOnly(managementInterface: string): NftRule {
  return rule([{ kind: 'iif', names: [managementInterface], negated: true }], { kind: 'notrack' });
}

/** The first chain a packet meets. The verdict on the source falls once, on the port or SVI, not again on the VRF. */
export function antiSpoofingChain(rules: readonly NftRule[]): NftChain {
  return {
    name: 'anti-spoofing',
    hook: { type: 'filter', hook: 'prerouting', priority: 'raw', policy: 'accept' },
    rules,
  };
}

/** BGP, and BFD over one hop and several (RFC 5881, RFC 5883). */
const BGP = 179;
const BFD = [3784, 3785, 4784];
const VXLAN = 4789;

export interface InputPolicy {
  /** Where unnumbered BGP neighbors are: ports, and the VRFs they are in. */
  readonly neighbors: readonly string[];
  /** Numbered BGP neighbors, by the interface they are behind. */
  readonly numberedNeighbors: readonly {
    readonly interfaces: readonly string[];
    readonly addresses: readonly Prefix[];
  }[];
  /** Ports behind which other VTEPs are, and their addresses; undefined where no tunnel ends. */
  readonly tunnels: { readonly ports: readonly string[]; readonly vteps: Prefix } | undefined;
  readonly managementInterface: string;
  /** Whether answers to sessions that the device itself opened are known as such, or have to be let in like others. */
  readonly tracksConnections: boolean;
}

/** What the device itself lets in: routing from its neighbors, tunnels from the underlay, ICMP, and SSH from management. */
export function inputChain(policy: InputPolicy): NftChain {
  const { neighbors, numberedNeighbors, tunnels, managementInterface, tracksConnections } = policy;
  const routing = tracksConnections ? routingRules : untrackedRoutingRules;
  return {
    name: 'to-device',
    hook: { type: 'filter', hook: 'input', priority: 'filter', policy: 'drop' },
    rules: [
      rule([{ kind: 'connection', states: ['established', 'related'] }], ACCEPT),
      rule([{ kind: 'connection', states: ['invalid'] }], DROP),
      rule([iif('lo')], ACCEPT),
      rule([{ kind: 'icmp' }], ACCEPT),
      ...(neighbors.length === 0 ? [] : routing(neighbors, 'ipv6', [LINK_LOCAL])),
      ...numberedNeighbors.flatMap(({ interfaces, addresses }) =>
        FAMILIES.flatMap((family) => {
          const prefixes = ofFamily(addresses, family);
          return prefixes.length === 0 ? [] : routing(interfaces, family, prefixes);
        }),
      ),
      ...(tunnels === undefined
        ? []
        : [rule([iif(...tunnels.ports), source('ipv4', [tunnels.vteps]), udp(VXLAN)], ACCEPT)]),
      rule([iif(managementInterface), tcp(22)], ACCEPT),
      rule([], DROP),
    ],
  };
}

const routingRules = (interfaces: readonly string[], family: Family, from: readonly Prefix[]): readonly NftRule[] => [
  rule([iif(...interfaces), source(family, from), tcp(BGP)], ACCEPT),
  rule([iif(...interfaces), source(family, from), udp(...BFD)], ACCEPT),
];

/** Where a device opens its sessions from (RFC 6335 section 6: all but system ports). */
const USER_PORTS: PortRange = { first: 1024, last: PORT_RANGE.last };

/** On a device that tracks no connections, answers to the sessions that it opened are let in too, and answers only. */
const untrackedRoutingRules: typeof routingRules = (interfaces, family, from) => [
  ...routingRules(interfaces, family, from),
  rule(
    [
      iif(...interfaces),
      source(family, from),
      { ...tcp(BGP), side: 'source' },
      { kind: 'ports', protocol: 'tcp', side: 'destination', ports: [USER_PORTS] },
      { kind: 'tcp-answer' },
    ],
    ACCEPT,
  ),
];
