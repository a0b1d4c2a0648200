import type { Reference, Rollout as RolloutModel } from '../model';
import type { IHost, ISwitch } from './handles';
import { propsOf, type Reader } from './reader';

/** How many devices that stand in for one another may be applied at once. One by one, nobody loses more than one of them. */
export interface MaxUnavailable {
  /**
   * Of the spines.
   * @default 1
   */
  readonly spines?: number;

  /**
   * Of the border leaves.
   * @default 1
   */
  readonly borderLeaves?: number;

  /**
   * Of the leaves of one rack.
   * @default 1
   */
  readonly leaves?: number;

  /**
   * Of the firewalls of one primary network.
   * @default 1
   */
  readonly firewalls?: number;

  /**
   * Of the machines of one primary network.
   * @default - all of them
   */
  readonly machines?: number;
}

/**
 * In what order Terraform applies devices. Those that stand in for one another go one by one; racks do not wait for one another. A
 * device that fails stops all that come after it, and its partner is one of them.
 */
export class Rollout {
  /** All devices in their chains. */
  public static inChains(maxUnavailable: MaxUnavailable = {}): Rollout {
    return new Rollout(undefined, maxUnavailable);
  }

  /** These devices before all others, in the same order among themselves: where one of them fails, no other is touched. */
  public static canary(devices: (ISwitch | IHost)[], maxUnavailable: MaxUnavailable = {}): Rollout {
    return new Rollout(devices, maxUnavailable);
  }

  private constructor(
    /** @internal */
    public readonly _canaries: readonly (ISwitch | IHost)[] | undefined,
    /** @internal */
    public readonly _maxUnavailable: MaxUnavailable,
  ) {}
}

export const IN_CHAINS: RolloutModel = {
  canaries: [],
  maxUnavailable: { spines: 1, borderLeaves: 1, leaves: 1, firewalls: 1, machines: undefined },
};

/** Reads a rollout; undefined for what is none. */
export function readRollout(reader: Reader, property: string, given: Rollout): RolloutModel | undefined {
  const rollout = reader.object(property, given, 'Rollout', '_maxUnavailable');
  if (rollout === undefined) return undefined;
  const limits = reader.object(`${property}.maxUnavailable`, propsOf(rollout._maxUnavailable), 'MaxUnavailable');
  const limit = (of: keyof MaxUnavailable): number | undefined =>
    reader.optional(limits?.[of], (count) => reader.integer(`${property}.maxUnavailable.${of}`, count));
  return {
    canaries: reader.optional(rollout._canaries, (devices) => readCanaries(reader, property, devices)) ?? [],
    maxUnavailable: {
      spines: limit('spines') ?? 1,
      borderLeaves: limit('borderLeaves') ?? 1,
      leaves: limit('leaves') ?? 1,
      firewalls: limit('firewalls') ?? 1,
      machines: limit('machines'),
    },
  };
}

function readCanaries(reader: Reader, property: string, devices: readonly (ISwitch | IHost)[]): readonly Reference[] {
  const paths = [...new Set(reader.constructs(`${property}.canary`, devices))];
  if (Array.isArray(devices) && devices.length === 0) {
    reader.reject(`${property}.canary`, 'names no device', 'name one, or roll out in chains');
  }
  return paths;
}
