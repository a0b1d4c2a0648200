import { hasOneAddressPerFamily } from '../../../lib/rules/host/has-one-address-per-family';
import { attachment, machine, privateNetwork } from '../model';
import { testRule } from '../test-rule';

const given = (...addresses: readonly string[]) => ({
  networks: [privateNetwork('red')],
  machines: [machine('m1', attachment('red', addresses))],
});

testRule(hasOneAddressPerFamily, {
  holds: { 'for one of each': given('10.128.0.1', 'fd00:10:128::1'), 'for none': given() },
  breaks: {
    'by two of IPv4': {
      ...given('10.128.0.1', '10.128.0.2', 'fd00:10:128::1'),
      findings: { 'par1/m1': 'has the IPv4 addresses 10.128.0.1 and 10.128.0.2 in "red"' },
    },
    'by two of IPv6': {
      ...given('fd00:10:128::1', 'fd00:10:128::2'),
      findings: { 'par1/m1': 'has the IPv6 addresses fd00:10:128::1 and fd00:10:128::2 in "red"' },
    },
  },
});
