import type { Plan, PlannedDevice, PlannedSwitch } from '../plan';
import { groupBy } from '../model';

/**
 * The devices that are applied before each device, by name. Devices that stand in for one another form a chain: the
 * spines, the leaves of a rack, the border leaves. Leaves wait for the last spine, hosts for the leaves they are wired
 * to. Racks do not wait for one another.
 */
export function rolloutOrder({ switches, firewalls, machines }: Plan): ReadonlyMap<string, readonly string[]> {
  const spines = switches.filter(({ declared }) => declared.role === 'spine');
  const lastSpine = spines.at(-1)?.name;
  const chains = groupBy(
    switches.filter(({ declared }) => declared.role !== 'spine'),
    ({ declared }) => (declared.role === 'border-leaf' ? 'border leaves' : `rack ${declared.rack ?? ''}`),
  );
  return new Map([
    ...chain(spines, undefined),
    ...[...chains.values()].flatMap((leaves) => chain(leaves, lastSpine)),
    ...[...firewalls, ...machines].map((host) => [host.name, peersOf(host)] as const),
  ]);
}

const chain = (
  members: readonly PlannedSwitch[],
  before: string | undefined,
): readonly (readonly [string, readonly string[]])[] =>
  members.map(({ name }, index) => {
    const previous = members[index - 1]?.name ?? before;
    return [name, previous === undefined ? [] : [previous]];
  });

const peersOf = ({ ports }: PlannedDevice): readonly string[] => [...new Set(ports.map(({ peer }) => peer))];
