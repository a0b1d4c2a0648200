import { destinationsAreOfItsFamilies } from '../../../lib/rules/network/destinations-are-of-its-families';
import { externalNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(destinationsAreOfItsFamilies, {
  holds: {
    'for both families': {
      networks: [
        externalNetwork('internet', {
          prefixes: ['185.1.2.0/24', '2001:db8::/48'],
          destinationPrefixes: ['0.0.0.0/0', '::/0'],
        }),
      ],
    },
    'for a prefix that is yet to be allocated': { networks: [sharedNetwork('dmz', { destinationPrefixes: ['::/0'] })] },
    'for a network without any prefix, which is reported for that': {
      networks: [externalNetwork('internet', { prefixes: [] })],
    },
  },
  breaks: {
    'by an IPv6 destination of an IPv4 network': {
      networks: [externalNetwork('internet', { destinationPrefixes: ['0.0.0.0/0', '::/0'] })],
      findings: { 'par1/internet': 'leads to ::/0 and has no IPv6 prefix' },
    },
    'by an IPv4 destination of a DMZ of IPv6': {
      networks: [
        sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0'], prefixLengths: { ipv4: undefined, ipv6: 64 } }),
      ],
      findings: { 'par1/dmz': 'leads to 0.0.0.0/0 and has no IPv4 prefix' },
    },
  },
});
