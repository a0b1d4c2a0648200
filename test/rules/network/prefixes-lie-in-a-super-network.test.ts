import { prefixesLieInASuperNetwork } from '../../../lib/rules/network/prefixes-lie-in-a-super-network';
import { externalNetwork, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const superNetworks = ['10.128.0.0/14', 'fd00:10:128::/48'];

testRule(prefixesLieInASuperNetwork, {
  holds: {
    'for the first, the last, and all of it': {
      superNetworks,
      networks: ['10.128.0.0/24', '10.131.255.0/24', '10.128.0.0/14', 'fd00:10:128:ffff::/64'].map((prefix, index) =>
        privateNetwork(`red${index}`, { prefixes: [prefix] }),
      ),
    },
    'for external networks, which lie anywhere': { superNetworks, networks: [externalNetwork('internet')] },
    'without any super network, which is reported for that': {
      superNetworks: [],
      networks: [privateNetwork('red', { prefixes: ['10.0.0.0/24'] })],
    },
  },
  breaks: {
    'by the prefix before the first': {
      superNetworks,
      networks: [privateNetwork('red', { prefixes: ['10.127.255.0/24'] })],
      findings: { 'par1/red': 'prefix 10.127.255.0/24 lies in no super network of "par1" (par1)' },
    },
    'by a shared network wider than the super network': {
      superNetworks,
      networks: [sharedNetwork('red', { prefixes: ['10.128.0.0/13'] })],
      findings: { 'par1/red': 'prefix 10.128.0.0/13 lies in no super network of "par1" (par1)' },
    },
  },
});
