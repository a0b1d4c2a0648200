import { addressIsUsable } from '../../../lib/rules/host/address-is-usable';
import { attachment, machine, privateNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red', { prefixes: ['10.128.0.0/24', 'fd00:10:128::/64'] }),
  privateNetwork('pair', { prefixes: ['10.128.1.0/31', 'fd00:10:128:1::/127'] }),
];
const machines = (network: string, ...addresses: readonly string[]) => ({
  networks,
  machines: addresses.map((address, index) => machine(`m${index}`, attachment(network, [address]))),
});

testRule(addressIsUsable, {
  holds: {
    'for the first and the last host': machines(
      'red',
      '10.128.0.1',
      '10.128.0.254',
      'fd00:10:128::1',
      'fd00:10:128::ffff:ffff:ffff:ffff',
    ),
    'for all of a prefix of two': machines('pair', '10.128.1.0', '10.128.1.1', 'fd00:10:128:1::', 'fd00:10:128:1::1'),
    'for an address outside, which is reported for that': machines('red', '10.129.0.0'),
  },
  breaks: {
    'by network, broadcast and anycast address': {
      ...machines('red', '10.128.0.0', '10.128.0.255', 'fd00:10:128::'),
      findings: {
        'par1/m0': 'address 10.128.0.0 is no host address in 10.128.0.0/24 of "red"',
        'par1/m1': 'address 10.128.0.255 is no host address in 10.128.0.0/24 of "red"',
        'par1/m2': 'address fd00:10:128:: is no host address in fd00:10:128::/64 of "red"',
      },
    },
  },
});
