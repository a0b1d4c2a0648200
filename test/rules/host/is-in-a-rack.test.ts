import { isInARack } from '../../../lib/rules/host/is-in-a-rack';
import { firewall, machine, partition } from '../model';
import { testRule } from '../test-rule';

testRule(isInARack, {
  holds: {
    'for a rack of the partition': { machines: [machine('m1')] },
    'for a rack that nobody declares, which is reported for that': {
      machines: [machine('m1', 'red', { rack: 'par1/x' })],
    },
  },
  breaks: {
    'without a rack': {
      machines: [machine('m1', 'red', { rack: undefined })],
      findings: { 'par1/m1': 'is in no rack' },
    },
    'by a rack of another partition': {
      firewalls: [firewall('fw', 'red', { rack: 'par2/rack1' })],
      others: [partition('par2')],
      findings: { 'par1/fw': 'rack "rack1" (par2/rack1) belongs to another partition' },
    },
  },
});
