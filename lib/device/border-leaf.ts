import { FAMILIES, type Family, Prefix } from '../net';
import { destinationsOf, ofFamily } from '../model';
import type { BgpInstance, FrrConfig, Neighbor, PrefixList, RouteMap } from '../language/frr';
import type { NftRuleset } from '../language/nftables';
import { merge, type PlannedNetwork, type PlannedSwitch, type Port } from '../plan';
import { loopbacksMap, policy, unicastFamily, vrfInstance } from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveVtepInterfaces } from './interfaces';
import { portsOf, underlayInstance } from './leaf';
import { fabricFilter } from './leaf-filters';
import { vrfName } from './names';
import { antiSpoofingChain, dropSources, inputChain, trackOnly } from './nft-rules';
import { prefixListEntries } from './sequence';
import type { Topology } from './topology';

/** A border leaf joins external networks to the routers of others, each in a VRF of its own. */
export function deriveBorderLeaf(leaf: PlannedSwitch, topology: Topology): DeviceConfig {
  return configOf(leaf, 'border-leaf', topology, (remarks) => ({
    frr: deriveFrr(leaf, topology, remarks),
    interfaces: deriveVtepInterfaces(leaf, topology, remarks),
    nftables: deriveNftables(leaf, topology, remarks),
    environment: undefined,
  }));
}

function deriveFrr(leaf: PlannedSwitch, topology: Topology, remarks: readonly string[]): FrrConfig {
  const networks = topology.networksOn(leaf);
  const fabric = fabricFilter(topology.plan.partition.frr);
  return {
    ...frrHead(leaf, topology, remarks),
    communityLists: fabric.communityLists,
    prefixLists: networks.flatMap(({ network }) => [
      ...filterLists(learnName(network), destinationsOf(network.declared), true),
      ...filterLists(tellName(network), announcedBy(network, topology), false),
    ]),
    routeMaps: [loopbacksMap, ...fabric.routeMaps, ...networks.flatMap(({ network }) => filterMaps(network, topology))],
    vrfs: networks.map(({ network }) => ({
      name: vrfName(network),
      vni: network.vni,
      // Without these, packets to addresses that nobody has would go back and forth between border leaf and router.
      blackholes: announcedBy(network, topology),
    })),
    bgp: [underlayInstance(leaf, fabric), ...networks.map((on) => externalInstance(leaf, on, topology))],
  };
}

/** What the outside is told: the network's own prefixes, and those of private networks that it sees untranslated. */
function announcedBy(network: PlannedNetwork, topology: Topology): readonly Prefix[] {
  const seen = topology.relationsTo(network).filter(({ hidden }) => !hidden);
  return merge([...network.prefixes, ...seen.flatMap(({ near }) => near)]);
}

const learnName = (network: PlannedNetwork): string => `${vrfName(network)}-learn`;
const tellName = (network: PlannedNetwork): string => `${vrfName(network)}-tell`;

const filterLists = (name: string, prefixes: readonly Prefix[], inside: boolean): readonly PrefixList[] =>
  familiesOf(prefixes).map((family) => ({
    name,
    family,
    entries: prefixListEntries(ofFamily(prefixes, family).map((prefix) => ({ action: 'permit', prefix, inside }))),
  }));

function filterMaps(network: PlannedNetwork, topology: Topology): readonly RouteMap[] {
  return [
    filterMap(learnName(network), destinationsOf(network.declared)),
    filterMap(tellName(network), announcedBy(network, topology)),
  ];
}

const filterMap = (name: string, prefixes: readonly Prefix[]): RouteMap => ({
  name,
  entries: familiesOf(prefixes).map((family) => ({
    sequence: family === 'ipv4' ? 10 : 20,
    action: 'permit',
    matches: [{ kind: 'prefix-list', family, list: name }],
    actions: [],
  })),
});

const familiesOf = (prefixes: readonly Prefix[]): readonly Family[] =>
  FAMILIES.filter((family) => ofFamily(prefixes, family).length > 0);

function externalInstance(
  leaf: PlannedSwitch,
  on: { readonly network: PlannedNetwork; readonly vlan: number },
  topology: Topology,
): BgpInstance {
  const neighbors = routersOf(leaf, on.network).flatMap(({ router }) =>
    router.peers.map(({ address }): Neighbor & { kind: 'numbered' } => ({
      kind: 'numbered',
      address,
      asn: router.asn,
    })),
  );
  return vrfInstance(leaf, on, topology.plan.partition.frr, {
    peerGroups: [],
    neighbors,
    unicast: FAMILIES.map((family) =>
      unicastFamily(family, {
        networks: ofFamily(announcedBy(on.network, topology), family),
        neighbors: neighbors.flatMap(({ address }) => {
          if (address.family === family) {
            return [
              policy(address.toString(), { routeMapIn: learnName(on.network), routeMapOut: tellName(on.network) }),
            ];
          }
          // FRR takes every neighbor for one of IPv4 unicast unless told otherwise.
          return family === 'ipv4' ? [policy(address.toString(), { activate: false })] : [];
        }),
      }),
    ),
  });
}

const routersOf = (
  leaf: PlannedSwitch,
  network: PlannedNetwork,
): readonly { readonly port: Port; readonly router: NonNullable<Port['router']>['declared'] }[] =>
  portsOf(leaf, 'router').flatMap((port) =>
    port.router?.network === network ? [{ port, router: port.router.declared }] : [],
  );

function deriveNftables(leaf: PlannedSwitch, topology: Topology, remarks: readonly string[]): NftRuleset {
  const { partition } = topology.plan;
  const uplinks = portsOf(leaf, 'fabric').map(({ name }) => name);
  const networks = topology.networksOn(leaf).map(({ network }) => network);
  return {
    remarks,
    table: 'fabric',
    chains: [
      antiSpoofingChain([
        trackOnly(partition.managementInterface),
        ...networks.flatMap((network) => {
          const ports = routersOf(leaf, network).map(({ port }) => port.name);
          return ports.length === 0 ? [] : dropSources(ports, announcedBy(network, topology));
        }),
      ]),
      inputChain({
        neighbors: uplinks,
        numberedNeighbors: networks.map((network) => ({
          interfaces: [...routersOf(leaf, network).map(({ port }) => port.name), vrfName(network)],
          addresses: routersOf(leaf, network).flatMap(({ router }) =>
            router.peers.map(({ address }) => Prefix.host(address)),
          ),
        })),
        tunnels: partition.underlay === undefined ? undefined : { ports: uplinks, vteps: partition.underlay },
        managementInterface: partition.managementInterface,
        tracksConnections: false,
      }),
    ],
  };
}
