import { hasAFreePort } from '../../../lib/rules/switch/has-a-free-port';
import { shortage } from '../model';
import { testRule } from '../test-rule';

testRule(hasAFreePort, {
  holds: {
    'when every port could be given': {},
    'for shortages that other rules speak of': { recorded: { shortages: [shortage('exhausted', 'vni', 'red')] } },
  },
  breaks: {
    'when there is no port left': {
      recorded: { shortages: [shortage('exhausted', 'port', 'm1')] },
      findings: { 'par1/m1': 'port is exhausted' },
    },
  },
});
