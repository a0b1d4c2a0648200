import type { PlannedNetwork } from '../plan';

type Numbered = Pick<PlannedNetwork, 'vni'>;

/** The bridge that joins a device's VXLAN interfaces and SVIs. */
export const BRIDGE = 'bridge';

/** The interfaces of a network on a device, named after its VNI: at most 12 of Linux's 15 characters. */
export const vrfName = ({ vni }: Numbered): string => `vrf${vni}`;
export const sviName = ({ vni }: Numbered): string => `vlan${vni}`;
export const vxlanName = ({ vni }: Numbered): string => `vni${vni}`;

/**
 * The route target of a network. Its first half is the same everywhere in a partition, so that every VTEP names a
 * network alike; a number of RFC 6996, because two octets are all that leaves four for the VNI (RFC 4360 section 3.1).
 */
export const routeTarget = ({ vni }: Numbered): string => `65000:${vni}`;
