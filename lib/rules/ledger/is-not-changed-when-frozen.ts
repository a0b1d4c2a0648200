import { defineRule } from '../rule';

export const isNotChangedWhenFrozen = defineRule({
  id: 'ledger/is-not-changed-when-frozen',
  statement: 'A frozen ledger already holds every number that is needed.',
  source:
    'decision: what CI checks is what was committed; numbers that only CI has seen would be given anew next time.',
  *check({ partitions }) {
    for (const { path, recorded } of partitions) {
      for (const change of recorded.frozenChanges) {
        yield {
          subject: { path },
          problem: `the ledger is frozen, and would change: ${change}`,
          fix: 'synthesize with frozenLedger: false, and without METAL_FABRIC_FROZEN, where the app was changed, and commit the ledger with it',
        };
      }
    }
  },
});
