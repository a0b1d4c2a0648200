import { vniIsInRange } from '../../../lib/rules/network/vni-is-in-range';
import { externalNetwork, privateNetwork } from '../model';
import { testRule } from '../test-rule';

const vni = (number: number | undefined) => ({ networks: [privateNetwork('red', { vni: number })] });

testRule(vniIsInRange, {
  holds: {
    'for the lowest': vni(1),
    'for the highest': vni(16_777_214),
    'for one that was refused, which is reported already': vni(NaN),
    'when one is to be allocated': vni(undefined),
  },
  breaks: {
    'below the lowest': { ...vni(0), findings: { 'par1/red': 'vni 0 is outside 1–16777214' } },
    'above the highest': { ...vni(16_777_215), findings: { 'par1/red': 'vni 16777215 is outside 1–16777214' } },
    'by a fraction': { ...vni(1.5), findings: { 'par1/red': 'vni 1.5 is outside 1–16777214' } },
    'by an external network too': {
      networks: [externalNetwork('internet', { vni: -1 })],
      findings: { 'par1/internet': 'vni -1 is outside 1–16777214' },
    },
  },
});
