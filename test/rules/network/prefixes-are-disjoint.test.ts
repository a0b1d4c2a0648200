import { prefixesAreDisjoint } from '../../../lib/rules/network/prefixes-are-disjoint';
import {
  connection,
  externalNetwork,
  firewall,
  partition,
  privateNetwork,
  sharedNetwork,
  shortage,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const red = privateNetwork('red', { prefixes: ['10.128.16.0/22'] });

testRule(prefixesAreDisjoint, {
  holds: {
    'for neighbours that touch': {
      networks: [
        sharedNetwork('red', { prefixes: ['10.128.0.0/23'] }),
        sharedNetwork('blue', { prefixes: ['10.128.2.0/23'] }),
      ],
    },
    'for private networks that never meet': {
      networks: [red, privateNetwork('blue', { prefixes: ['10.128.16.0/22'] })],
      firewalls: [firewall('red-fw', 'red'), firewall('blue-fw', 'blue')],
    },
    'for a shared network that the private one does not use': {
      networks: [red, sharedNetwork('storage', { prefixes: ['10.128.18.0/24'] })],
      firewalls: [firewall('fw', 'red')],
    },
    'for shared networks of two partitions': {
      networks: [sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] })],
      others: [
        partition('par2', {
          networks: [sharedNetwork('storage', { partition: 'par2', prefixes: ['10.128.0.0/24'] })],
        }),
      ],
    },
    'for a firewall that joins a network twice, or the underlay, which is reported for that': {
      networks: [red, underlayNetwork('underlay', { prefixes: ['10.128.16.0/24'] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('red'), connection('underlay')] })],
    },
    'when references lead nowhere': {
      firewalls: [firewall('fw', 'nowhere', { connections: [connection('nowhere')] }), firewall('fw2')],
    },
  },
  breaks: {
    'when a private network meets an overlapping shared one on its firewall': {
      networks: [red, sharedNetwork('storage', { prefixes: ['10.128.18.0/24'] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage')] })],
      findings: { 'par1/storage': 'prefix 10.128.18.0/24 overlaps 10.128.16.0/22 of network "red" (par1/red)' },
    },
    'when a shared and an external network overlap, whoever uses them': {
      networks: [
        sharedNetwork('storage', { prefixes: ['10.128.16.0/22'] }),
        externalNetwork('internet', { prefixes: ['10.128.16.0/22'] }),
      ],
      findings: {
        'par1/storage': 'prefix 10.128.16.0/22 overlaps 10.128.16.0/22 of network "internet" (par1/internet)',
      },
    },
    'once, when firewalls join overlapping shared networks': {
      networks: [
        sharedNetwork('a', { prefixes: ['10.128.0.0/24'] }),
        sharedNetwork('b', { prefixes: ['10.128.0.0/25'] }),
        red,
      ],
      firewalls: ['fw1', 'fw2'].map((name) =>
        firewall(name, 'red', { connections: [connection('a'), connection('b')] }),
      ),
      findings: { 'par1/b': 'prefix 10.128.0.0/25 overlaps 10.128.0.0/24 of network "a" (par1/a)' },
    },
    'when a firewall joins shared networks of two partitions, whatever is said of that': {
      networks: [red, sharedNetwork('storage', { prefixes: ['10.129.0.0/24'] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage'), connection('par2/storage')] })],
      others: [
        partition('par2', {
          networks: [sharedNetwork('storage', { partition: 'par2', prefixes: ['10.129.0.0/25'] })],
        }),
      ],
      findings: {
        'par2/storage': 'prefix 10.129.0.0/25 overlaps 10.129.0.0/24 of network "storage" (par1/storage)',
      },
    },
    'when a network overlaps itself': {
      networks: [privateNetwork('red', { prefixes: ['10.128.16.0/22', 'fd00:10:128::/64', '10.128.17.0/24'] })],
      findings: { 'par1/red': 'prefix 10.128.17.0/24 lies in its own 10.128.16.0/22' },
    },
    'in IPv6 as well': {
      networks: [
        sharedNetwork('a', { prefixes: ['fd00:10:128::/60'] }),
        sharedNetwork('b', { prefixes: ['fd00:10:128:f::/64'] }),
      ],
      findings: { 'par1/b': 'prefix fd00:10:128:f::/64 overlaps fd00:10:128::/60 of network "a" (par1/a)' },
    },
    'when the ledger could not give a prefix': {
      recorded: { shortages: [shortage('taken', 'prefix', 'red')] },
      findings: { 'par1/red': 'prefix is taken' },
    },
  },
});
