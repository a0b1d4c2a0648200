import type { Address, Prefix } from '../net';
import type {
  Attachment,
  Connection,
  ExternalNetwork,
  Firewall,
  Machine,
  Partition,
  PrivateNetwork,
  Reference,
  Router,
  Switch,
} from '../model';

/** A partition with every number given. */
export interface Plan {
  readonly partition: Partition;
  readonly networks: readonly PlannedNetwork[];
  readonly switches: readonly PlannedSwitch[];
  readonly firewalls: readonly PlannedFirewall[];
  readonly machines: readonly PlannedMachine[];
  /** Every cable, ordered by its ends. */
  readonly links: readonly Link[];
}

export interface PlannedNetwork {
  readonly declared: PrivateNetwork | ExternalNetwork;
  readonly name: string;
  readonly vni: number;
  /** IPv4 first. */
  readonly prefixes: readonly Prefix[];
}

interface PlannedSpeaker {
  readonly name: string;
  readonly asn: number;
  /** An IPv4 address, as BGP wants it, unique within the partition. */
  readonly routerId: Address;
  /** Its cables, with this device as the near end, ordered by port. */
  readonly ports: readonly Port[];
}

/** A device that ends VXLAN tunnels: its loopback is its VTEP and its router-id. */
interface PlannedVtep extends PlannedSpeaker {
  readonly loopback: Address;
  /** The MAC address of its bridge and SVIs, locally administered, unique within the partition. */
  readonly mac: string;
  /** The VLAN of each network on this device, and the number of the VRF's route table; by the network's path. */
  readonly vlans: ReadonlyMap<Reference, number>;
}

export interface PlannedSwitch extends PlannedVtep {
  readonly kind: 'switch';
  readonly declared: Switch;
}

export interface PlannedFirewall extends PlannedVtep {
  readonly kind: 'firewall';
  readonly declared: Firewall;
  readonly primary: PlannedAttachment;
  /** Ordered by the network's name. */
  readonly connections: readonly PlannedConnection[];
}

export interface PlannedMachine extends PlannedSpeaker {
  readonly kind: 'machine';
  readonly declared: Machine;
  readonly primary: PlannedAttachment;
  /** Ordered by the network's name. */
  readonly attachments: readonly PlannedAttachment[];
}

export interface PlannedAttachment {
  readonly declared: Attachment;
  readonly network: PlannedNetwork;
  /** The host's addresses in the network: one of each family, IPv4 first, and behind it the one that a firewall translates to. */
  readonly addresses: readonly Address[];
}

export interface PlannedConnection extends PlannedAttachment {
  readonly declared: Connection;
}

export type PlannedDevice = PlannedSwitch | PlannedFirewall | PlannedMachine;

/** One end of a cable, as its device sees it. */
export interface Port {
  /** The interface of this device. */
  readonly name: string;
  readonly link: LinkKind;
  /** The device at the far end, or the router's name. */
  readonly peer: string;
  /** Empty for a router. */
  readonly peerPort: string;
  /** Set on a border leaf's port to a router of somebody else. */
  readonly router: { readonly network: PlannedNetwork; readonly declared: Router } | undefined;
}

/** What is at the ends of a cable: two switches, a leaf and a firewall, a leaf and a machine, a border leaf and a router. */
export type LinkKind = 'fabric' | 'firewall' | 'machine' | 'router';

export interface Link {
  readonly kind: LinkKind;
  /** The end at the leaf or border leaf: each cable has one. */
  readonly a: LinkEnd;
  readonly b: LinkEnd;
}

export interface LinkEnd {
  /** The device, or the router of somebody else as `<network>/<router>`. */
  readonly device: string;
  /** Empty on a router: what its ports are called is not ours to know. */
  readonly port: string;
}

export function devicesOf({ switches, firewalls, machines }: Plan): readonly PlannedDevice[] {
  return [...switches, ...firewalls, ...machines];
}
