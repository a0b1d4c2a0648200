import { keptDestinationsAreReachable } from '../../../lib/rules/firewall/kept-destinations-are-reachable';
import {
  NO_NAT,
  connection,
  externalNetwork,
  firewall,
  flowFrom,
  flowTo,
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
    'for what a flow leads to, in part': {
      ...kept('mpls'),
      firewalls: [
        firewall('fw', 'red', {
          connections: [
            connection('mpls', { nat: masquerade('172.31.0.0/16'), allow: [flowFrom(), flowTo('172.31.5.0/24')] }),
          ],
        }),
      ],
    },
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
    'by the own prefix of an external network': {
      ...kept('mpls'),
      networks: [
        privateNetwork('red'),
        externalNetwork('mpls', { prefixes: ['185.1.2.0/24'], destinationPrefixes: ['172.16.0.0/12'] }),
      ],
      firewalls: [firewall('fw', 'red', { connections: [connection('mpls', { nat: masquerade('185.1.2.0/24') })] })],
      findings: { 'par1/fw': 'keeps its addresses towards 185.1.2.0/24, which is not reached through "mpls"' },
    },
    'by what no flow leads to': {
      ...kept('mpls'),
      firewalls: [
        firewall('fw', 'red', {
          connections: [
            connection('mpls', { nat: masquerade('172.31.0.0/16'), allow: [flowTo('172.16.0.0/16'), flowFrom()] }),
          ],
        }),
      ],
      findings: { 'par1/fw': 'keeps its addresses towards 172.31.0.0/16, and allows nothing there' },
      fixes: ['leave it out, or allow a flow to it'],
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
