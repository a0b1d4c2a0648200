import { groupBy, hostsOf, type MaxUnavailable, type Partition, type Redundancy, redundancyOf } from '../../model';
import { defineRule } from '../rule';
import { printable } from '../words';

export const rolloutLeavesSomebody = defineRule({
  id: 'partition/rollout-leaves-somebody',
  statement: 'A rollout takes at least one device at a time, and never all of those that stand in for one another.',
  source:
    'decision: changes never take both of a pair. Machines of one network do not stand in for one another by themselves.',
  *check({ partitions }) {
    for (const partition of partitions) {
      for (const [of, limit] of limitsOf(partition)) {
        if (limit < 1) {
          yield {
            subject: partition,
            problem: `maxUnavailable.${of} is ${limit}: nothing could be applied`,
            fix: 'choose a whole number from 1 on',
          };
        } else if (of !== 'machines') {
          const group = smallestGroup(partition, of);
          if (group === undefined || limit < group.size) continue;
          yield {
            subject: partition,
            problem: `maxUnavailable.${of} is ${limit}, and there are ${group.size} ${WORDS[of]}${group.place}`,
            fix: `choose at most ${group.size - 1}, so that one of them is left`,
          };
        }
      }
    }
  },
});

const WORDS: Readonly<Record<Exclude<keyof MaxUnavailable, 'machines'>, string>> = {
  spines: 'spines',
  borderLeaves: 'border leaves',
  leaves: 'leaves in the rack ',
  firewalls: 'firewalls of the network ',
};

/** Numbers that were refused where they entered are left out. */
function limitsOf({ rollout }: Partition): readonly (readonly [keyof MaxUnavailable, number])[] {
  const { spines, borderLeaves, leaves, firewalls, machines } = rollout.maxUnavailable;
  const limits = { spines, borderLeaves, leaves, firewalls, machines: machines ?? Infinity };
  return (Object.entries(limits) as [keyof MaxUnavailable, number][]).filter(([, limit]) => !Number.isNaN(limit));
}

/** Of those with more than one member; undefined if there is none. */
function smallestGroup(
  partition: Partition,
  of: keyof MaxUnavailable,
): { readonly size: number; readonly place: string } | undefined {
  const members = [...partition.switches, ...hostsOf(partition)].map(redundancyOf).filter((group) => group.of === of);
  const [smallest] = [...groupBy(members, ({ within }: Redundancy) => within)]
    .map(([within, { length }]) => ({ size: length, place: printable(within) }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => a.size - b.size || (a.place < b.place ? -1 : 1));
  return smallest;
}
