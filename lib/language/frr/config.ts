import type { Address, Family, Prefix } from '../../net';

/** An `frr.conf` as data. Printed in this order, so that everything is defined before it is named. */
export interface FrrConfig {
  /** Written as the first line; FRR picks its defaults by it. */
  readonly version: string;
  readonly hostname: string;
  /** Lines of comment at the head of the file. */
  readonly remarks: readonly string[];
  readonly prefixLists: readonly PrefixList[];
  readonly communityLists: readonly CommunityList[];
  readonly extendedCommunityLists: readonly ExtendedCommunityList[];
  readonly asPathLists: readonly AsPathList[];
  readonly routeMaps: readonly RouteMap[];
  readonly vrfs: readonly FrrVrf[];
  readonly bgp: readonly BgpInstance[];
}

export interface PrefixList {
  readonly name: string;
  readonly family: Family;
  /** In the order of their sequence numbers. */
  readonly entries: readonly PrefixListEntry[];
}

export interface PrefixListEntry {
  readonly sequence: number;
  readonly action: Action;
  readonly prefix: Prefix;
  /** The longest length that matches; undefined for exactly the prefix. */
  readonly le: number | undefined;
}

export type Action = 'permit' | 'deny';

/** Matches routes that carry the community. */
export interface CommunityList {
  readonly name: string;
  readonly community: string;
}

/** Matches the whole text of a route's extended communities by a regular expression. */
export interface ExtendedCommunityList {
  readonly name: string;
  readonly pattern: string;
}

export interface AsPathList {
  readonly name: string;
  readonly pattern: string;
}

export interface RouteMap {
  readonly name: string;
  /** In the order of their sequence numbers. A route that matches none is denied. */
  readonly entries: readonly RouteMapEntry[];
}

export interface RouteMapEntry {
  readonly sequence: number;
  readonly action: Action;
  readonly matches: readonly RouteMapMatch[];
  readonly actions: readonly RouteMapAction[];
}

/** What is changed on a route that is permitted. */
export type RouteMapAction =
  /** It is told to no neighbor of another autonomous system; here that is: it stays on the device. */
  | { readonly kind: 'no-export' }
  /** All its communities are replaced by this one. */
  | { readonly kind: 'community'; readonly community: string }
  /** Of two routes to one prefix the higher one wins; 100 unless set. */
  | { readonly kind: 'local-preference'; readonly preference: number };

export type RouteMapMatch =
  | { readonly kind: 'prefix-list'; readonly family: Family; readonly list: string }
  | { readonly kind: 'source-vrf'; readonly vrf: string }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'as-path'; readonly list: string }
  | { readonly kind: 'evpn-vni'; readonly vni: number }
  | { readonly kind: 'evpn-prefix-route' }
  | { readonly kind: 'evpn-default-route' }
  | { readonly kind: 'community'; readonly list: string }
  | { readonly kind: 'extended-community'; readonly list: string };

export interface FrrVrf {
  readonly name: string;
  readonly vni: number;
  /** Packets to these are dropped where no more specific route is known. */
  readonly blackholes: readonly Prefix[];
}

export interface BgpInstance {
  readonly asn: number;
  /** Undefined for the default instance. */
  readonly vrf: string | undefined;
  readonly routerId: Address;
  readonly peerGroups: readonly PeerGroup[];
  readonly neighbors: readonly Neighbor[];
  /** IPv4 and IPv6 unicast. */
  readonly unicast: readonly UnicastFamily[];
  readonly evpn: EvpnFamily | undefined;
  /** Whether the first AS of a path must be the neighbor's; FRR 10 checks that unless told otherwise. */
  readonly enforceFirstAs: boolean | undefined;
}

/** Neighbors of other autonomous systems with common settings. */
export interface PeerGroup {
  readonly name: string;
}

export type Neighbor =
  | { readonly kind: 'unnumbered'; readonly interface: string; readonly peerGroup: string }
  | { readonly kind: 'numbered'; readonly address: Address; readonly asn: number };

export interface UnicastFamily {
  readonly family: Family;
  readonly redistributeConnected: { readonly routeMap: string | undefined } | undefined;
  readonly networks: readonly Prefix[];
  readonly neighbors: readonly NeighborPolicy[];
  readonly importVrfs: readonly string[];
  readonly importMap: string | undefined;
}

/** What a neighbor or peer group may say in one address family. */
export interface NeighborPolicy {
  readonly neighbor: string;
  /** Needed wherever the family is not on by default. */
  readonly activate: boolean;
  readonly allowasIn: number | undefined;
  readonly routeMapIn: string | undefined;
  readonly routeMapOut: string | undefined;
}

export interface EvpnFamily {
  readonly neighbors: readonly NeighborPolicy[];
  readonly advertiseAllVni: boolean;
  readonly advertise: readonly Family[];
  readonly routeDistinguisher: string | undefined;
  readonly routeTarget: string | undefined;
}
