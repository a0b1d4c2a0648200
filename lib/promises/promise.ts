import type { Family } from '../net';

/** Something the fabric promises: these packets arrive, seen as coming from there, or do not. */
export interface Promise {
  readonly from: Party;
  readonly to: Party;
  readonly family: Family;
  readonly protocol: 'any' | 'icmp' | 'tcp' | 'udp';
  /** Of tcp and udp, like `443` or `30000-32767`; empty for every port. */
  readonly ports: readonly string[];
  readonly verdict: 'allowed' | 'denied';
  /** The source address that the far side sees: `original`, one address; undefined where nothing arrives. */
  readonly seenAs: string | undefined;
  /** The firewall the packets pass; undefined where there is none in the path. */
  readonly via: string | undefined;
  readonly because: string;
}

/**
 * One side of a promise: all machines of a network, all firewalls with an address in it but the one in the path, one host
 * (a firewall, a machine, a proxy), what lies beyond a network, or everything that no other promise of the same side names.
 */
export interface Party {
  readonly kind: 'network' | 'firewalls' | 'host' | 'beyond' | 'anything-else';
  /** The network or host; of `beyond`, the network that leads there; of `anything-else`, empty. */
  readonly name: string;
  /** The addresses meant, as prefixes. */
  readonly prefixes: readonly string[];
}
