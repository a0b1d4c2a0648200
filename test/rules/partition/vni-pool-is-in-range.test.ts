import { vniPoolIsInRange } from '../../../lib/rules/partition/vni-pool-is-in-range';
import { partition } from '../model';
import { testRule } from '../test-rule';

const pools = (first: number, last: number) => ({
  pools: { ...partition('par1').pools, vnis: { first, last } },
});

testRule(vniPoolIsInRange, {
  holds: {
    'from the lowest to the highest': pools(1, 16777214),
    'for a pool of one': pools(1, 1),
  },
  breaks: {
    'below the lowest': { ...pools(0, 16777214), findings: { par1: 'VNI pool 0–16777214 is not within 1–16777214' } },
    'above the highest': { ...pools(1, 16777215), findings: { par1: 'VNI pool 1–16777215 is not within 1–16777214' } },
    'by a fraction': { ...pools(1.5, 16777214), findings: { par1: 'VNI pool 1.5–16777214 is not within 1–16777214' } },
    'when its ends are reversed': {
      ...pools(16777214, 1),
      findings: { par1: 'VNI pool 16777214–1 ends before it begins' },
    },
  },
});
