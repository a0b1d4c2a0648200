import { type Family, FAMILIES, Prefix } from '../net';
import { ofFamily } from '../model';
import type { PrefixList, RouteMap, RouteMapEntry } from '../language/frr';
import type { PlannedFirewall, PlannedNetwork, Relation } from '../plan';
import { addressesIn } from './interfaces';
import { vrfName } from './names';
import { type PrefixListMatch, prefixListEntries } from './sequence';
import { membershipsOf, type Topology } from './topology';

/** Routes of one family that a firewall takes from the VRF of one network into that of another. */
export interface Leak {
  readonly source: PlannedNetwork;
  readonly target: PlannedNetwork;
  readonly family: Family;
  readonly matches: readonly PrefixListMatch[];
  /** Whether the routes stay inside the firewall: replies find their way, the network behind stays hidden. */
  readonly noExport: boolean;
  /** Sets leaks of one source, target and family apart; the one with the lower rank matches first. */
  readonly rank: number;
}

/** Every leak of a firewall. Both directions of each relation: without a route back, nothing is answered. */
export function leaksOf(firewall: PlannedFirewall, topology: Topology): readonly Leak[] {
  return topology.relationsOf(firewall).flatMap((relation) => [...outward(relation), ...inward(relation)]);
}

/** What the primary network learns: what it may reach. */
function outward({ firewall, connection, family, far }: Relation): readonly Leak[] {
  const source = connection.network;
  return [
    {
      source,
      target: firewall.primary.network,
      family,
      matches: [...ownAddresses(firewall, source, family, far), ...far.map(permit)],
      noExport: false,
      rank: 0,
    },
  ];
}

/** What the connected network learns: its own addresses lent to machines behind the firewall, and the primary network. */
function inward({ firewall, connection, family, near, hidden, lent }: Relation): readonly Leak[] {
  const source = firewall.primary.network;
  const leak = { source, target: connection.network, family };
  const own = ownAddresses(firewall, source, family, near);
  return [
    ...(lent.length === 0
      ? []
      : [{ ...leak, matches: lent.map(({ host }) => permit(host)), noExport: false, rank: 0 }]),
    ...(near.length === 0 ? [] : [{ ...leak, matches: [...own, ...near.map(permit)], noExport: hidden, rank: 1 }]),
  ];
}

/**
 * The firewall's own addresses in the source network are no routes to leak: the leaked connected route would point at
 * the SVI, out of which nobody answers for the firewall itself.
 */
const ownAddresses = (
  firewall: PlannedFirewall,
  network: PlannedNetwork,
  family: Family,
  among: readonly Prefix[],
): readonly PrefixListMatch[] =>
  addressesIn(firewall, network)
    .filter((address) => among.some((prefix) => !prefix.isDefault && prefix.holds(address)))
    .filter((address) => address.family === family)
    .map((address) => ({ action: 'deny', prefix: Prefix.host(address), inside: false }));

const permit = (prefix: Prefix): PrefixListMatch => ({ action: 'permit', prefix, inside: true });

/** The name of the route map through which a network's VRF takes routes from others. */
export const importMapName = (target: PlannedNetwork): string => `import-${vrfName(target)}`;

const listName = ({ target, source, rank }: Leak): string =>
  `${vrfName(target)}-from-${vrfName(source)}${rank === 0 ? '' : `-${rank}`}`;

export function leakPrefixLists(leaks: readonly Leak[]): readonly PrefixList[] {
  return leaks.map((leak) => ({ name: listName(leak), family: leak.family, entries: prefixListEntries(leak.matches) }));
}

/** One import map for each VRF that takes routes. What no entry permits is not taken. */
export function leakRouteMaps(leaks: readonly Leak[], firewall: PlannedFirewall): readonly RouteMap[] {
  return membershipsOf(firewall).flatMap(({ network }) => {
    const taken = leaks.filter(({ target }) => target === network);
    if (taken.length === 0) return [];
    const entries = taken.map((leak) => leakEntry(leak, firewall)).sort((a, b) => a.sequence - b.sequence);
    return [{ name: importMapName(network), entries }];
  });
}

/** Numbered by the source's VLAN, which stays with the network: another network that comes or goes moves no entry. */
function leakEntry(leak: Leak, { vlans }: PlannedFirewall): RouteMapEntry {
  const vlan = vlans.get(leak.source.declared.path);
  if (vlan === undefined) throw new Error(`invariant: ${leak.source.name} has no VLAN on its firewall`);
  return {
    sequence: vlan * 10 + leak.rank * 2 + (leak.family === 'ipv4' ? 0 : 1),
    action: 'permit',
    matches: [
      { kind: 'prefix-list', family: leak.family, list: listName(leak) },
      { kind: 'source-vrf', vrf: vrfName(leak.source) },
    ],
    actions: leak.noExport ? [{ kind: 'no-export' }] : [],
  };
}

/** The prefixes that a firewall rightly announces into EVPN for one network. */
export interface Announcement {
  readonly network: PlannedNetwork;
  readonly family: Family;
  readonly matches: readonly PrefixListMatch[];
}

/** By topology: each leaf of a firewall asks for the same. */
const announcements = new WeakMap<Topology, Map<PlannedFirewall, readonly Announcement[]>>();

/** What a firewall may announce: its own addresses, and what it leaks and does not keep to itself. */
export function announcementsOf(firewall: PlannedFirewall, topology: Topology): readonly Announcement[] {
  const all = announcements.get(topology) ?? new Map<PlannedFirewall, readonly Announcement[]>();
  announcements.set(topology, all);
  const known = all.get(firewall) ?? makeAnnouncements(firewall, topology);
  all.set(firewall, known);
  return known;
}

function makeAnnouncements(firewall: PlannedFirewall, topology: Topology): readonly Announcement[] {
  const exported = leaksOf(firewall, topology).filter(({ noExport }) => !noExport);
  return membershipsOf(firewall).flatMap(({ network, addresses }) =>
    FAMILIES.flatMap((family) => {
      const own = ofFamily(addresses.map(Prefix.host), family).map(permit);
      const leaked = exported
        .filter((leak) => leak.target === network && leak.family === family)
        .flatMap(({ matches }) => matches.filter(({ action }) => action === 'permit'));
      const matches = [...own, ...leaked];
      return matches.length === 0 ? [] : [{ network, family, matches }];
    }),
  );
}
