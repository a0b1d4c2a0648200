import { Prefix } from '../net';
import type { FrrVersion } from '../model';
import type {
  CommunityList,
  ExtendedCommunityList,
  PrefixList,
  RouteMap,
  RouteMapEntry,
  RouteMapMatch,
} from '../language/frr';
import type { PlannedFirewall, PlannedMachine, PlannedNetwork, Port } from '../plan';
import { routeTarget } from './names';
import { prefixFilter } from './prefix-filter';
import { announcementsOf, type Announcement } from './route-leaking';
import { prefixListEntries } from './sequence';
import { membershipsOf, type Topology } from './topology';

/**
 * The guard of the fabric. A leaf takes from each port only what the host behind it may say: a machine its own
 * addresses; a firewall its own tunnel end, and into EVPN only the prefixes that are its to announce, into only the
 * networks it is in. Whoever takes over a host gains no route of anybody else. What FRR can match of an EVPN route
 * differs between releases: docs/decisions/0006-leaf-filters-on-evpn.md.
 */
export interface PortFilter {
  readonly prefixLists: readonly PrefixList[];
  readonly routeMaps: readonly RouteMap[];
}

/** Names of what filters one port; named after the port, so that they stay when others come and go. */
export const hostIn = ({ name }: Port): string => `${name}-in`;
export const evpnIn = ({ name }: Port): string => `${name}-evpn-in`;
export const evpnOut = ({ name }: Port): string => `${name}-evpn-out`;

/** Before FRR 10, a prefix list never matches an EVPN route. */
const matchesEvpnPrefixes = ({ major }: FrrVersion): boolean => major >= 10;

/** All addresses of a machine, on whatever network they are. */
export function addressesOf({ primary, attachments }: PlannedMachine): readonly Prefix[] {
  return [primary, ...attachments].flatMap(({ addresses }) => addresses.map(Prefix.host));
}

export function machineFilter(port: Port, machine: PlannedMachine): PortFilter {
  return hostRouteFilter(port, addressesOf(machine));
}

export function firewallFilter(port: Port, firewall: PlannedFirewall, topology: Topology): PortFilter {
  const underlay = hostRouteFilter(port, [Prefix.host(firewall.loopback)]);
  const announcements = announcementsOf(firewall, topology);
  const networks = membershipsOf(firewall).map(({ network }) => network);
  const byPrefix = matchesEvpnPrefixes(topology.plan.partition.frr);
  const entries = byPrefix
    ? announcements.map((announcement) => prefixEntry(port, announcement, firewall))
    : networks.flatMap((network) => networkEntries(network, announcements, firewall));
  return {
    prefixLists: [...underlay.prefixLists, ...(byPrefix ? announcements.map((one) => announcedList(port, one)) : [])],
    routeMaps: [
      ...underlay.routeMaps,
      { name: evpnIn(port), entries: closed(entries) },
      { name: evpnOut(port), entries: closed(networks.map((network) => outEntry(network, firewall))) },
    ],
  };
}

function hostRouteFilter(port: Port, hosts: readonly Prefix[]): PortFilter {
  const { prefixLists, routeMap } = prefixFilter(hostIn(port), hosts, false);
  return { prefixLists, routeMaps: [routeMap] };
}

const networkList = ({ name }: Port, { vni }: PlannedNetwork): string => `${name}-vni${vni}`;
/** Lists of extended communities are the same for every port. */
const originalList = ({ vni }: PlannedNetwork): string => `vni${vni}`;
const relayedList = ({ vni }: PlannedNetwork): string => `vni${vni}-relayed`;

const announcedList = (port: Port, { network, family, matches }: Announcement): PrefixList => ({
  name: networkList(port, network),
  family,
  entries: prefixListEntries(matches),
});

/** What the filters of firewalls match on; one pair for each network that one of the firewalls is in. */
export function firewallTargets(firewalls: readonly PlannedFirewall[]): readonly ExtendedCommunityList[] {
  const networks = new Set(firewalls.flatMap((firewall) => membershipsOf(firewall).map(({ network }) => network)));
  return [...networks]
    .sort((a, b) => a.vni - b.vni)
    .flatMap((network) => [originalTarget(network), relayedTarget(network)]);
}

/**
 * Every VTEP imports by route target, whatever VNI a route says; and without the community for VXLAN (ET:8), FRR skips
 * the match of the VNI. So the whole text of the extended communities is matched, as the one that starts a route writes it.
 */
const originalTarget = (network: PlannedNetwork): ExtendedCommunityList => ({
  name: originalList(network),
  pattern: `^RT:${routeTarget(network)} ET:8 Rmac:[0-9a-f:]+$`,
});

/** The same of a route that was passed on: FRR 10 drops ET:8 on the way, and a route of the leaf's own has it first. */
const relayedTarget = (network: PlannedNetwork): ExtendedCommunityList => ({
  name: relayedList(network),
  pattern: `^(ET:8 )?RT:${routeTarget(network)}( ET:8)?( Rmac:[0-9a-f:]+)?$`,
});

const ofNetwork = (network: PlannedNetwork): readonly RouteMapMatch[] => [
  { kind: 'evpn-prefix-route' },
  { kind: 'evpn-vni', vni: network.vni },
  { kind: 'extended-community', list: originalList(network) },
];

/** From FRR 10 on: exactly the prefixes that are the firewall's to announce. */
const prefixEntry = (port: Port, { network, family }: Announcement, firewall: PlannedFirewall): RouteMapEntry => ({
  sequence: sequenceOf(network, firewall) + (family === 'ipv4' ? 0 : 1),
  action: 'permit',
  matches: [...ofNetwork(network), { kind: 'prefix-list', family, list: networkList(port, network) }],
  actions: [],
});

/**
 * Before FRR 10: the networks that the firewall is in, no default route that is not its to announce, and a mark by which
 * every VTEP prefers what machines say of their own addresses.
 */
function networkEntries(
  network: PlannedNetwork,
  announcements: readonly Announcement[],
  firewall: PlannedFirewall,
): readonly RouteMapEntry[] {
  const sequence = sequenceOf(network, firewall);
  const leadsOut = announcements.some(
    (announcement) => announcement.network === network && announcement.matches.some(({ prefix }) => prefix.isDefault),
  );
  const noDefault: RouteMapEntry = {
    sequence,
    action: 'deny',
    matches: [{ kind: 'evpn-vni', vni: network.vni }, { kind: 'evpn-default-route' }],
    actions: [],
  };
  const rest: RouteMapEntry = {
    sequence: sequence + 1,
    action: 'permit',
    matches: ofNetwork(network),
    actions: [{ kind: 'community', community: FIREWALL_COMMUNITY }, BEHIND_MACHINES],
  };
  return leadsOut ? [rest] : [noDefault, rest];
}

/** A firewall learns of its own networks only. */
const outEntry = (network: PlannedNetwork, firewall: PlannedFirewall): RouteMapEntry => ({
  sequence: sequenceOf(network, firewall),
  action: 'permit',
  matches: [
    { kind: 'evpn-prefix-route' },
    { kind: 'evpn-vni', vni: network.vni },
    { kind: 'extended-community', list: relayedList(network) },
  ],
  actions: [],
});

/** Numbered by the network's VLAN on the firewall, which the ledger keeps. */
function sequenceOf(network: PlannedNetwork, { name, vlans }: PlannedFirewall): number {
  const vlan = vlans.get(network.declared.path);
  if (vlan === undefined) throw new Error(`invariant: ${network.name} has no VLAN on ${name}`);
  return vlan * 10;
}

/** In order, with the closing denial written out: where FRR skips every match of an entry, the entry permits. */
const closed = (entries: readonly RouteMapEntry[]): readonly RouteMapEntry[] => [
  ...[...entries].sort((a, b) => a.sequence - b.sequence),
  { sequence: 65_535, action: 'deny', matches: [], actions: [] },
];

/** Marks what a firewall announced; set by its leaves in place of any community that it set itself. */
const FIREWALL_COMMUNITY = '65000:1';
const BEHIND_MACHINES = { kind: 'local-preference', preference: 50 } as const;

/** What every VTEP does with EVPN routes of the fabric. */
export interface FabricFilter {
  readonly communityLists: readonly CommunityList[];
  readonly routeMaps: readonly RouteMap[];
  /** The route map for routes that come in; undefined where none is needed. */
  readonly evpnIn: string | undefined;
}

/** Before FRR 10 a firewall might announce an address of a machine: the machine's own route wins, wherever both arrive. */
export function fabricFilter(version: FrrVersion): FabricFilter {
  if (matchesEvpnPrefixes(version)) return { communityLists: [], routeMaps: [], evpnIn: undefined };
  return {
    communityLists: [{ name: 'from-firewall', community: FIREWALL_COMMUNITY }],
    routeMaps: [
      {
        name: 'fabric-evpn-in',
        entries: [
          {
            sequence: 10,
            action: 'permit',
            matches: [{ kind: 'community', list: 'from-firewall' }],
            actions: [BEHIND_MACHINES],
          },
          { sequence: 20, action: 'permit', matches: [], actions: [] },
        ],
      },
    ],
    evpnIn: 'fabric-evpn-in',
  };
}
