import { flowsLeadToTheConnectedNetwork } from '../../../lib/rules/firewall/flows-lead-to-the-connected-network';
import type { Flow } from '../../../lib/model';
import {
  connection,
  externalNetwork,
  firewall,
  flowFrom,
  flowTo,
  privateNetwork,
  sharedNetwork,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const allow = (name: string, ...flows: readonly Flow[]) => ({
  networks: [
    privateNetwork('red'),
    externalNetwork('mpls', { destinationPrefixes: ['172.16.0.0/12'] }),
    externalNetwork('internet'),
    sharedNetwork('storage', { prefixes: ['10.128.0.0/24'], destinationPrefixes: ['192.168.0.0/16'] }),
    sharedNetwork('carved'),
  ],
  firewalls: [firewall('fw', 'red', { connections: [connection(name, { allow: flows })] })],
});

testRule(flowsLeadToTheConnectedNetwork, {
  holds: {
    'for the network itself': allow('storage', flowTo(), flowTo(undefined, { network: 'par1/storage' }), flowFrom()),
    'for a part of it, and for what is wider': allow('storage', flowTo('10.128.0.9/32'), flowTo('10.0.0.0/8')),
    'for a destination behind it': allow('storage', flowTo('192.168.1.0/24')),
    'while the prefix is to be allocated': allow('carved', flowTo('10.128.9.0/24')),
    'for what lies beyond an external network, with its own addresses or without': allow(
      'internet',
      flowTo('0.0.0.0/0'),
      flowTo('185.1.0.0/16'),
      flowTo('198.51.100.0/24'),
    ),
    'for the firewalls in an external network, which answer ICMP': allow(
      'internet',
      flowTo(undefined, { protocol: 'icmp' }),
    ),
    'for the underlay, and for a network without prefixes, which are reported for that': {
      networks: [underlayNetwork('underlay'), externalNetwork('internet', { prefixes: [] })],
      firewalls: [
        firewall('fw', 'red', {
          connections: ['underlay', 'internet'].map((name) => connection(name, { allow: [flowTo('1.1.1.1/32')] })),
        }),
      ],
    },
    'for an external network that leads nowhere, which is reported for that': {
      networks: [externalNetwork('internet', { destinationPrefixes: [] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('internet', { allow: [flowTo('1.1.1.1/32')] })] })],
    },
    'for one prefix of several': {
      networks: [
        sharedNetwork('storage', {
          prefixes: ['10.128.0.0/24', 'fd00:10:128::/64'],
          destinationPrefixes: ['172.16.0.0/12'],
        }),
      ],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage', { allow: [flowTo(), flowFrom()] })] })],
    },
    'for an empty list, which lets nothing through': allow('storage'),
  },
  breaks: {
    'by what lies elsewhere': {
      ...allow('storage', flowTo('10.129.0.0/24', { protocol: 'tcp' })),
      findings: {
        'par1/fw': 'allows tcp to 10.129.0.0/24, which has no part in "storage" or its destinations',
      },
    },
    'by a family that the network does not have': {
      ...allow('storage', flowTo('::/0')),
      findings: { 'par1/fw': 'allows any protocol to ::/0, which has no part in "storage" or its destinations' },
    },
    'by a flow from a destination, which opens no connection': {
      ...allow('storage', flowFrom('192.168.1.0/24')),
      findings: { 'par1/fw': 'allows any protocol from 192.168.1.0/24, which has no part in "storage"' },
    },
    'by an external network itself, whose addresses are not beyond it': {
      ...allow('mpls', flowTo()),
      findings: {
        'par1/fw':
          'allows any protocol to "mpls", where only firewalls and machines of the partition are, and nothing beyond "mpls"',
      },
    },
    'by a part of an external network, though it leads everywhere': {
      ...allow('internet', flowTo('185.1.2.128/25', { protocol: 'tcp' })),
      findings: {
        'par1/fw':
          'allows tcp to 185.1.2.128/25, where only firewalls and machines of the partition are, and nothing beyond "internet"',
      },
    },
    'by another network': {
      ...allow('storage', flowTo(undefined, { network: 'par1/mpls', protocol: 'udp' })),
      findings: { 'par1/fw': 'allows udp to "mpls" on its connection to "storage"' },
    },
    'by a network that nobody declares': {
      ...allow('storage', flowTo(undefined, { network: 'par1/nowhere' })),
      findings: { 'par1/fw': 'allows any protocol to another network on its connection to "storage"' },
    },
  },
});
