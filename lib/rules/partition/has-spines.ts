import { defineRule } from '../rule';
import { count } from '../words';

export const hasSpines = defineRule({
  id: 'partition/has-spines',
  statement: 'A partition with a leaf has a spine.',
  source: 'RFC 7938 section 3.2: in a Clos topology leaves are joined by spines and by nothing else.',
  missesSomething: true,
  *check({ partitions }) {
    for (const partition of partitions) {
      const leaves = partition.switches.filter(({ role }) => role !== 'spine').length;
      if (leaves === 0 || leaves < partition.switches.length) continue;
      yield {
        subject: partition,
        problem: `has ${count(leaves, 'leaf', 'leaves')} and no spine`,
        fix: 'give it at least one spine, better two',
      };
    }
  },
});
