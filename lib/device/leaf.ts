import { FAMILIES, Prefix } from '../net';
import { destinationsOf, groupBy } from '../model';
import type { BgpInstance, FrrConfig, NeighborPolicy, PeerGroup } from '../language/frr';
import type { NftRule, NftRuleset } from '../language/nftables';
import type { PlannedFirewall, PlannedSwitch, Port } from '../plan';
import {
  defaultInstance,
  loopbacksMap,
  LOOPBACKS,
  OWN_AS_ALLOWED,
  policy,
  unicastFamily,
  unnumbered,
  vrfInstance,
} from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveVtepInterfaces } from './interfaces';
import {
  addressesOf,
  evpnIn,
  evpnOut,
  fabricFilter,
  firewallFilter,
  firewallTargets,
  type FabricFilter,
  hostIn,
  machineFilter,
  type PortFilter,
} from './leaf-filters';
import { vrfName } from './names';
import {
  antiSpoofingChain,
  dropOtherNetworks,
  dropOtherSources,
  dropTunneledOther,
  dropTunneledOutside,
  inputChain,
  trackOnly,
} from './nft-rules';
import { announcementsOf } from './route-leaking';
import { type CarriedNetwork, membershipsOf, type Topology } from './topology';

/** A leaf puts each machine's port into the VRF of its network, and joins firewalls to the underlay. */
export function deriveLeaf(leaf: PlannedSwitch, topology: Topology): DeviceConfig {
  return configOf(leaf, 'leaf', topology, (remarks) => ({
    frr: deriveFrr(leaf, topology, remarks),
    interfaces: deriveVtepInterfaces(leaf, topology, remarks),
    nftables: deriveNftables(leaf, topology, remarks),
    environment: undefined,
  }));
}

export const portsOf = (leaf: PlannedSwitch, link: Port['link']): readonly Port[] =>
  leaf.ports.filter((port) => port.link === link);

function deriveFrr(leaf: PlannedSwitch, topology: Topology, remarks: readonly string[]): FrrConfig {
  const filters = leaf.ports.flatMap((port) => filterOf(port, topology) ?? []);
  const networks = topology.networksOn(leaf);
  const machines = groupBy(portsOf(leaf, 'machine'), (port) => topology.machineAt(port).primary.network);
  const fabric = fabricFilter(topology.plan.partition.frr);
  return {
    ...frrHead(leaf, topology, remarks),
    communityLists: fabric.communityLists,
    prefixLists: filters.flatMap(({ prefixLists }) => prefixLists),
    extendedCommunityLists: firewallTargets(portsOf(leaf, 'firewall').map((port) => topology.firewallAt(port))),
    routeMaps: [loopbacksMap, ...fabric.routeMaps, ...filters.flatMap(({ routeMaps }) => routeMaps)],
    vrfs: networks.map(({ network }) => ({ name: vrfName(network), vni: network.vni, blackholes: [] })),
    bgp: [
      underlayInstance(leaf, fabric),
      ...networks.map((on) => tenantInstance(leaf, on, machines.get(on.network) ?? [], topology)),
    ],
  };
}

/** What a machine may announce and send on its port. */
interface MachineGuard {
  readonly filter: PortFilter;
  readonly rules: readonly NftRule[];
}

/** By topology, then by port and machine: both leaves of a rack have most machines on the same port. */
const guards = new WeakMap<Topology, Map<string, MachineGuard>>();

function machineGuard(port: Port, topology: Topology): MachineGuard {
  const all = guards.get(topology) ?? new Map<string, MachineGuard>();
  guards.set(topology, all);
  const key = `${port.name} ${port.peer}`;
  const known = all.get(key);
  if (known !== undefined) return known;
  const machine = topology.machineAt(port);
  const made = {
    filter: machineFilter(port, machine),
    rules: dropOtherSources([port.name], addressesOf(machine)),
  };
  all.set(key, made);
  return made;
}

function filterOf(port: Port, topology: Topology): PortFilter | undefined {
  switch (port.link) {
    case 'machine':
      return machineGuard(port, topology).filter;
    case 'firewall':
      return firewallFilter(port, topology.firewallAt(port), topology);
    case 'fabric':
    case 'router':
      return undefined;
  }
}

/** The default instance of a leaf: loopbacks and EVPN, with spines and firewalls. */
export function underlayInstance(leaf: PlannedSwitch, fabric: FabricFilter): BgpInstance {
  const uplinks = portsOf(leaf, 'fabric');
  const firewalls = portsOf(leaf, 'firewall');
  const group = (name: string, ports: readonly Port[]): readonly PeerGroup[] => (ports.length === 0 ? [] : [{ name }]);
  const groups = [...group('fabric', uplinks), ...group('firewall', firewalls)];
  const peers = groups.map(({ name }) =>
    policy(name, { allowasIn: OWN_AS_ALLOWED, routeMapIn: name === 'fabric' ? fabric.evpnIn : undefined }),
  );
  return defaultInstance(leaf, {
    peerGroups: groups,
    neighbors: [
      ...uplinks.map(({ name }) => unnumbered(name, 'fabric')),
      ...firewalls.map(({ name }) => unnumbered(name, 'firewall')),
    ],
    unicast: [
      unicastFamily('ipv4', {
        redistributeConnected: { routeMap: LOOPBACKS },
        neighbors: [...groups.map(({ name }) => policy(name)), ...firewalls.map(underlayPolicy)],
      }),
    ],
    evpn: {
      neighbors: [...peers, ...firewalls.map(evpnPolicy)],
      advertiseAllVni: true,
      advertise: [],
      routeDistinguisher: undefined,
      routeTarget: undefined,
    },
  });
}

const underlayPolicy = (port: Port): NeighborPolicy => policy(port.name, { routeMapIn: hostIn(port) });

const evpnPolicy = (port: Port): NeighborPolicy =>
  policy(port.name, { routeMapIn: evpnIn(port), routeMapOut: evpnOut(port) });

function tenantInstance(
  leaf: PlannedSwitch,
  on: CarriedNetwork,
  ports: readonly Port[],
  topology: Topology,
): BgpInstance {
  return vrfInstance(leaf, on, topology.plan.partition.frr, {
    peerGroups: [{ name: 'machine' }],
    neighbors: ports.map(({ name }) => unnumbered(name, 'machine')),
    unicast: FAMILIES.map((family) =>
      unicastFamily(family, {
        neighbors: [policy('machine'), ...ports.map((port) => policy(port.name, { routeMapIn: hostIn(port) }))],
      }),
    ),
  });
}

function deriveNftables(leaf: PlannedSwitch, topology: Topology, remarks: readonly string[]): NftRuleset {
  const { partition } = topology.plan;
  const routed = [...portsOf(leaf, 'fabric'), ...portsOf(leaf, 'firewall')].map(({ name }) => name);
  const vrfs = topology.networksOn(leaf).map(({ network }) => vrfName(network));
  return {
    remarks,
    table: 'fabric',
    chains: [
      antiSpoofingChain([
        trackOnly(partition.managementInterface),
        ...leaf.ports.flatMap((port) => sourceRules(port, topology)),
      ]),
      inputChain({
        // Link-local packets stay on the port; the VRF is named for kernels that hand them to it.
        neighbors: [...routed, ...portsOf(leaf, 'machine').map(({ name }) => name), ...vrfs],
        numberedNeighbors: [],
        tunnels:
          partition.underlay === undefined || routed.length === 0
            ? undefined
            : { ports: routed, vteps: partition.underlay },
        managementInterface: partition.managementInterface,
        tracksConnections: false,
      }),
    ],
  };
}

/** What may come in on a port: from a machine its addresses, from a firewall its tunnel end and its own networks. */
function sourceRules(port: Port, topology: Topology): readonly NftRule[] {
  switch (port.link) {
    case 'machine':
      return machineGuard(port, topology).rules;
    case 'firewall':
      return firewallRules(port, topology.firewallAt(port), topology);
    case 'fabric':
    case 'router':
      return [];
  }
}

/**
 * From a firewall come packets of its tunnel end, tunneled packets of its networks; and in a network that it is connected to, only
 * those from what it announces there, to what that network offers: not in the name of its hosts, nor to its other consumers.
 */
function firewallRules(port: Port, firewall: PlannedFirewall, topology: Topology): readonly NftRule[] {
  const memberships = membershipsOf(firewall);
  const vnis = memberships.map(({ network }) => network.vni);
  const announced = announcementsOf(firewall, topology);
  return [
    ...dropOtherSources([port.name], [Prefix.host(firewall.loopback)]),
    dropOtherNetworks(port.name, vnis),
    dropTunneledOther(port.name, vnis),
    ...memberships
      .filter(({ network }) => network !== firewall.primary.network)
      .flatMap(({ network }) => {
        const own = announced.filter((one) => one.network === network);
        const sources = own.flatMap(({ matches }) => matches.map(({ prefix }) => prefix));
        const offered = [...network.prefixes, ...destinationsOf(network.declared)];
        return dropTunneledOutside(port.name, network.vni, sources, offered);
      }),
  ];
}
