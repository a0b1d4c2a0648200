import { mtuIsInRange } from '../../../lib/rules/partition/mtu-is-in-range';
import { testRule } from '../test-rule';

testRule(mtuIsInRange, {
  holds: {
    'for the lowest': { mtu: { underlay: 1330, overlay: 1280 } },
    'for the highest': { mtu: { underlay: 9216, overlay: 9166 } },
  },
  breaks: {
    'below the lowest': {
      mtu: { underlay: 9216, overlay: 1279 },
      findings: { par1: 'overlay MTU 1279 is outside 1280–9216' },
    },
    'above the highest': {
      mtu: { underlay: 9217, overlay: 9000 },
      findings: { par1: 'underlay MTU 9217 is outside 1280–9216' },
    },
    'by fractions': {
      mtu: { underlay: 1500.5, overlay: 1400.5 },
      findings: { par1: ['overlay MTU 1400.5 is outside 1280–9216', 'underlay MTU 1500.5 is outside 1280–9216'] },
    },
  },
});
