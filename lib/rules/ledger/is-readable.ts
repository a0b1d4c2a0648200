import { defineRule } from '../rule';
import { printable } from '../words';

export const isReadable = defineRule({
  id: 'ledger/is-readable',
  statement: 'The ledger of a partition can be read.',
  source: 'decision: without the ledger every number would be given anew, and devices renumbered.',
  *check({ partitions }) {
    for (const { path, recorded } of partitions) {
      if (recorded.fault === undefined) continue;
      const { file, problem, fix } = recorded.fault;
      yield { subject: { path }, problem: `${printable(file)}: ${problem}`, fix };
    }
  },
});
