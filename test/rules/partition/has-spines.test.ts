import { hasSpines } from '../../../lib/rules/partition/has-spines';
import { borderLeaf, leaf, spine } from '../model';
import { testRule } from '../test-rule';

testRule(hasSpines, {
  holds: {
    'for one spine': { switches: [leaf('leaf1'), spine('spine1')] },
    'for a partition without switches': { switches: [] },
    'for a spine alone': { switches: [spine('spine1')] },
  },
  breaks: {
    'by a leaf without a spine': { switches: [leaf('leaf1')], findings: { par1: 'has 1 leaf and no spine' } },
    'by border leaves as well': {
      switches: [borderLeaf('border1'), leaf('leaf1')],
      findings: { par1: 'has 2 leaves and no spine' },
    },
  },
});
