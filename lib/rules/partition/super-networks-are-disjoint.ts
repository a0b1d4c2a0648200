import { overlapsOf } from '../overlaps';
import { defineRule } from '../rule';

export const superNetworksAreDisjoint = defineRule({
  id: 'partition/super-networks-are-disjoint',
  statement: 'The super networks of a partition share no address.',
  source: 'decision: an address is carved out of one super network, so that it is given once.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const claims = partition.superNetworks.map((prefix) => ({ prefix, holder: partition }));
      for (const { wide, inside } of overlapsOf(claims)) {
        yield {
          subject: partition,
          problem: `super network ${inside.prefix.toString()} lies in ${wide.prefix.toString()}`,
          fix: `leave out ${inside.prefix.toString()}`,
        };
      }
    }
  },
});
