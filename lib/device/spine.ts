import type { FrrConfig } from '../language/frr';
import type { PlannedSwitch } from '../plan';
import { defaultInstance, loopbacksMap, LOOPBACKS, OWN_AS_ALLOWED, policy, unicastFamily, unnumbered } from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveVtepInterfaces } from './interfaces';
import { antiSpoofingChain, inputChain, trackOnly } from './nft-rules';
import type { Topology } from './topology';

/** A spine passes on what leaves say: it knows loopbacks, and carries EVPN routes without taking part. */
export function deriveSpine(spine: PlannedSwitch, topology: Topology): DeviceConfig {
  return configOf(spine, 'spine', topology, (remarks) => ({
    frr: deriveFrr(spine, topology, remarks),
    interfaces: deriveVtepInterfaces(spine, topology, remarks),
    nftables: {
      remarks,
      table: 'fabric',
      chains: [
        antiSpoofingChain([trackOnly(topology.plan.partition.managementInterface)]),
        inputChain({
          neighbors: spine.ports.map(({ name }) => name),
          numberedNeighbors: [],
          tunnels: undefined,
          managementInterface: topology.plan.partition.managementInterface,
          tracksConnections: false,
        }),
      ],
    },
    environment: undefined,
  }));
}

function deriveFrr(spine: PlannedSwitch, topology: Topology, remarks: readonly string[]): FrrConfig {
  return {
    ...frrHead(spine, topology, remarks),
    routeMaps: [loopbacksMap],
    bgp: [
      defaultInstance(spine, {
        peerGroups: [{ name: 'fabric' }],
        neighbors: spine.ports.map(({ name }) => unnumbered(name, 'fabric')),
        unicast: [
          unicastFamily('ipv4', {
            redistributeConnected: { routeMap: LOOPBACKS },
            neighbors: [policy('fabric', { allowasIn: OWN_AS_ALLOWED })],
          }),
        ],
        evpn: {
          neighbors: [policy('fabric', { allowasIn: OWN_AS_ALLOWED })],
          advertiseAllVni: false,
          advertise: [],
          routeDistinguisher: undefined,
          routeTarget: undefined,
        },
      }),
    ],
  };
}
