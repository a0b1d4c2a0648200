import { FAMILIES } from '../net';
import type { BgpInstance, FrrConfig } from '../language/frr';
import type { NftRuleset } from '../language/nftables';
import type { PlannedFirewall } from '../plan';
import {
  defaultInstance,
  LOOPBACKS,
  loopbacksMap,
  ONLY_SELF,
  onlySelfMap,
  policy,
  selfAsPath,
  unicastFamily,
  unnumbered,
  vrfInstance,
} from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveVtepInterfaces } from './interfaces';
import { type FabricFilter, fabricFilter } from './leaf-filters';
import { vrfName } from './names';
import { deriveNat } from './nat';
import { antiSpoofingChain, inputChain } from './nft-rules';
import { deriveForwarding, deriveSourceChecks } from './packet-filter';
import { importMapName, type Leak, leakPrefixLists, leakRouteMaps, leaksOf } from './route-leaking';
import type { Topology } from './topology';

/** A firewall ends the tunnels of its networks, leaks routes between their VRFs, filters, and translates. */
export function deriveFirewall(firewall: PlannedFirewall, topology: Topology): DeviceConfig {
  return configOf(firewall, 'firewall', topology, (remarks) => ({
    frr: deriveFrr(firewall, topology, remarks),
    interfaces: deriveVtepInterfaces(firewall, topology, remarks),
    nftables: deriveNftables(firewall, topology, remarks),
    environment: undefined,
  }));
}

function deriveFrr(firewall: PlannedFirewall, topology: Topology, remarks: readonly string[]): FrrConfig {
  const leaks = leaksOf(firewall, topology);
  const networks = topology.networksOn(firewall);
  const fabric = fabricFilter(topology.plan.partition.frr);
  return {
    ...frrHead(firewall, topology, remarks),
    communityLists: fabric.communityLists,
    prefixLists: leakPrefixLists(leaks),
    asPathLists: [selfAsPath],
    routeMaps: [loopbacksMap, onlySelfMap, ...fabric.routeMaps, ...leakRouteMaps(leaks, firewall)],
    vrfs: networks.map(({ network }) => ({ name: vrfName(network), vni: network.vni, blackholes: [] })),
    bgp: [underlayInstance(firewall, fabric), ...networks.map((on) => tenantInstance(firewall, on, leaks, topology))],
  };
}

function underlayInstance(firewall: PlannedFirewall, fabric: FabricFilter): BgpInstance {
  return defaultInstance(firewall, {
    peerGroups: [{ name: 'fabric' }],
    neighbors: firewall.ports.map(({ name }) => unnumbered(name, 'fabric')),
    unicast: [
      unicastFamily('ipv4', {
        redistributeConnected: { routeMap: LOOPBACKS },
        neighbors: [policy('fabric', { routeMapOut: ONLY_SELF })],
      }),
    ],
    evpn: {
      // What a firewall says is checked by its leaves, which a tenant cannot reach.
      neighbors: [policy('fabric', { routeMapIn: fabric.evpnIn })],
      advertiseAllVni: true,
      advertise: [],
      routeDistinguisher: undefined,
      routeTarget: undefined,
    },
  });
}

function tenantInstance(
  firewall: PlannedFirewall,
  on: ReturnType<Topology['networksOn']>[number],
  leaks: readonly Leak[],
  topology: Topology,
): BgpInstance {
  const taken = leaks.filter(({ target }) => target === on.network);
  return vrfInstance(firewall, on, topology.plan.partition.frr, {
    peerGroups: [],
    neighbors: [],
    unicast: FAMILIES.map((family) => {
      const sources = new Set(taken.filter((leak) => leak.family === family).map(({ source }) => vrfName(source)));
      return unicastFamily(family, {
        redistributeConnected: { routeMap: undefined },
        importVrfs: [...sources],
        importMap: sources.size === 0 ? undefined : importMapName(on.network),
      });
    }),
  });
}

function deriveNftables(firewall: PlannedFirewall, topology: Topology, remarks: readonly string[]): NftRuleset {
  const { partition } = topology.plan;
  const relations = topology.relationsOf(firewall);
  const ports = firewall.ports.map(({ name }) => name);
  return {
    remarks,
    table: 'fabric',
    chains: [
      antiSpoofingChain(deriveSourceChecks(firewall, topology)),
      inputChain({
        neighbors: ports,
        numberedNeighbors: [],
        tunnels: partition.underlay === undefined ? undefined : { ports, vteps: partition.underlay },
        managementInterface: partition.managementInterface,
        tracksConnections: true,
      }),
      ...deriveForwarding(firewall, relations),
      ...deriveNat(relations),
    ],
  };
}
