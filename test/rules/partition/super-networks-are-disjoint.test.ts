import { superNetworksAreDisjoint } from '../../../lib/rules/partition/super-networks-are-disjoint';
import { partition } from '../model';
import { testRule } from '../test-rule';

testRule(superNetworksAreDisjoint, {
  holds: {
    'for neighbours that touch': { superNetworks: ['10.128.0.0/15', '10.130.0.0/15'] },
    'between partitions, which exchange no private routes': { others: [partition('par2')] },
  },
  breaks: {
    'when one contains another': {
      superNetworks: ['10.129.0.0/16', '10.128.0.0/14', '10.130.0.0/16'],
      findings: {
        par1: [
          'super network 10.129.0.0/16 lies in 10.128.0.0/14',
          'super network 10.130.0.0/16 lies in 10.128.0.0/14',
        ],
      },
    },
    'when one is given twice': {
      superNetworks: ['10.128.0.0/14', '10.128.0.0/14'],
      findings: { par1: 'super network 10.128.0.0/14 lies in 10.128.0.0/14' },
    },
  },
});
