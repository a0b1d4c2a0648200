import { dmzHidesItsConsumers } from '../../../lib/rules/network/dmz-hides-its-consumers';
import { externalNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(dmzHidesItsConsumers, {
  holds: {
    'for a DMZ with NAT': { networks: [sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0'], nat: true })] },
    'for a shared network that leads nowhere, with and without NAT': {
      networks: [sharedNetwork('storage', { nat: false }), sharedNetwork('monitoring', { nat: true })],
    },
    'for an external network without NAT': { networks: [externalNetwork('mpls', { nat: false })] },
  },
  breaks: {
    'when a DMZ does not ask for NAT': {
      networks: [sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0'], nat: false })],
      findings: { 'par1/dmz': 'leads on to other destinations, and does not ask for NAT' },
    },
    'when a DMZ leads to IPv6 destinations': {
      networks: [sharedNetwork('dmz', { destinationPrefixes: ['0.0.0.0/0', '::/0'], nat: true })],
      findings: { 'par1/dmz': 'leads to ::/0, and over IPv6 no consumer can be hidden' },
    },
  },
});
