import { vlanPoolIsInRange } from '../../../lib/rules/partition/vlan-pool-is-in-range';
import { partition } from '../model';
import { testRule } from '../test-rule';

const pools = (first: number, last: number) => ({
  pools: { ...partition('par1').pools, vlans: { first, last } },
});

testRule(vlanPoolIsInRange, {
  holds: {
    'from the lowest to the highest': pools(1001, 4094),
    'for a pool of one': pools(1001, 1001),
  },
  breaks: {
    'below the lowest': { ...pools(1000, 4094), findings: { par1: 'VLAN pool 1000–4094 is not within 1001–4094' } },
    'above the highest': { ...pools(1001, 4095), findings: { par1: 'VLAN pool 1001–4095 is not within 1001–4094' } },
    'by a fraction': { ...pools(1001.5, 4094), findings: { par1: 'VLAN pool 1001.5–4094 is not within 1001–4094' } },
    'when its ends are reversed': {
      ...pools(4094, 1001),
      findings: { par1: 'VLAN pool 4094–1001 ends before it begins' },
    },
  },
});
