import { hasAtMostOneFirewall } from '../../../lib/rules/network/has-at-most-one-firewall';
import { externalNetwork, firewall, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(hasAtMostOneFirewall, {
  holds: {
    'for one, and for none': {
      networks: [privateNetwork('red'), privateNetwork('blue')],
      firewalls: [firewall('fw', 'red')],
    },
    'for firewalls without a private primary network, which is reported for that': {
      networks: [externalNetwork('internet')],
      firewalls: [firewall('a', 'internet'), firewall('b', 'internet'), firewall('c'), firewall('d')],
    },
  },
  breaks: {
    'by each after the first, of a shared network too': {
      networks: [sharedNetwork('storage')],
      firewalls: ['b', 'a', 'c'].map((name) => firewall(name, 'storage')),
      findings: {
        'par1/b': '"storage" (par1/storage) already has the firewall "a" (par1/a)',
        'par1/c': '"storage" (par1/storage) already has the firewall "a" (par1/a)',
      },
    },
  },
});
