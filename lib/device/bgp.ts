import { FAMILIES, type Family } from '../net';
import type { FrrVersion } from '../model';
import type { BgpInstance, Neighbor, NeighborPolicy, RouteMap, UnicastFamily } from '../language/frr';
import type { PlannedNetwork } from '../plan';
import { routeTarget, vrfName } from './names';

/** Route maps that every device names alike. */
export const LOOPBACKS = 'loopbacks';
export const ONLY_SELF = 'only-self';

/** Lets the addresses of the loopback into BGP, and nothing else that is connected. */
export const loopbacksMap: RouteMap = {
  name: LOOPBACKS,
  entries: [{ sequence: 10, action: 'permit', matches: [{ kind: 'interface', name: 'lo' }], actions: [] }],
};

/** The AS path of a route that starts here is empty: hosts are no transit. */
export const selfAsPath = { name: 'self', pattern: '^$' };

export const onlySelfMap: RouteMap = {
  name: ONLY_SELF,
  entries: [{ sequence: 10, action: 'permit', matches: [{ kind: 'as-path', list: selfAsPath.name }], actions: [] }],
};

/**
 * How often a path may hold a device's own AS. A route that a firewall leaks passes the same switches again, once for
 * each firewall on the way; through a DMZ there are two.
 */
export const OWN_AS_ALLOWED = 2;

const NO_POLICY = { activate: true, allowasIn: undefined, routeMapIn: undefined, routeMapOut: undefined } as const;

export function policy(neighbor: string, settings: Partial<Omit<NeighborPolicy, 'neighbor'>> = {}): NeighborPolicy {
  return { neighbor, ...NO_POLICY, ...settings };
}

export function unnumbered(name: string, peerGroup: string): Neighbor {
  return { kind: 'unnumbered', interface: name, peerGroup };
}

export function unicastFamily(family: Family, settings: Partial<Omit<UnicastFamily, 'family'>>): UnicastFamily {
  return {
    family,
    redistributeConnected: undefined,
    networks: [],
    neighbors: [],
    importVrfs: [],
    importMap: undefined,
    ...settings,
  };
}

interface Speaker {
  readonly asn: number;
  readonly routerId: BgpInstance['routerId'];
}

export function defaultInstance(
  { asn, routerId }: Speaker,
  settings: Pick<BgpInstance, 'peerGroups' | 'neighbors' | 'unicast' | 'evpn'>,
): BgpInstance {
  return { asn, vrf: undefined, routerId, enforceFirstAs: undefined, ...settings };
}

/** The instance of a network's VRF: its routes go into EVPN, under the network's route target. */
export function vrfInstance(
  { asn, routerId }: Speaker,
  { network, vlan }: { readonly network: PlannedNetwork; readonly vlan: number },
  frr: FrrVersion,
  settings: Pick<BgpInstance, 'peerGroups' | 'neighbors' | 'unicast'>,
): BgpInstance {
  return {
    asn,
    vrf: vrfName(network),
    routerId,
    // From FRR 10 on this is checked by default, and leaked routes do not start with the neighbor's AS.
    enforceFirstAs: frr.major >= 10 ? false : undefined,
    ...settings,
    evpn: {
      neighbors: [],
      advertiseAllVni: false,
      advertise: FAMILIES,
      // The second half of a route distinguisher with an address has 16 bits (RFC 4364 section 4.2): the VLAN, not the VNI.
      routeDistinguisher: `${routerId.toString()}:${vlan}`,
      routeTarget: routeTarget(network),
    },
  };
}
