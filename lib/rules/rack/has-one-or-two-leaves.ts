import { type Range, isWithin } from '../../net';
import { groupBy } from '../../model';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { count } from '../words';

const LEAVES_RANGE: Range = { first: 1, last: 2 };

export const hasOneOrTwoLeaves = defineRule({
  id: 'rack/has-one-or-two-leaves',
  statement: 'A rack has one leaf, or a pair of them.',
  source: 'metal-stack/metal-api: a machine is connected to the two leaves of its rack. One leaf is our own addition.',
  *check({ partitions }) {
    for (const { racks, switches } of partitions) {
      const leaves = groupBy(
        switches.filter(({ role }) => role === 'leaf'),
        ({ rack }) => rack,
      );
      for (const rack of racks) {
        const declared = rack.leafCount;
        const found = isWithin(declared, LEAVES_RANGE) ? (leaves.get(rack.path)?.length ?? declared) : declared;
        if (!isOutside(found, LEAVES_RANGE)) continue;
        yield {
          subject: rack,
          problem: `has ${count(found, 'leaf', 'leaves')}`,
          fix: 'give it one leaf or two, and the others a rack of their own',
        };
      }
    }
  },
});
