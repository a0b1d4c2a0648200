import { PRIVATE_ASN_RANGE, printRange } from '../../net';
import { checkPool } from '../pool';
import { defineRule } from '../rule';

export const asnPoolIsInRange = defineRule({
  id: 'partition/asn-pool-is-in-range',
  statement: `The pool that ASNs are given from lies within ${printRange(PRIVATE_ASN_RANGE)}.`,
  source: 'RFC 6996 section 5: the numbers of four octets that are free for private use.',
  check: (fabric) => checkPool(fabric, 'asns', 'ASN', PRIVATE_ASN_RANGE),
});
