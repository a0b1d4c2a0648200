import { networkHasRoom } from '../../../lib/rules/host/network-has-room';
import { shortage } from '../model';
import { testRule } from '../test-rule';

testRule(networkHasRoom, {
  holds: {
    'when every address could be given': {},
    'for shortages that other rules speak of': { recorded: { shortages: [shortage('exhausted', 'vni', 'red')] } },
  },
  breaks: {
    'when there is no address left': {
      recorded: { shortages: [shortage('exhausted', 'address', 'm1')] },
      findings: { 'par1/m1': 'address is exhausted' },
    },
  },
});
