import { leafIsInARack } from '../../../lib/rules/switch/leaf-is-in-a-rack';
import { borderLeaf, leaf, partition, spine } from '../model';
import { testRule } from '../test-rule';

testRule(leafIsInARack, {
  holds: {
    'for spines and border leaves without a rack': { switches: [spine('spine1'), borderLeaf('border1')] },
    'for a rack that nobody declares, which is reported already': { switches: [leaf('leaf1', { rack: 'par1/rack9' })] },
  },
  breaks: {
    'by a leaf without a rack': {
      switches: [leaf('leaf1', { rack: undefined })],
      findings: { 'par1/leaf1': 'the leaf is in no rack' },
    },
    'by a rack of another partition, for a spine too': {
      switches: [leaf('leaf1', { rack: 'par2/rack1' }), spine('spine1', { rack: 'par2/rack1' })],
      others: [partition('par2')],
      findings: {
        'par1/leaf1': 'rack "rack1" (par2/rack1) belongs to another partition',
        'par1/spine1': 'rack "rack1" (par2/rack1) belongs to another partition',
      },
    },
  },
});
