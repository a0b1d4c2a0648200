import { hasAPrimaryNetwork } from '../../../lib/rules/firewall/has-a-primary-network';
import { externalNetwork, firewall, machine, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), sharedNetwork('storage'), externalNetwork('internet')];

testRule(hasAPrimaryNetwork, {
  holds: {
    'for a private network, shared or not': { networks, firewalls: [firewall('a', 'red'), firewall('b', 'storage')] },
    'for a machine, of which another rule speaks': { networks, machines: [machine('m1')] },
  },
  breaks: {
    'without one': { networks, firewalls: [firewall('fw')], findings: { 'par1/fw': 'has no primary network' } },
    'by an external network': {
      networks,
      firewalls: [firewall('fw', 'internet')],
      findings: { 'par1/fw': 'its primary network "internet" is external' },
      fixes: ['give a private network as its primary one, and connect the external one'],
    },
  },
});
