import { hasOnePrimaryNetwork } from '../../../lib/rules/machine/has-one-primary-network';
import {
  attachment,
  externalNetwork,
  firewall,
  machine,
  privateNetwork,
  sharedNetwork,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red'),
  sharedNetwork('storage'),
  externalNetwork('internet'),
  underlayNetwork('underlay'),
];

testRule(hasOnePrimaryNetwork, {
  holds: {
    'for a plain private network': { networks, machines: [machine('m1', 'red')] },
    'for a shared network': { networks, machines: [machine('m1', attachment('storage', ['10.128.0.10']))] },
    'for the underlay, which is reported for that': { networks, machines: [machine('m1', 'underlay')] },
    'for a firewall, of which another rule speaks': { networks, firewalls: [firewall('fw')] },
  },
  breaks: {
    'without one': { networks, machines: [machine('m1')], findings: { 'par1/m1': 'has no primary network' } },
    'by an external network': {
      networks,
      machines: [machine('m1', 'internet')],
      findings: { 'par1/m1': 'its primary network "internet" is external' },
      fixes: ['give a private network as its primary one, and attach the external one'],
    },
  },
});
