import type { Address, PortRange, Prefix } from '../net';
import type { Declared, Reference } from './declared';
import type { Target } from './target';

export type Host = Machine | Firewall;

interface HostBase extends Declared {
  readonly partition: Reference;
  readonly rack: Reference | undefined;
  /** Who owns it; undefined to take the project of the primary network. */
  readonly project: string | undefined;
  readonly primary: Attachment | undefined;
  readonly wiring: Wiring;
  /** Where it is managed; undefined if that is not known here. */
  readonly managementAddress: Address | undefined;
  /** Undefined for that of the partition. */
  readonly target: Target | undefined;
}

/** A server of a tenant. */
export interface Machine extends HostBase {
  readonly kind: 'machine';
  /** Networks joined beside the primary one. */
  readonly attachments: readonly Attachment[];
}

/** A server that routes between its primary private network and others, with FRR and nftables. */
export interface Firewall extends HostBase {
  readonly kind: 'firewall';
  readonly connections: readonly Connection[];
}

/** That a host is in a network, and as which address. */
export interface Attachment {
  readonly network: Reference;
  /** Addresses the user gave, at most one of each family. */
  readonly addresses: readonly Address[];
  /** Whether a family without a given address gets one allocated. */
  readonly autoIp: boolean;
}

export interface Connection extends Attachment {
  /** Undefined: as the network says. */
  readonly nat: NatPolicy | undefined;
  /** Undefined: all that the network lets through by default. */
  readonly allow: readonly Flow[] | undefined;
}

/** What happens to the source address of packets that leave towards a network. Of IPv4 only: IPv6 is never translated. */
export type NatPolicy =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'translate';
      /** The address seen afterwards; undefined for the firewall's own in that network. */
      readonly address: Address | undefined;
      /** Destinations that see the original address all the same. */
      readonly keep: readonly Prefix[];
    }
  | { readonly kind: 'masquerade'; readonly keep: readonly Prefix[] };

export type Protocol = 'icmp' | 'tcp' | 'udp';

/** Packets that may open a connection, seen from the firewall's primary network. */
export interface Flow {
  /** `to`: out of the primary network; `from`: into it. */
  readonly direction: 'to' | 'from';
  /** The far side; undefined when `network` names it. */
  readonly prefix: Prefix | undefined;
  readonly network: Reference | undefined;
  /** Undefined: every protocol. */
  readonly protocol: Protocol | undefined;
  /** Of tcp and udp; empty: every port. */
  readonly ports: readonly PortRange[];
  readonly comment: string | undefined;
}

/** How a host is cabled: its n-th interface goes to the n-th leaf. Undefined is chosen for the user. */
export interface Wiring {
  /** The leaves; undefined for those of the rack. */
  readonly leaves: readonly Reference[] | undefined;
  /** The port of each leaf; undefined to have them given by the ledger. */
  readonly leafPorts: readonly string[] | undefined;
  /** The interfaces of the host. */
  readonly interfaces: readonly string[];
}

/** All the networks a host is in, the primary one first. */
export function attachmentsOf(host: Host): readonly Attachment[] {
  const further = host.kind === 'machine' ? host.attachments : host.connections;
  return host.primary === undefined ? further : [host.primary, ...further];
}
