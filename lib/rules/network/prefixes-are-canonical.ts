import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const prefixesAreCanonical = defineRule({
  id: 'network/prefixes-are-canonical',
  statement: 'A prefix is written without host bits.',
  source: 'decision: 10.0.16.1/22 is either an address or a mistake. metal-stack/metal-apiserver asks for the same.',
  check: (fabric) => misfitsOf(fabric, 'network/prefixes-are-canonical'),
});
