import { Address, Prefix } from '../../../lib/net';
import type { Flow } from '../../../lib/model';
import { proxyIsReachable } from '../../../lib/rules/network/proxy-is-reachable';
import {
  attachment,
  connection,
  firewall,
  flowFrom,
  flowTo,
  machine,
  masquerade,
  privateNetwork,
  sharedNetwork,
} from '../model';
import { testRule } from '../test-rule';

const tcp = (first: number, last = first): Partial<Flow> => ({ protocol: 'tcp', ports: [{ first, last }] });

const storage = (address: string, { port = 3128, nat = false } = {}) =>
  sharedNetwork('storage', {
    prefixes: ['10.128.0.0/24'],
    nat,
    internetAccess: { kind: 'via-proxy', address: Address.parse(address), port },
  });
const tools = privateNetwork('tools', { prefixes: ['10.129.0.0/24'] });

const inTools = [machine('squid-1', attachment('tools', ['10.129.0.9']))];
const inStorage = (address: string) => [machine('squid-1', attachment('storage', [address]))];

const firewallOfTools = (given: Parameters<typeof connection>[1] = {}) => [
  firewall('tools-fw', 'tools', { connections: [connection('storage', given)] }),
];

testRule(proxyIsReachable, {
  holds: {
    'when it is in the network itself, on the first port': {
      networks: [storage('10.128.0.9', { port: 1 })],
      machines: inStorage('10.128.0.9'),
    },
    'when it may come to be in the network': {
      networks: [
        sharedNetwork('storage', {
          internetAccess: { kind: 'via-proxy', address: Address.parse('10.130.0.9'), port: 65_535 },
        }),
      ],
      machines: inStorage('10.130.0.9'),
    },
    'when it is in a private network that uses this one': {
      networks: [storage('10.129.0.9'), tools],
      machines: inTools,
      firewalls: firewallOfTools(),
    },
    'when the flow to it is allowed': {
      networks: [storage('10.129.0.9'), tools],
      machines: inTools,
      firewalls: firewallOfTools({ allow: [flowTo(), flowFrom('10.128.0.0/24', tcp(3000, 4000))] }),
    },
    'when flows together hold all prefixes of the network, and one of their ports fits': {
      networks: [
        { ...storage('10.129.0.9'), prefixes: [...storage('10.129.0.9').prefixes, Prefix.parse('10.128.9.0/24')] },
        tools,
      ],
      machines: inTools,
      firewalls: firewallOfTools({
        allow: [
          flowFrom('10.128.0.0/24', {
            protocol: 'tcp',
            ports: [
              { first: 80, last: 80 },
              { first: 3128, last: 3128 },
            ],
          }),
          flowFrom('10.128.8.0/23', tcp(3128)),
        ],
      }),
    },
    'when it is let in by one of the firewalls before it': {
      networks: [storage('10.129.0.9'), tools, privateNetwork('tools2', { prefixes: ['10.129.0.0/24'] })],
      machines: [...inTools, machine('squid-2', attachment('tools2', ['10.129.0.9']))],
      firewalls: [
        ...firewallOfTools({ allow: [] }),
        firewall('tools2-fw', 'tools2', { connections: [connection('storage')] }),
      ],
    },
    'when a flow is from where the prefix may come to lie': {
      networks: [
        sharedNetwork('storage', {
          internetAccess: { kind: 'via-proxy', address: Address.parse('10.140.0.9'), port: 3128 },
        }),
        privateNetwork('tools', { prefixes: ['10.140.0.0/24'] }),
      ],
      machines: [machine('squid-1', attachment('tools', ['10.140.0.9']))],
      firewalls: firewallOfTools({ allow: [flowFrom('10.128.4.0/22', tcp(3128))] }),
    },
    'when every flow is allowed': {
      networks: [storage('10.129.0.9'), tools],
      machines: inTools,
      firewalls: firewallOfTools({ allow: [flowFrom()] }),
    },
    'for a network without a proxy': { networks: [sharedNetwork('storage')] },
  },
  breaks: {
    'when it is nowhere near': {
      networks: [storage('10.129.0.9'), tools],
      findings: {
        'par1/storage':
          'proxy 10.129.0.9 port 3128 is neither in the network nor behind a firewall that is connected to it',
      },
    },
    'when a connected network does not hold it': {
      networks: [storage('10.130.0.9'), tools],
      firewalls: firewallOfTools(),
      findings: {
        'par1/storage':
          'proxy 10.130.0.9 port 3128 is neither in the network nor behind a firewall that is connected to it',
      },
    },
    "when it is hidden by the network's own NAT": {
      networks: [storage('10.129.0.9', { nat: true }), tools],
      firewalls: firewallOfTools(),
      findings: {
        'par1/storage':
          'proxy 10.129.0.9 port 3128 is hidden from the network by the translation of firewall "tools-fw"',
      },
    },
    'when it is hidden by the firewall, an exception notwithstanding': {
      networks: [storage('10.129.0.9'), tools],
      firewalls: firewallOfTools({ nat: masquerade('10.128.0.0/24') }),
      findings: {
        'par1/storage':
          'proxy 10.129.0.9 port 3128 is hidden from the network by the translation of firewall "tools-fw"',
      },
    },
    'when no flow to it is allowed': {
      networks: [storage('10.129.0.9'), tools],
      firewalls: firewallOfTools({
        allow: [
          flowTo('10.128.0.0/24', tcp(3128)),
          flowFrom('10.128.0.0/24', tcp(3127)),
          flowFrom('10.128.0.0/24', { ...tcp(3128), protocol: 'udp' }),
          flowFrom('10.128.1.0/24', tcp(3128)),
        ],
      }),
      findings: {
        'par1/storage': 'proxy 10.129.0.9 port 3128 is kept from the network by what firewall "tools-fw" allows',
      },
    },
    'when a flow is from a part of the network': {
      networks: [storage('10.129.0.9'), tools],
      firewalls: firewallOfTools({ allow: [flowFrom('10.128.0.0/25', tcp(3128))] }),
      findings: {
        'par1/storage': 'proxy 10.129.0.9 port 3128 is kept from the network by what firewall "tools-fw" allows',
      },
    },
    'when it is of another family': {
      networks: [{ ...storage('10.129.0.9'), prefixes: [Prefix.parse('fd00:10:128::/64')] }, tools],
      firewalls: firewallOfTools(),
      findings: {
        'par1/storage': 'proxy 10.129.0.9 port 3128 is not reached from the network, which has no IPv4 prefix',
      },
    },
    'when no machine has its address in the network': {
      networks: [storage('10.128.0.9')],
      machines: [machine('nvme-1', 'storage'), ...inTools],
      findings: { 'par1/storage': 'proxy 10.128.0.9 port 3128: no machine is given that address' },
    },
    'when no machine has its address behind the firewall, which has it itself': {
      networks: [storage('10.129.0.9'), tools],
      machines: [machine('node-1', 'tools')],
      firewalls: [firewall('tools-fw', attachment('tools', ['10.129.0.9']), { connections: [connection('storage')] })],
      findings: { 'par1/storage': 'proxy 10.129.0.9 port 3128: no machine is given that address' },
    },
    'when the machine with its address is in a network that is not consumed, whatever prefix that may come to have': {
      networks: [
        sharedNetwork('storage', {
          internetAccess: { kind: 'via-proxy', address: Address.parse('10.129.0.9'), port: 3128 },
        }),
        privateNetwork('tools'),
      ],
      machines: inTools,
      findings: {
        'par1/storage':
          'proxy 10.129.0.9 port 3128 is neither in the network nor behind a firewall that is connected to it',
      },
    },
    'when the machine with its address is in another network of that prefix': {
      networks: [storage('10.129.0.9'), tools, privateNetwork('red', { prefixes: ['10.129.0.0/24'] })],
      machines: [machine('red-1', attachment('red', ['10.129.0.9']))],
      firewalls: firewallOfTools(),
      findings: {
        'par1/storage':
          'proxy 10.129.0.9 port 3128 is neither in the network nor behind a firewall that is connected to it',
      },
    },
    'when only one of the networks has unique local addresses': {
      networks: [
        { ...storage('fd00:10:129::9'), prefixes: [Prefix.parse('2a02:c00:30::/64')] },
        privateNetwork('tools', { prefixes: ['fd00:10:129::/64'] }),
      ],
      machines: [machine('squid-1', attachment('tools', ['fd00:10:129::9']))],
      firewalls: firewallOfTools(),
      findings: {
        'par1/storage':
          'proxy fd00:10:129::9 port 3128 gets no answer to the network: of the two, only one has unique local addresses',
      },
    },
    'by port 0': {
      networks: [storage('10.128.0.9', { port: 0 })],
      findings: { 'par1/storage': 'proxy port 0 is outside 1–65535' },
    },
    'by port 65536': {
      networks: [storage('10.128.0.9', { port: 65_536 })],
      findings: { 'par1/storage': 'proxy port 65536 is outside 1–65535' },
    },
  },
});
