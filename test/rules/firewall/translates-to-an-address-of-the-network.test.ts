import { translatesToAnAddressOfTheNetwork } from '../../../lib/rules/firewall/translates-to-an-address-of-the-network';
import {
  NO_NAT,
  connection,
  externalNetwork,
  firewall,
  masquerade,
  privateNetwork,
  sharedNetwork,
  translate,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const connected = (name: string, given: Parameters<typeof connection>[1]) => ({
  networks: [
    privateNetwork('red'),
    externalNetwork('internet', { prefixes: ['185.1.2.0/24', '2001:db8::/48'] }),
    sharedNetwork('v6', { nat: true, prefixes: ['fd00:10:128::/64'] }),
    sharedNetwork('carved'),
  ],
  firewalls: [firewall('fw', 'red', { connections: [connection(name, given)] })],
});

testRule(translatesToAnAddressOfTheNetwork, {
  holds: {
    'for its own address': connected('internet', {}),
    'for the first and the last host': {
      ...connected('internet', {}),
      firewalls: ['185.1.2.1', '185.1.2.254'].map((address, index) =>
        firewall(`fw${index}`, 'red', { connections: [connection('internet', { nat: translate(address) })] }),
      ),
    },
    'for addresses of both families': connected('internet', { addresses: ['2001:db8::1', '185.1.2.9'] }),
    'for a given IPv6 address beside an allocated one': connected('internet', {
      addresses: ['2001:db8::1'],
      autoIp: true,
    }),
    'without any address, which is reported for that': connected('internet', { autoIp: false }),
    'in the underlay, which is reported for that': {
      ...connected('underlay', { nat: translate('1.1.1.1') }),
      networks: [underlayNetwork('underlay')],
    },
    'while the prefix is to be allocated': connected('carved', { nat: translate('10.128.0.9') }),
    'when nothing is translated': connected('internet', { nat: NO_NAT, addresses: ['2001:db8::1'] }),
    'in a network of IPv6 alone, where nothing is translated': connected('v6', { addresses: ['fd00:10:128::9'] }),
  },
  breaks: {
    'by an address outside': {
      ...connected('internet', { nat: translate('185.1.3.1') }),
      findings: { 'par1/fw': 'translates to 185.1.3.1, which is no host address of "internet"' },
    },
    'by the network address': {
      ...connected('internet', { nat: translate('185.1.2.0') }),
      findings: { 'par1/fw': 'translates to 185.1.2.0, which is no host address of "internet"' },
    },
    'by the broadcast address': {
      ...connected('internet', { nat: translate('185.1.2.255') }),
      findings: { 'par1/fw': 'translates to 185.1.2.255, which is no host address of "internet"' },
    },
    'by an IPv6 address': {
      ...connected('internet', { nat: translate('2001:db8::1') }),
      findings: { 'par1/fw': 'translates to 2001:db8::1, and IPv6 is never translated' },
    },
    'when it has an IPv6 address alone': {
      ...connected('internet', { nat: masquerade(), addresses: ['2001:db8::1'] }),
      findings: { 'par1/fw': 'translates towards "internet", and has no IPv4 address in it' },
    },
  },
});
