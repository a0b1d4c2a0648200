import { destinationPrefixesDiffer } from '../../../lib/rules/firewall/destination-prefixes-differ';
import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red'),
  externalNetwork('internet'),
  externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12', '0.0.0.0/0'] }),
  externalNetwork('lab', { destinationPrefixes: ['172.16.0.0/16'] }),
  sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0', '::/0'] }),
];
const connected = (...names: readonly string[]) => ({
  networks,
  firewalls: [firewall('fw', 'red', { connections: names.map((name) => connection(name)) })],
});

testRule(destinationPrefixesDiffer, {
  holds: {
    'for one default route': connected('internet', 'lab'),
    'for one destination within another': connected('mpls', 'lab'),
    'for a network joined twice, which is reported for that': connected('internet', 'internet'),
  },
  breaks: {
    'by two default routes': {
      ...connected('internet', 'dmz'),
      findings: { 'par1/fw': 'has a way to 0.0.0.0/0 through each of "dmz", "internet"' },
    },
    'by three': {
      ...connected('internet', 'dmz', 'mpls'),
      findings: { 'par1/fw': 'has a way to 0.0.0.0/0 through each of "dmz", "internet", "mpls"' },
    },
  },
});
