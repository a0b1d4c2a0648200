import { destinationsLieOutside } from '../../../lib/rules/network/destinations-lie-outside';
import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const mpls = (...destinationPrefixes: readonly string[]) =>
  externalNetwork('mpls', { prefixes: ['172.31.0.0/24'], destinationPrefixes });
const internet = externalNetwork('internet', { prefixes: ['185.1.2.0/24'] });
const red = privateNetwork('red', { prefixes: ['10.128.0.0/24'] });
const joining = (...names: readonly string[]) => [
  firewall('fw', 'red', { connections: names.map((name) => connection(name)) }),
];

testRule(destinationsLieOutside, {
  holds: {
    'for default routes': {
      networks: [red, internet, mpls('0.0.0.0/0', '::/0')],
      firewalls: joining('internet', 'mpls'),
    },
    'for a destination around the own prefix of a network': { networks: [red, mpls('172.16.0.0/12')] },
    'for neighbours that touch': {
      networks: [red, internet, mpls('185.1.0.0/23', '185.1.3.0/24', '10.124.0.0/14', '10.132.0.0/14', '10.1.0.0/16')],
      firewalls: joining('internet', 'mpls'),
    },
    'for networks that never meet': {
      networks: [red, internet, mpls('185.1.0.0/16'), privateNetwork('blue')],
      firewalls: [...joining('internet'), firewall('blue-fw', 'blue', { connections: [connection('mpls')] })],
    },
    'for what a DMZ passes on to': {
      networks: [
        sharedNetwork('dmz', { nat: true, destinationPrefixes: ['172.16.0.0/12'] }),
        mpls('172.16.0.0/12'),
        underlayNetwork('underlay'),
      ],
      firewalls: [firewall('dmz-fw', 'dmz', { connections: [connection('mpls'), connection('underlay')] })],
    },
  },
  breaks: {
    'by a part of another network on one firewall': {
      networks: [red, internet, mpls('185.1.2.128/25')],
      firewalls: joining('internet', 'mpls'),
      findings: {
        'par1/mpls':
          'destination 185.1.2.128/25 overlaps 185.1.2.0/24 of network "internet" (par1/internet), and a firewall has both',
      },
      fixes: ['name destinations outside 185.1.2.0/24, or connect no firewall to both'],
    },
    'by a part of its own prefix': {
      networks: [red, mpls('172.31.0.128/25')],
      findings: { 'par1/mpls': "destination 172.31.0.128/25 is a part of the network's own 172.31.0.0/24" },
      fixes: ['name destinations that are not in 172.31.0.0/24'],
    },
    'by its own prefix, beyond which there is nothing then': {
      networks: [red, mpls('172.31.0.0/24')],
      findings: { 'par1/mpls': "destination 172.31.0.0/24 is the network's own prefix" },
    },
    'around another network on several firewalls': {
      networks: [red, privateNetwork('blue'), internet, mpls('185.0.0.0/8')],
      firewalls: [
        ...joining('internet', 'mpls'),
        firewall('blue-fw', 'blue', { connections: [connection('mpls'), connection('internet')] }),
      ],
      findings: {
        'par1/mpls':
          'destination 185.0.0.0/8 overlaps 185.1.2.0/24 of network "internet" (par1/internet), and a firewall has both',
      },
    },
    'by the prefix of the primary network': {
      superNetworks: ['10.132.0.0/14'],
      networks: [red, mpls('10.128.0.0/24')],
      firewalls: joining('mpls'),
      findings: {
        'par1/mpls':
          'destination 10.128.0.0/24 overlaps 10.128.0.0/24 of network "red" (par1/red), and a firewall has both',
      },
    },
    'within a super network, once': {
      networks: [red, mpls('10.128.0.0/16')],
      firewalls: joining('mpls'),
      findings: { 'par1/mpls': 'destination 10.128.0.0/16 overlaps super network 10.128.0.0/14 of "par1"' },
      fixes: ['name destinations outside 10.128.0.0/14'],
    },
    'around a super network and the underlay': {
      networks: [sharedNetwork('dmz', { nat: true, destinationPrefixes: ['10.0.0.0/8'] })],
      findings: {
        'par1/dmz': [
          'destination 10.0.0.0/8 overlaps super network 10.128.0.0/14 of "par1"',
          'destination 10.0.0.0/8 overlaps the underlay 10.0.0.0/16 of "par1"',
        ],
      },
    },
  },
});
