import { dmzHasItsOwnFirewall } from '../../../lib/rules/network/dmz-has-its-own-firewall';
import { connection, externalNetwork, firewall, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const internet = externalNetwork('internet');
const mpls = externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12'], prefixes: ['185.9.9.0/24'] });
const dmz = sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0'] });

testRule(dmzHasItsOwnFirewall, {
  holds: {
    'when its firewall leads to the internet': {
      networks: [dmz, internet],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('internet')] })],
    },
    'when one of several connections leads there': {
      networks: [dmz, internet, mpls],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('mpls'), connection('internet')] })],
    },
    'for just what the firewall leads to': {
      networks: [sharedNetwork('dmz', { destinationPrefixes: ['172.16.0.0/12'] }), mpls],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('mpls')] })],
    },
    'for a shared network without destinations': { networks: [sharedNetwork('storage')] },
  },
  breaks: {
    'without a firewall': {
      networks: [dmz, internet],
      findings: { 'par1/dmz': 'has no firewall of its own to lead to 0.0.0.0/0' },
    },
    'when a firewall leads elsewhere': {
      networks: [dmz, mpls],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('mpls'), connection('nowhere')] })],
      findings: { 'par1/fw': 'is connected to no network that leads to 0.0.0.0/0, a destination of "dmz"' },
    },
    'by a part of what the firewall leads to, and by the network that it leads through': {
      networks: [sharedNetwork('dmz', { destinationPrefixes: ['172.16.9.0/24', '185.9.9.0/24'] }), mpls],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('mpls')] })],
      findings: {
        'par1/fw': [
          'is connected to no network that leads to 172.16.9.0/24, a destination of "dmz"',
          'is connected to no network that leads to 185.9.9.0/24, a destination of "dmz"',
        ],
      },
      fixes: [
        'lead to 172.16.0.0/12 as a whole, or leave out the destination',
        'connect it to the network that does, or leave out the destination',
      ],
    },
    'when a firewall leads to a part of a destination': {
      networks: [sharedNetwork('dmz', { destinationPrefixes: ['172.0.0.0/8'] }), mpls],
      firewalls: [firewall('fw', 'dmz', { connections: [connection('mpls')] })],
      findings: { 'par1/fw': 'is connected to no network that leads to 172.0.0.0/8, a destination of "dmz"' },
    },
  },
});
