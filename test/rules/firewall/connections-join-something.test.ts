import { connectionsJoinSomething } from '../../../lib/rules/firewall/connections-join-something';
import {
  attachment,
  connection,
  externalNetwork,
  firewall,
  machine,
  masquerade,
  privateNetwork,
  sharedNetwork,
  translate,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const red = (...prefixes: readonly string[]) => privateNetwork('red', { prefixes });
const storage = (...prefixes: readonly string[]) => sharedNetwork('storage', { prefixes });
const hiding = (...prefixes: readonly string[]) => sharedNetwork('storage', { prefixes, nat: true });
const internet = (...destinationPrefixes: readonly string[]) => externalNetwork('internet', { destinationPrefixes });
const dual = ['10.128.8.0/24', 'fd00:10:128:8::/64'];
const to = (name: string, given: Parameters<typeof connection>[1] = {}) => [
  firewall('fw', 'red', { connections: [connection(name, given)] }),
];

testRule(connectionsJoinSomething, {
  holds: {
    'in IPv4': { networks: [red('10.128.0.0/24'), storage(...dual)], firewalls: to('storage') },
    'in IPv6': { networks: [red('fd00:10:128::/64'), storage(...dual)], firewalls: to('storage') },
    'in IPv4, where consumers are hidden': { networks: [red(...dual), hiding(...dual)], firewalls: to('storage') },
    'when prefixes are to be carved': {
      networks: [privateNetwork('red'), sharedNetwork('storage')],
      firewalls: to('storage'),
    },
    'when IPv6 leads to the internet with addresses that are known there': {
      networks: [red('2001:db8:1::/64'), internet('::/0')],
      firewalls: to('internet', { nat: masquerade() }),
    },
    'when unique local addresses lead to unique local ones': {
      networks: [red('fd00:10:128::/64'), internet('::/0', 'fd01::/16')],
      firewalls: to('internet'),
    },
    'when a carved prefix may be of either kind': {
      superNetworks: ['fd00:10:128::/48', '2001:db8::/48'],
      networks: [privateNetwork('red', { prefixLengths: { ipv4: undefined, ipv6: 64 } }), internet('::/0')],
      firewalls: to('internet'),
    },
    'when a machine has an address of the external network that gets answers': {
      networks: [
        red('fd00:10:128::/64'),
        externalNetwork('internet', { prefixes: ['2001:db8:1::/64'], destinationPrefixes: ['::/0'] }),
      ],
      machines: [machine('red-1', 'red', { attachments: [attachment('internet')] })],
      firewalls: to('internet'),
    },
    'when nothing is allowed, which is said on purpose': {
      networks: [red(...dual), storage(...dual)],
      firewalls: to('storage', { allow: [] }),
    },
    'when something is missing that is reported for itself': {
      superNetworks: ['10.128.0.0/14'],
      networks: [
        red('10.128.0.0/24'),
        privateNetwork('plain', { prefixes: ['fd00:10:128::/64'] }),
        underlayNetwork('underlay'),
        storage(),
        internet(),
        sharedNetwork('carved', { prefixLengths: { ipv4: undefined, ipv6: 64 } }),
        sharedNetwork('abroad', { partition: 'par2', prefixes: ['fd00:10:128::/64'] }),
        { ...storage('fd00:10:128::/64'), path: 'par1/refused', name: 'refused' },
      ],
      firewalls: [
        firewall('fw', 'red', {
          connections: ['plain', 'underlay', 'storage', 'internet', 'carved', 'par2/abroad', 'refused', 'nowhere'].map(
            (name) => connection(name),
          ),
        }),
        firewall('lost', 'nowhere', { connections: [connection('storage')] }),
        firewall('bare'),
      ],
      misfits: [{ path: 'par1/refused', rule: 'network/prefixes-are-canonical', problem: 'x', fix: 'y' }],
    },
    'for two shared networks, which must not be joined at all': {
      networks: [sharedNetwork('red', { prefixes: ['10.128.0.0/24'] }), storage('fd00:10:128::/64')],
      firewalls: to('storage'),
    },
  },
  breaks: {
    'between IPv4 and IPv6': {
      networks: [red('10.128.0.0/24'), storage('fd00:10:128::/64')],
      firewalls: to('storage'),
      findings: { 'par1/fw': 'joins nothing: "red" has IPv4 only, and "storage" IPv6 only' },
      fixes: ['give "red" an IPv6 prefix too, or leave the connection to "storage" out'],
    },
    'when the destinations are of another family': {
      networks: [red('2001:db8::/64'), internet('0.0.0.0/0')],
      firewalls: to('internet'),
      findings: {
        'par1/fw': 'joins nothing: "red" has IPv6 only, and the destinations of "internet" are of IPv4 only',
      },
    },
    'over IPv6 alone, where consumers are hidden': {
      networks: [red(...dual), hiding('fd00:10:128::/64')],
      firewalls: to('storage'),
      findings: {
        'par1/fw':
          'joins nothing: "red" and "storage" have IPv6 in common, and addresses are translated towards "storage", which IPv6 never is',
      },
      fixes: ['give both networks an IPv4 prefix, or share "storage" without NAT'],
    },
    'over IPv6 alone, when the firewall translates of its own accord': {
      networks: [red('fd00:10:128::/64'), storage(...dual)],
      firewalls: to('storage', { nat: translate() }),
      findings: {
        'par1/fw':
          'joins nothing: "red" and "storage" have IPv6 in common, and addresses are translated towards "storage", which IPv6 never is',
      },
      fixes: ['give both networks an IPv4 prefix, or connect "storage" without translation'],
    },
    'when unique local addresses lead to the internet': {
      networks: [
        privateNetwork('red', { prefixLengths: { ipv4: undefined, ipv6: 64 } }),
        internet('0.0.0.0/0', '::/0'),
      ],
      firewalls: to('internet'),
      findings: {
        'par1/fw':
          'joins nothing: the IPv6 addresses of "red" are unique local, and those that "internet" leads to could not answer them',
      },
    },
  },
});
