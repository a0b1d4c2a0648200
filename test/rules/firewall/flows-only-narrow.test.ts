import { flowsOnlyNarrow } from '../../../lib/rules/firewall/flows-only-narrow';
import {
  connection,
  externalNetwork,
  firewall,
  flowFrom,
  flowTo,
  masquerade,
  privateNetwork,
  sharedNetwork,
} from '../model';
import { testRule } from '../test-rule';

const connected = (name: string, given: Parameters<typeof connection>[1]) => ({
  networks: [
    privateNetwork('red'),
    privateNetwork('blue'),
    externalNetwork('internet'),
    sharedNetwork('storage'),
    sharedNetwork('hiding', { nat: true }),
  ],
  firewalls: [firewall('fw', 'red', { connections: [connection(name, given)] })],
});

testRule(flowsOnlyNarrow, {
  holds: {
    'from a shared network that sees the addresses': connected('storage', { allow: [flowFrom(), flowFrom('::/0')] }),
    'to any network': connected('internet', { allow: [flowTo(), flowTo('0.0.0.0/0')] }),
    'to a network that asks for NAT, in IPv4': connected('hiding', { allow: [flowTo('10.128.0.0/14'), flowTo()] }),
    'for a plain private network, which is reported for that': connected('blue', { allow: [flowFrom()] }),
    'for a flow of another network, which is reported for that': connected('internet', {
      allow: [flowFrom(undefined, { network: 'par1/storage' })],
    }),
  },
  breaks: {
    'from an external network': {
      ...connected('internet', { allow: [flowFrom('0.0.0.0/0', { protocol: 'tcp' })] }),
      findings: {
        'par1/fw': 'allows tcp from 0.0.0.0/0, and an external network opens no connection to a private one',
      },
      fixes: ['leave the flow out, or connect a shared network without translation'],
    },
    'from a shared network that asks for NAT': {
      ...connected('hiding', { allow: [flowFrom()] }),
      findings: {
        'par1/fw': 'allows any protocol from "hiding", and the primary network is hidden from "hiding" in IPv4',
      },
    },
    'from a shared network towards which the firewall translates, an exception notwithstanding': {
      ...connected('storage', { nat: masquerade('10.128.0.0/24'), allow: [flowFrom('10.128.0.0/24')] }),
      findings: {
        'par1/fw': 'allows any protocol from 10.128.0.0/24, and the primary network is hidden from "storage" in IPv4',
      },
    },
    'in IPv6, towards a shared network with translation': {
      ...connected('storage', { nat: masquerade(), allow: [flowFrom('fd00::/8'), flowTo('fd00::/8')] }),
      findings: {
        'par1/fw': [
          'allows any protocol from fd00::/8, and the primary network is hidden from "storage" in IPv6',
          'allows any protocol to fd00::/8, and IPv6 does not pass to "storage", towards which addresses are translated',
        ],
      },
      fixes: [
        'leave the flow out, or connect a shared network without translation',
        'leave the flow out, or connect the network without translation',
      ],
    },
    'to a network that asks for NAT, in IPv6': {
      ...connected('hiding', { allow: [flowTo('fd00::/8')] }),
      findings: {
        'par1/fw':
          'allows any protocol to fd00::/8, and IPv6 does not pass to "hiding", towards which addresses are translated',
      },
      fixes: ['leave the flow out, or share the network without NAT'],
    },
  },
});
