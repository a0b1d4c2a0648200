import type { Address, Family, Prefix } from '../net';
import type { Declared, Reference } from './declared';

export type Network = PrivateNetwork | ExternalNetwork | UnderlayNetwork;

interface NetworkBase extends Declared {
  /** The path of the partition the network belongs to. */
  readonly partition: Reference;
  /** What the user gave; empty where prefixes are to be allocated from the super networks. */
  readonly prefixes: readonly Prefix[];
  /** The VXLAN network identifier the user gave; undefined where one is to be allocated. */
  readonly vni: number | undefined;
  /** Set once the network was marked as shared; on anything but a private network that breaks a rule. */
  readonly sharing: Sharing | undefined;
}

/** A tenant's network: one VRF, one VNI. With `sharing` it is a shared network (alternative 1 of the specification). */
export interface PrivateNetwork extends NetworkBase {
  readonly kind: 'private';
  /** Who owns it. */
  readonly project: string;
  /** The length of the prefix to allocate of each family; undefined for no prefix of that family. */
  readonly prefixLengths: Readonly<Record<Family, number | undefined>>;
  readonly internetAccess: InternetAccess | undefined;
}

export interface Sharing {
  /** Whether consumers are hidden behind an address of the shared network. */
  readonly nat: boolean;
  /** What is reachable through the network; with any, the network is a DMZ. */
  readonly destinationPrefixes: readonly Prefix[];
  /** The projects that may consume it; undefined for all. */
  readonly exposedTo: readonly string[] | undefined;
  /** How often the network was marked with other values than the first time. */
  readonly contradictions: number;
}

export type InternetAccess =
  | { readonly kind: 'via-firewall' }
  | { readonly kind: 'via-proxy'; readonly address: Address; readonly port: number }
  | { readonly kind: 'none' };

/** A network beyond the partition, reached from its border leaves: the internet, say. */
export interface ExternalNetwork extends NetworkBase {
  readonly kind: 'external';
  /** What is reachable through the network. */
  readonly destinationPrefixes: readonly Prefix[];
  /** Whether private networks are hidden behind an address of this network (IPv4 only). */
  readonly nat: boolean;
  readonly routers: readonly Router[];
}

/** A router of somebody else that a border leaf speaks BGP with. */
export interface Router {
  readonly name: string;
  readonly asn: number;
  /** The router's addresses on the link, one for each family spoken. */
  readonly peers: readonly RouterAddress[];
  /** The border leaf it is wired to; undefined to have one chosen. */
  readonly leaf: Reference | undefined;
  /** The port of that leaf; undefined to have one chosen. */
  readonly port: string | undefined;
}

export interface RouterAddress {
  readonly address: Address;
  /** The length of the prefix of the link. */
  readonly length: number;
  /** The border leaf's own address on the link; undefined for the other address of a /31 or /127. */
  readonly local: Address | undefined;
}

/** The network of the switches' loopbacks. It exists so that attaching it by hand can be refused. */
export interface UnderlayNetwork extends NetworkBase {
  readonly kind: 'underlay';
}

/** A private network that was marked as shared. */
export interface SharedNetwork extends PrivateNetwork {
  readonly sharing: Sharing;
}

export function isShared(network: Network): network is SharedNetwork {
  return network.kind === 'private' && network.sharing !== undefined;
}

export function isUnshared(network: Network): network is PrivateNetwork {
  return network.kind === 'private' && network.sharing === undefined;
}

/** What can be reached *through* the network, beyond its own prefixes. */
export function destinationsOf(network: Network): readonly Prefix[] {
  switch (network.kind) {
    case 'external':
      return network.destinationPrefixes;
    case 'private':
      return network.sharing?.destinationPrefixes ?? [];
    case 'underlay':
      return [];
  }
}

/** Whether a firewall hides its private network from this one. */
export function asksForNat(network: Network): boolean {
  switch (network.kind) {
    case 'external':
      return network.nat;
    case 'private':
      return network.sharing?.nat ?? false;
    case 'underlay':
      return false;
  }
}
