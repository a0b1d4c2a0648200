import { checkPrimary } from '../primary';
import { defineRule } from '../rule';

export const hasOnePrimaryNetwork = defineRule({
  id: 'machine/has-one-primary-network',
  statement: 'A machine has one primary network: a private one, shared or not.',
  source:
    'specification, constraint: machines must have a single primary network configured. This might be a shared network or a plain, unshared private network.',
  check: (fabric, lookup) => checkPrimary(fabric, lookup, 'machines'),
});
