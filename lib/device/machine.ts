import { FAMILIES } from '../net';
import type { EnvironmentConfig } from '../language/environment';
import type { FrrConfig } from '../language/frr';
import type { PlannedMachine } from '../plan';
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
} from './bgp';
import { configOf } from './config-of';
import type { DeviceConfig } from './device-config';
import { frrHead } from './frr-head';
import { deriveMachineInterfaces } from './interfaces';
import type { Topology } from './topology';

/** A machine tells both leaves the addresses of its loopback, and is no transit for anybody. */
export function deriveMachine(machine: PlannedMachine, topology: Topology): DeviceConfig {
  return configOf(machine, 'machine', topology, (remarks) => ({
    frr: deriveFrr(machine, topology, remarks),
    interfaces: deriveMachineInterfaces(machine, topology, remarks),
    nftables: undefined,
    environment: deriveProxy(machine, remarks),
  }));
}

function deriveFrr(machine: PlannedMachine, topology: Topology, remarks: readonly string[]): FrrConfig {
  return {
    ...frrHead(machine, topology, remarks),
    asPathLists: [selfAsPath],
    routeMaps: [loopbacksMap, onlySelfMap],
    bgp: [
      defaultInstance(machine, {
        peerGroups: [{ name: 'leaf' }],
        neighbors: machine.ports.map(({ name }) => unnumbered(name, 'leaf')),
        unicast: UNICAST,
        evpn: undefined,
      }),
    ],
  };
}

/** The same on every machine. */
const UNICAST = FAMILIES.map((family) =>
  unicastFamily(family, {
    redistributeConnected: { routeMap: LOOPBACKS },
    neighbors: [policy('leaf', { routeMapOut: ONLY_SELF })],
  }),
);

/** Where the network reaches the internet through an HTTP proxy: the variables that programs find it by. */
function deriveProxy({ primary }: PlannedMachine, remarks: readonly string[]): EnvironmentConfig | undefined {
  const { declared, prefixes } = primary.network;
  if (declared.kind !== 'private' || declared.internetAccess?.kind !== 'via-proxy') return undefined;
  const { address, port } = declared.internetAccess;
  const url = `http://${address.family === 'ipv6' ? `[${address.toString()}]` : address.toString()}:${port}`;
  const direct = ['localhost', '127.0.0.1', '::1', ...prefixes.map(String)].join(',');
  return {
    remarks,
    // Some programs read the lower case names, some the upper case ones.
    variables: ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']
      .map((name) => ({ name, value: url }))
      .concat(['no_proxy', 'NO_PROXY'].map((name) => ({ name, value: direct }))),
  };
}
