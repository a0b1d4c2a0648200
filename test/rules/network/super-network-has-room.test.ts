import { superNetworkHasRoom } from '../../../lib/rules/network/super-network-has-room';
import { shortage } from '../model';
import { testRule } from '../test-rule';

testRule(superNetworkHasRoom, {
  holds: {
    'when every prefix could be given': {},
    'without any super network, which is reported for that': {
      superNetworks: [],
      recorded: { shortages: [shortage('exhausted', 'prefix', 'red')] },
    },
    'for shortages that other rules speak of': { recorded: { shortages: [shortage('exhausted', 'vni', 'red')] } },
  },
  breaks: {
    'when there is no prefix left': {
      recorded: { shortages: [shortage('exhausted', 'prefix', 'red')] },
      findings: { 'par1/red': 'prefix is exhausted' },
    },
  },
});
