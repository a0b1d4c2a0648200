import { rolloutLeavesSomebody } from '../../../lib/rules/partition/rollout-leaves-somebody';
import { firewall, leaf, machine, privateNetwork, rack, rollout, spine } from '../model';
import { testRule } from '../test-rule';

const spines = ['spine1', 'spine2', 'spine3'].map((name) => spine(name));
const red = privateNetwork('red');

testRule(rolloutLeavesSomebody, {
  holds: {
    'one by one': {},
    'for all but one': { switches: spines, rollout: rollout({ spines: 2 }) },
    'where there is one device, which nothing stands in for': {
      switches: [leaf('leaf1')],
      rollout: rollout({ leaves: 4 }),
    },
    'for all machines of a network': {
      networks: [red],
      machines: [machine('a', 'red'), machine('b', 'red')],
      rollout: rollout({ machines: 2 }),
    },
    'for what was refused already': { rollout: rollout({ leaves: NaN }) },
  },
  breaks: {
    'by none at a time': {
      rollout: rollout({ machines: 0 }),
      findings: { par1: 'maxUnavailable.machines is 0: nothing could be applied' },
    },
    'by all spines': {
      switches: spines,
      rollout: rollout({ spines: 3 }),
      findings: { par1: 'maxUnavailable.spines is 3, and there are 3 spines' },
      fixes: ['choose at most 2, so that one of them is left'],
    },
    'by both leaves of a rack': {
      racks: [rack('rack1'), rack('rack2')],
      switches: ['rack1', 'rack2'].flatMap((name) =>
        [1, 2].map((index) => leaf(`${name}-leaf${index}`, { rack: `par1/${name}` })),
      ),
      rollout: rollout({ leaves: 2 }),
      findings: { par1: 'maxUnavailable.leaves is 2, and there are 2 leaves in the rack par1/rack1' },
    },
    'by both firewalls of a network': {
      networks: [red],
      firewalls: [firewall('fw1', 'red'), firewall('fw2', 'red')],
      rollout: rollout({ firewalls: 2 }),
      findings: { par1: 'maxUnavailable.firewalls is 2, and there are 2 firewalls of the network par1/red' },
    },
  },
});
