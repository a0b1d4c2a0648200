import { FAMILIES, Prefix } from '../net';
import { destinationsOf, ofFamily, type Router } from '../model';
import type { BgpInstance, FrrConfig, Neighbor } from '../language/frr';
import type { NftRuleset } from '../language/nftables';
import { merge, type Plan, type PlannedNetwork, type PlannedSwitch, type Port } from '../plan';
import { loopbacksMap, policy, unicastFamily, vrfInstance } from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveVtepInterfaces } from './interfaces';
import { portsOf, underlayInstance } from './leaf';
import { fabricFilter } from './leaf-filters';
import { vrfName } from './names';
import { antiSpoofingChain, dropSources, inputChain, trackOnly } from './nft-rules';
import { prefixFilter } from './prefix-filter';
import type { Topology } from './topology';

/** A border leaf joins external networks to the routers of others, each in a VRF of its own. */
export function deriveBorderLeaf(leaf: PlannedSwitch, topology: Topology): DeviceConfig {
  const exits = exitsOf(leaf, topology);
  return configOf(leaf, 'border-leaf', topology, (remarks) => ({
    frr: deriveFrr(leaf, exits, topology, remarks),
    interfaces: deriveVtepInterfaces(leaf, topology, remarks),
    nftables: deriveNftables(leaf, exits, topology.plan, remarks),
    environment: undefined,
  }));
}

/** An external network on a border leaf. */
interface Exit {
  readonly network: PlannedNetwork;
  readonly vlan: number;
  /** What the outside is told: the network's own prefixes, and those of private networks that it sees untranslated. */
  readonly told: readonly Prefix[];
  readonly routers: readonly { readonly port: Port; readonly declared: Router }[];
}

function exitsOf(leaf: PlannedSwitch, topology: Topology): readonly Exit[] {
  const ports = portsOf(leaf, 'router');
  return topology.networksOn(leaf).map(({ network, vlan }) => {
    const seen = topology.relationsTo(network).filter(({ hidden }) => !hidden);
    return {
      network,
      vlan,
      told: merge([...network.prefixes, ...seen.flatMap(({ near }) => near)]),
      routers: ports.flatMap((port) =>
        port.router?.network === network ? [{ port, declared: port.router.declared }] : [],
      ),
    };
  });
}

function deriveFrr(
  leaf: PlannedSwitch,
  exits: readonly Exit[],
  topology: Topology,
  remarks: readonly string[],
): FrrConfig {
  const fabric = fabricFilter(topology.plan.partition.frr);
  const filters = exits.flatMap(({ network, told }) => [
    prefixFilter(learnName(network), destinationsOf(network.declared), true),
    prefixFilter(tellName(network), told, false),
  ]);
  return {
    ...frrHead(leaf, topology, remarks),
    communityLists: fabric.communityLists,
    prefixLists: filters.flatMap(({ prefixLists }) => prefixLists),
    routeMaps: [loopbacksMap, ...fabric.routeMaps, ...filters.map(({ routeMap }) => routeMap)],
    vrfs: exits.map(({ network, told }) => ({
      name: vrfName(network),
      vni: network.vni,
      // Without these, packets to addresses that nobody has would go back and forth between border leaf and router.
      blackholes: told,
    })),
    bgp: [underlayInstance(leaf, fabric), ...exits.map((exit) => externalInstance(leaf, exit, topology.plan))],
  };
}

const learnName = (network: PlannedNetwork): string => `${vrfName(network)}-learn`;
const tellName = (network: PlannedNetwork): string => `${vrfName(network)}-tell`;

function externalInstance(leaf: PlannedSwitch, exit: Exit, { partition }: Plan): BgpInstance {
  const filters = { routeMapIn: learnName(exit.network), routeMapOut: tellName(exit.network) };
  const neighbors = exit.routers.flatMap(({ declared }) =>
    declared.peers.map(({ address }): Neighbor & { kind: 'numbered' } => ({
      kind: 'numbered',
      address,
      asn: declared.asn,
    })),
  );
  return vrfInstance(leaf, exit, partition.frr, {
    peerGroups: [],
    neighbors,
    unicast: FAMILIES.map((family) =>
      unicastFamily(family, {
        networks: ofFamily(exit.told, family),
        neighbors: neighbors.flatMap(({ address }) => {
          if (address.family === family) return [policy(address.toString(), filters)];
          // FRR takes every neighbor for one of IPv4 unicast unless told otherwise.
          return family === 'ipv4' ? [policy(address.toString(), { activate: false })] : [];
        }),
      }),
    ),
  });
}

function deriveNftables(
  leaf: PlannedSwitch,
  exits: readonly Exit[],
  { partition }: Plan,
  remarks: readonly string[],
): NftRuleset {
  const uplinks = portsOf(leaf, 'fabric').map(({ name }) => name);
  const portNames = ({ routers }: Exit): readonly string[] => routers.map(({ port }) => port.name);
  return {
    remarks,
    table: 'fabric',
    chains: [
      antiSpoofingChain([
        trackOnly(partition.managementInterface),
        ...exits.flatMap((exit) => (exit.routers.length === 0 ? [] : dropSources(portNames(exit), exit.told))),
      ]),
      inputChain({
        neighbors: uplinks,
        numberedNeighbors: exits.map((exit) => ({
          interfaces: [...portNames(exit), vrfName(exit.network)],
          addresses: exit.routers.flatMap(({ declared }) => declared.peers.map(({ address }) => Prefix.host(address))),
        })),
        tunnels: partition.underlay === undefined ? undefined : { ports: uplinks, vteps: partition.underlay },
        managementInterface: partition.managementInterface,
        tracksConnections: false,
      }),
    ],
  };
}
