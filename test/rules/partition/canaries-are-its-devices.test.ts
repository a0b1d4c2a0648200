import { canariesAreItsDevices } from '../../../lib/rules/partition/canaries-are-its-devices';
import { machine, partition, privateNetwork, rollout } from '../model';
import { testRule } from '../test-rule';

testRule(canariesAreItsDevices, {
  holds: {
    'without canaries': {},
    'for switches and hosts': {
      networks: [privateNetwork('red')],
      machines: [machine('a', 'red')],
      rollout: rollout({}, ['par1/leaf1', 'par1/a']),
    },
  },
  breaks: {
    'by a device of another partition, and by a rack': {
      rollout: rollout({}, ['par2/leaf1', 'par1/rack1']),
      others: [partition('par2')],
      findings: {
        par1: ['par1/rack1 is no device of the partition', 'par2/leaf1 is no device of the partition'],
      },
    },
  },
});
