import { poolsHaveRoom } from '../../../lib/rules/partition/pools-have-room';
import { shortage } from '../model';
import { testRule } from '../test-rule';

testRule(poolsHaveRoom, {
  holds: {
    'when every number could be given': {},
    'for shortages that other rules speak of': {
      recorded: {
        shortages: [
          shortage('exhausted', 'prefix', 'red'),
          shortage('exhausted', 'address', 'm1'),
          shortage('exhausted', 'port', 'm1'),
          shortage('misplaced', 'vni', 'red'),
          shortage('taken', 'vni', 'red'),
        ],
      },
    },
    'for loopbacks without an underlay, whose refusal is reported already': {
      underlay: undefined,
      recorded: { shortages: [shortage('exhausted', 'loopback', 'leaf1')] },
    },
  },
  breaks: {
    'by each pool without a number left': {
      recorded: {
        shortages: [
          shortage('exhausted', 'vni', 'red'),
          shortage('exhausted', 'vlan', 'fw'),
          shortage('exhausted', 'asn', 'm1'),
          shortage('exhausted', 'loopback', 'leaf1'),
        ],
      },
      findings: {
        'par1/red': 'vni is exhausted',
        'par1/fw': 'vlan is exhausted',
        'par1/m1': 'asn is exhausted',
        'par1/leaf1': 'loopback is exhausted',
      },
    },
  },
});
