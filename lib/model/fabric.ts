import type { Address, Prefix, Range } from '../net';
import type { Declared, Misfit, Reference } from './declared';
import type { Firewall, Machine } from './host';
import type { Network } from './network';
import type { Policy } from './policy';
import type { Rollout } from './rollout';
import type { Target } from './target';

/** All that an app declares: the input of `compile`. */
export interface Fabric {
  readonly partitions: readonly Partition[];
  /** Paths of constructs that stand outside of every stack. */
  readonly strays: readonly string[];
  readonly misfits: readonly Misfit[];
}

/** One failure domain: its switches, networks and hosts. Lists are ordered by name, whatever the order of declaration. */
export interface Partition extends Declared {
  readonly kind: 'partition';
  /** Private networks are carved out of these. */
  readonly superNetworks: readonly Prefix[];
  /** The loopbacks of switches and firewalls lie in here. */
  readonly underlay: Prefix | undefined;
  readonly mtu: Mtu;
  readonly pools: Pools;
  readonly frr: FrrVersion;
  /** The interface through which devices are managed; SSH is let in there only. */
  readonly managementInterface: string;
  /** Of devices without one of their own. */
  readonly target: Target;
  readonly rollout: Rollout;
  readonly racks: readonly Rack[];
  readonly switches: readonly Switch[];
  readonly networks: readonly Network[];
  readonly machines: readonly Machine[];
  readonly firewalls: readonly Firewall[];
  /** What the user wants to be true of what the devices let through. */
  readonly policies: readonly Policy[];
  /** What the ledger remembers of earlier synths. */
  readonly recorded: Recorded;
}

export interface Mtu {
  /** Of links between switches, and from leaves to firewalls. */
  readonly underlay: number;
  /** Of tenant networks: VXLAN interfaces, SVIs and machines' links. */
  readonly overlay: number;
}

/** Where numbers are allocated from. A number that the user fixed may lie outside. */
export interface Pools {
  readonly vnis: Range;
  /** Local to each device. */
  readonly vlans: Range;
  readonly asns: Range;
}

/** The release of FRR that the partition's devices run. */
export interface FrrVersion {
  readonly major: number;
  readonly minor: number;
}

export interface Rack extends Declared {
  readonly kind: 'rack';
  readonly partition: Reference;
  /** How many leaves the rack was declared with. */
  readonly leafCount: number;
}

export type SwitchRole = 'spine' | 'leaf' | 'border-leaf';

export interface Switch extends Declared {
  readonly kind: 'switch';
  readonly partition: Reference;
  readonly role: SwitchRole;
  /** The rack of a leaf. */
  readonly rack: Reference | undefined;
  /** Front panel ports, named swp1 and on. */
  readonly ports: number;
  readonly managementAddress: Address | undefined;
  /** Undefined for that of the partition. */
  readonly target: Target | undefined;
}

export interface Recorded {
  /** Names of networks that were shared once. */
  readonly shared: readonly string[];
  /** Why the ledger could not be read; undefined when it could, or when there is none yet. */
  readonly fault: LedgerFault | undefined;
  /** What a frozen ledger would have had to change; empty when nothing, or when it is not frozen. */
  readonly frozenChanges: readonly string[];
  /** Numbers that could not be given. */
  readonly shortages: readonly Shortage[];
}

export interface LedgerFault {
  readonly file: string;
  readonly problem: string;
  readonly fix: string;
}

/** That a number could not be given. */
export interface Shortage {
  /** Which rule of the pool it breaks. */
  readonly kind:
    | 'exhausted'
    /** Two holders were fixed to, or hold, one number. */
    | 'taken'
    /** The ledger holds a number that no longer fits the pool. */
    | 'misplaced'
    /** A number of the pool's prefixes that none may be given. */
    | 'unusable';
  readonly pool: PoolKind;
  /** The construct that goes without. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

export type PoolKind = 'vni' | 'vlan' | 'asn' | 'loopback' | 'prefix' | 'address' | 'port';

export const NOTHING_RECORDED: Recorded = { shared: [], fault: undefined, frozenChanges: [], shortages: [] };
