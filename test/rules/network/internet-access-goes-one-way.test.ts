import { Address } from '../../../lib/net';
import { internetAccessGoesOneWay } from '../../../lib/rules/network/internet-access-goes-one-way';
import { connection, externalNetwork, firewall, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const internet = externalNetwork('internet');
const mpls = externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12'] });
const closed = sharedNetwork('storage', { internetAccess: { kind: 'none' } });
const proxied = sharedNetwork('storage', {
  internetAccess: { kind: 'via-proxy', address: Address.parse('10.128.0.10'), port: 3128 },
});
const firewalls = [firewall('fw', 'storage', { connections: [connection('internet'), connection('mpls')] })];

testRule(internetAccessGoesOneWay, {
  holds: {
    'without a firewall': { networks: [closed, internet] },
    'with a firewall that leads elsewhere': {
      networks: [proxied, mpls],
      firewalls: [firewall('fw', 'storage', { connections: [connection('mpls')] })],
    },
    'when access is through the firewall': {
      networks: [sharedNetwork('storage', { internetAccess: { kind: 'via-firewall' } }), internet],
      firewalls,
    },
    'when nothing is said of the internet': { networks: [sharedNetwork('storage'), internet], firewalls },
  },
  breaks: {
    'when there is to be no access': {
      networks: [closed, internet, mpls],
      firewalls,
      findings: {
        'par1/storage': 'has no internet access, and its firewall "fw" has a default route through "internet"',
      },
    },
    'when there is a proxy': {
      networks: [proxied, internet, mpls],
      firewalls,
      findings: {
        'par1/storage': 'reaches the internet by a proxy, and its firewall "fw" has a default route through "internet"',
      },
    },
  },
});
