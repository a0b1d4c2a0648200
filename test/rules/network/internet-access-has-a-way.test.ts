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
    'through a DMZ': {
      networks: [red, sharedNetwork('dmz', { nat: true, destinationPrefixes: ['0.0.0.0/0'] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('dmz')] })],
    },
    'in IPv6, with addresses that are known there': {
      networks: [
        privateNetwork('red', { prefixes: ['2001:db8::/64'], internetAccess: { kind: 'via-firewall' } }),
        externalNetwork('internet', { destinationPrefixes: ['0.0.0.0/0', '::/0'] }),
      ],
      firewalls: [firewall('fw', 'red', { connections: [connection('internet')] })],
    },
    'when its own prefix is missing, which is reported for itself': {
      networks: [privateNetwork('red', { prefixes: [], internetAccess: { kind: 'via-firewall' } }), internet],
      firewalls: [firewall('fw', 'red', { connections: [connection('internet')] })],
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
      fixes: ['connect it to an external network or a DMZ with the destination 0.0.0.0/0 or ::/0'],
    },
    'when a default route is of another family': {
      networks: [
        sharedNetwork('red', { prefixes: ['2001:db8::/64'], internetAccess: { kind: 'via-firewall' } }),
        internet,
      ],
      firewalls: [firewall('fw', 'red', { connections: [connection('internet')] })],
      findings: {
        'par1/fw':
          '"red" has internet access through it, and the default route of "internet" is none that "red" can use',
      },
      fixes: [
        'connect it to an external network with a default route of a family that "red" has; ::/0 does not answer unique local addresses',
      ],
    },
    'when unique local addresses have a default route, and a way to some others': {
      networks: [
        privateNetwork('red', {
          prefixLengths: { ipv4: undefined, ipv6: 64 },
          internetAccess: { kind: 'via-firewall' },
        }),
        externalNetwork('internet', { destinationPrefixes: ['::/0', 'fd01::/16'] }),
      ],
      firewalls: [firewall('fw', 'red', { connections: [connection('internet')] })],
      findings: {
        'par1/fw':
          '"red" has internet access through it, and the default route of "internet" is none that "red" can use',
      },
    },
  },
});
