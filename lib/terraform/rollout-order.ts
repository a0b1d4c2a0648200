import { groupBy, type MaxUnavailable, redundancyOf, type Rollout } from '../model';
import { devicesOf, type Plan } from '../plan';

/** A device, as far as its turn depends on it. */
export interface Step {
  readonly name: string;
  readonly kind: keyof MaxUnavailable;
  /** Devices of one group stand in for one another. */
  readonly group: string;
  /** How many of its group may be applied at once. */
  readonly atOnce: number;
  readonly isCanary: boolean;
  /** The leaves that a host is wired to. */
  readonly wiredTo: readonly string[];
}

/** Where many wait for many: those wait for the barrier alone, and the barrier for these. */
export type Barrier = 'canary-spines' | 'canaries' | 'spines';

/** What is waited for, by name. */
export interface Waits {
  readonly devices: readonly string[];
  readonly barriers: readonly Barrier[];
}

export interface RolloutOrder {
  readonly devices: ReadonlyMap<string, Waits>;
  readonly barriers: ReadonlyMap<Barrier, Waits>;
}

/** The devices of a plan in the order of their names within a group. */
export function stepsOf(plan: Plan, { canaries, maxUnavailable }: Rollout): readonly Step[] {
  const first = new Set(canaries);
  return devicesOf(plan).map(({ name, kind, declared, ports }): Step => {
    const { of, within } = redundancyOf(declared);
    return {
      name,
      kind: of,
      group: `${of} ${within}`,
      atOnce: maxUnavailable[of] ?? Infinity,
      isCanary: first.has(declared.path),
      wiredTo: kind === 'switch' ? [] : [...new Set(ports.map(({ peer }) => peer))],
    };
  });
}

/** The barriers that a rollout needs, whatever the devices. */
export function barriersOf({ canaries, maxUnavailable }: Rollout): readonly Barrier[] {
  const manySpines = maxUnavailable.spines > 1;
  return [
    ...(manySpines && canaries.length > 1 ? ['canary-spines' as const] : []),
    ...(canaries.length > 1 ? ['canaries' as const] : []),
    ...(manySpines ? ['spines' as const] : []),
  ];
}

/**
 * What each device waits for. Of those that stand in for one another, each waits for the one so many before it as may be applied
 * at once. Leaves wait for the last spines, hosts for the leaves that they are wired to; racks do not wait for one another.
 * Canaries go first, in the same order among themselves. The number of waits grows with that of devices and cables.
 */
export function rolloutOrder(steps: readonly Step[], barriers: readonly Barrier[]): RolloutOrder {
  const has = (barrier: Barrier): Barrier | undefined => (barriers.includes(barrier) ? barrier : undefined);
  const canaries = stageOf(
    steps.filter(({ isCanary }) => isCanary),
    has('canary-spines'),
  );
  const others = stageOf(
    steps.filter(({ isCanary }) => !isCanary),
    has('spines'),
  );
  return joined(canaries, others, has('canaries'));
}

const NOTHING: Waits = { devices: [], barriers: [] };
const forDevices = (devices: readonly string[]): Waits => ({ ...NOTHING, devices });

/** Some of the devices, in an order of their own. */
function stageOf(steps: readonly Step[], barrier: Barrier | undefined): RolloutOrder {
  const names = new Set(steps.map(({ name }) => name));
  const lastSpines = lastOf(steps.filter(({ kind }) => kind === 'spines'));
  const spines: Waits =
    barrier === undefined || lastSpines.length === 0 ? forDevices(lastSpines) : { devices: [], barriers: [barrier] };
  const devices = [...groupBy(steps, ({ group }) => group).values()].flatMap((group) =>
    group.map((step, index): readonly [string, Waits] => {
      const before = group[index - step.atOnce]?.name;
      if (step.kind === 'leaves' || step.kind === 'borderLeaves') {
        return [step.name, before === undefined ? spines : forDevices([before])];
      }
      const leaves = step.wiredTo.filter((leaf) => names.has(leaf));
      return [step.name, forDevices(before === undefined ? leaves : [...leaves, before])];
    }),
  );
  return {
    devices: new Map(devices),
    barriers: new Map(barrier === undefined ? [] : [[barrier, forDevices(lastSpines)]]),
  };
}

/** Those of a group that nobody of the group waits for. */
const lastOf = (group: readonly Step[]): readonly string[] =>
  group.slice(-Math.min(group[0]?.atOnce ?? 1, group.length)).map(({ name }) => name);

/** Both stages, the second one after the first. */
function joined(first: RolloutOrder, second: RolloutOrder, barrier: Barrier | undefined): RolloutOrder {
  const ends = endsOf(first);
  const waitForFirst: Waits = barrier === undefined ? forDevices(ends) : { devices: [], barriers: [barrier] };
  const isRoot = ({ devices, barriers }: Waits): boolean => devices.length === 0 && barriers.length === 0;
  const afterFirst = [...second.devices].map(([name, waits]) => [name, isRoot(waits) ? waitForFirst : waits] as const);
  return {
    devices: new Map([...first.devices, ...afterFirst]),
    barriers: new Map([
      ...first.barriers,
      ...(barrier === undefined ? [] : [[barrier, forDevices(ends)] as const]),
      ...second.barriers,
    ]),
  };
}

/** The devices that nothing waits for. */
function endsOf({ devices, barriers }: RolloutOrder): readonly string[] {
  const direct = [...devices.values()];
  // A barrier that nobody waits for stands at no end.
  const through = direct.flatMap((waits) => waits.barriers.flatMap((barrier) => barriers.get(barrier) ?? []));
  const waited = new Set([...direct, ...through].flatMap((waits) => waits.devices));
  return [...devices.keys()].filter((name) => !waited.has(name));
}
