import { vniIsUnique } from '../../../lib/rules/network/vni-is-unique';
import { externalNetwork, partition, privateNetwork, shortage } from '../model';
import { testRule } from '../test-rule';

const same = [privateNetwork('red', { vni: 7 }), externalNetwork('internet', { vni: 7 })];

testRule(vniIsUnique, {
  holds: {
    'for different ones': { networks: [privateNetwork('red', { vni: 7 }), privateNetwork('blue', { vni: 8 })] },
    'for those to be allocated': { networks: [privateNetwork('red'), privateNetwork('blue')] },
    'for those that were refused, which is reported already': {
      networks: [privateNetwork('red', { vni: NaN }), privateNetwork('blue', { vni: NaN })],
    },
    'between partitions': {
      networks: [privateNetwork('red', { vni: 7 })],
      others: [partition('par2', { networks: [privateNetwork('red', { partition: 'par2', vni: 7 })] })],
    },
  },
  breaks: {
    'by the same one': {
      networks: same,
      findings: { 'par1/red': 'vni 7 is also that of network "internet" (par1/internet)' },
    },
    'when the ledger could not give a fixed one, once': {
      networks: same,
      recorded: { shortages: ['internet', 'red', 'blue'].map((name) => shortage('taken', 'vni', name)) },
      findings: {
        'par1/blue': 'vni is taken',
        'par1/red': 'vni 7 is also that of network "internet" (par1/internet)',
      },
    },
  },
});
