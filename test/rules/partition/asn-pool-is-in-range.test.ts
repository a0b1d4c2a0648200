import { asnPoolIsInRange } from '../../../lib/rules/partition/asn-pool-is-in-range';
import { partition } from '../model';
import { testRule } from '../test-rule';

const pools = (first: number, last: number) => ({
  pools: { ...partition('par1').pools, asns: { first, last } },
});

testRule(asnPoolIsInRange, {
  holds: {
    'from the lowest to the highest': pools(4200000000, 4294967294),
    'for a pool of one': pools(4200000000, 4200000000),
  },
  breaks: {
    'below the lowest': {
      ...pools(4199999999, 4294967294),
      findings: { par1: 'ASN pool 4199999999–4294967294 is not within 4200000000–4294967294' },
    },
    'above the highest': {
      ...pools(4200000000, 4294967295),
      findings: { par1: 'ASN pool 4200000000–4294967295 is not within 4200000000–4294967294' },
    },
    'by a fraction': {
      ...pools(4200000000.5, 4294967294),
      findings: { par1: 'ASN pool 4200000000.5–4294967294 is not within 4200000000–4294967294' },
    },
    'when its ends are reversed': {
      ...pools(4294967294, 4200000000),
      findings: { par1: 'ASN pool 4294967294–4200000000 ends before it begins' },
    },
  },
});
