import { keptDestinationsAreReachable } from '../../../lib/rules/firewall/kept-destinations-are-reachable';
import {
  NO_NAT,
  connection,
  externalNetwork,
  firewall,
  masquerade,
  privateNetwork,
  sharedNetwork,
  translate,
} from '../model';
import { testRule } from '../test-rule';

const kept = (name: string, ...prefixes: readonly string[]) => ({
  networks: [
    privateNetwork('red'),
    externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12'] }),
    sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] }),
    sharedNetwork('carved'),
  ],
  firewalls: [firewall('fw', 'red', { connections: [connection(name, { nat: masquerade(...prefixes) })] })],
});

testRule(keptDestinationsAreReachable, {
  holds: {
    'for a destination, and for a part of one': kept('mpls', '172.16.0.0/12', '172.31.255.0/24'),
    'for the network itself': kept('storage', '10.128.0.0/24'),
    'while the prefix is to be allocated': kept('carved', '10.129.0.0/24'),
    'as the network says': {
      ...kept('mpls'),
      firewalls: [firewall('fw', 'red', { connections: [connection('mpls')] })],
    },
    'without translation': {
      ...kept('mpls'),
      firewalls: [firewall('fw', 'red', { connections: [connection('mpls', { nat: NO_NAT })] })],
    },
  },
  breaks: {
    'by what lies elsewhere': {
      ...kept('mpls', '172.32.0.0/16'),
      findings: { 'par1/fw': 'keeps its addresses towards 172.32.0.0/16, which is not reached through "mpls"' },
    },
    'by what is wider': {
      ...kept('storage', '10.128.0.0/23'),
      findings: { 'par1/fw': 'keeps its addresses towards 10.128.0.0/23, which is not reached through "storage"' },
    },
    'by an IPv6 prefix': {
      ...kept('mpls'),
      firewalls: [
        firewall('fw', 'red', { connections: [connection('mpls', { nat: translate(undefined, ['2001:db8::/48']) })] }),
      ],
      findings: { 'par1/fw': 'keeps its addresses towards 2001:db8::/48, and IPv6 is never translated' },
    },
  },
});
