import { defineRule } from '../rule';
import { named } from '../words';

export const leafIsInARack = defineRule({
  id: 'switch/leaf-is-in-a-rack',
  statement: 'A leaf is in a rack, and every switch in a rack is of the same partition as the rack.',
  source: 'decision: hosts are wired to the leaves of their rack; a rack is in one failure domain.',
  *check({ partitions }, lookup) {
    for (const device of partitions.flatMap(({ switches }) => switches)) {
      if (device.rack === undefined) {
        if (device.role !== 'leaf') continue;
        yield { subject: device, problem: 'the leaf is in no rack', fix: 'declare it with a rack of its partition' };
        continue;
      }
      const rack = lookup.tryFindRack(device.rack);
      if (rack === undefined || rack.partition === device.partition) continue;
      yield {
        subject: device,
        problem: `rack ${named(rack)} belongs to another partition`,
        fix: 'choose a rack of the partition that the switch is declared in',
      };
    }
  },
});
