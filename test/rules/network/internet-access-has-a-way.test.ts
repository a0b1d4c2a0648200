import { internetAccessHasAWay } from '../../../lib/rules/network/internet-access-has-a-way';
import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const red = privateNetwork('red', { internetAccess: { kind: 'via-firewall' } });
const mpls = externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12'] });
const internet = externalNetwork('internet', { destinationPrefixes: ['172.16.0.0/12', '0.0.0.0/0'] });

testRule(internetAccessHasAWay, {
  holds: {
    'through an external network': {
      networks: [red, internet, mpls],
      firewalls: [firewall('fw', 'red', { connections: [connection('mpls'), connection('internet')] })],
    },
    'through a DMZ, in IPv6': {
      networks: [red, sharedNetwork('dmz', { destinationPrefixes: ['::/0'] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('dmz')] })],
    },
    'when nothing is said of the internet': { networks: [privateNetwork('red')] },
  },
  breaks: {
    'without a firewall': {
      networks: [red],
      findings: { 'par1/red': 'has internet access through its firewall, and no firewall' },
    },
    'when the firewall has no default route': {
      networks: [red, mpls],
      firewalls: [firewall('fw', 'red', { connections: [connection('mpls')] })],
      findings: {
        'par1/fw': '"red" has internet access through it, and none of its connections gives a default route',
      },
    },
  },
});
