import type { Reference } from './declared';

/** In what order devices are applied, where that is not the same for all fabrics. */
export interface Rollout {
  /** Devices that are applied before all others. */
  readonly canaries: readonly Reference[];
  readonly maxUnavailable: MaxUnavailable;
}

/** How many devices that stand in for one another may be applied at once. */
export interface MaxUnavailable {
  readonly spines: number;
  readonly borderLeaves: number;
  /** Of one rack. */
  readonly leaves: number;
  /** Of one primary network. */
  readonly firewalls: number;
  /** Of one primary network; undefined for all of them. */
  readonly machines: number | undefined;
}

/** Devices that stand in for one another: what one of them fails to do, the others do. */
export interface Redundancy {
  readonly of: keyof MaxUnavailable;
  /** The rack, or the primary network; empty where there is one group in a partition. */
  readonly within: Reference;
}
