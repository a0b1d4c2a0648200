import { VNI_RANGE, printRange } from '../../net';
import { checkPool } from '../pool';
import { defineRule } from '../rule';

export const vniPoolIsInRange = defineRule({
  id: 'partition/vni-pool-is-in-range',
  statement: `The pool that VNIs are given from lies within ${printRange(VNI_RANGE)}.`,
  source: 'RFC 7348 section 5: a VXLAN Network Identifier has 24 bits; FRR refuses 0, and ifupdown2 16777215.',
  check: (fabric) => checkPool(fabric, 'vnis', 'VNI', VNI_RANGE),
});
