import { attachesEachNetworkOnce } from '../../../lib/rules/host/attaches-each-network-once';
import { connection, firewall, machine, attachment, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), sharedNetwork('storage')];

testRule(attachesEachNetworkOnce, {
  holds: {
    'for different networks': {
      networks,
      firewalls: [firewall('fw', 'red', { connections: [connection('storage')] })],
    },
  },
  breaks: {
    'when it is connected twice': {
      networks,
      firewalls: [firewall('fw', 'red', { connections: [connection('storage'), connection('storage')] })],
      findings: { 'par1/fw': 'joins "storage" 2 times' },
    },
    'when the primary network is attached too': {
      networks,
      machines: [machine('m1', 'red', { attachments: [attachment('red')] })],
      findings: { 'par1/m1': 'joins "red" 2 times, once as its primary network' },
    },
  },
});
