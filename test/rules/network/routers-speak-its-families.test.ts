import { routersSpeakItsFamilies } from '../../../lib/rules/network/routers-speak-its-families';
import { externalNetwork, peer, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

const both = { prefixes: ['185.1.2.0/24', '2001:db8::/48'], destinationPrefixes: ['0.0.0.0/0', '::/0'] };

testRule(routersSpeakItsFamilies, {
  holds: {
    'when the router has an address of both': {
      networks: [
        externalNetwork('internet', {
          ...both,
          routers: [router('isp1', { peers: [peer('192.0.2.1/31'), peer('2001:db8:1::1/127')] })],
        }),
      ],
    },
    'for the one family that there is': { networks: [externalNetwork('internet'), privateNetwork('red')] },
    'for a router without any address, which is reported for that': {
      networks: [externalNetwork('internet', { ...both, routers: [router('isp1', { peers: [] })] })],
    },
  },
  breaks: {
    'when a router has no IPv6 address': {
      networks: [externalNetwork('internet', { ...both, routers: [router('isp1')] })],
      findings: {
        'par1/internet': 'router "isp1" has no IPv6 address, and IPv6 destinations are reached through it',
      },
    },
    'when a router has no IPv4 address': {
      networks: [
        externalNetwork('internet', { ...both, routers: [router('isp1', { peers: [peer('2001:db8:1::1/127')] })] }),
      ],
      findings: {
        'par1/internet': 'router "isp1" has no IPv4 address, and IPv4 destinations are reached through it',
      },
    },
  },
});
