import { numbersFitTheirPool } from '../../../lib/rules/ledger/numbers-fit-their-pool';
import { shortage } from '../model';
import { testRule } from '../test-rule';

testRule(numbersFitTheirPool, {
  holds: {
    'when every kept number fits': {},
    'for shortages that other rules speak of': { recorded: { shortages: [shortage('exhausted', 'vni', 'red')] } },
  },
  breaks: {
    'when a pool was moved away from a number': {
      recorded: { shortages: [shortage('misplaced', 'vni', 'red'), shortage('misplaced', 'port', 'm1')] },
      findings: { 'par1/red': 'vni is misplaced', 'par1/m1': 'port is misplaced' },
    },
    'when the ledger holds a number twice that nobody fixes by hand': {
      recorded: { shortages: [shortage('taken', 'asn', 'm1'), shortage('taken', 'loopback', 'fw')] },
      findings: { 'par1/m1': 'asn is taken', 'par1/fw': 'loopback is taken' },
    },
  },
});
