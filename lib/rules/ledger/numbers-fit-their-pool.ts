import { shortagesOf } from '../refused';
import { defineRule } from '../rule';

export const numbersFitTheirPool = defineRule({
  id: 'ledger/numbers-fit-their-pool',
  statement: 'Every number that the ledger holds lies in the pool it was given from, and is held once.',
  source: 'decision: nothing is renumbered unless it is asked for, with `metal-fabric ledger renumber`.',
  check: ({ partitions }) => shortagesOf(partitions, 'ledger/numbers-fit-their-pool'),
});
