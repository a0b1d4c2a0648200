import { addressLiesInItsNetwork } from '../../../lib/rules/host/address-lies-in-its-network';
import {
  attachment,
  connection,
  externalNetwork,
  firewall,
  machine,
  privateNetwork,
  shortage,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const red = privateNetwork('red', { prefixes: ['10.128.0.0/24', '10.128.8.0/24'] });

testRule(addressLiesInItsNetwork, {
  holds: {
    'for the first and the last address, and for a second prefix': {
      networks: [red],
      machines: ['10.128.0.0', '10.128.0.255', '10.128.8.7'].map((address, index) =>
        machine(`m${index}`, attachment('red', [address])),
      ),
    },
    'in a super network, while the prefix is to be allocated': {
      networks: [privateNetwork('red')],
      machines: [machine('m1', attachment('red', ['10.128.0.10', 'fd00:10:128::a']))],
    },
    'in the underlay, and in a network without prefixes, which are reported for that': {
      networks: [underlayNetwork('underlay'), externalNetwork('internet', { prefixes: [] })],
      machines: [
        machine('m1', attachment('underlay', ['1.1.1.1']), { attachments: [attachment('internet', ['1.1.1.1'])] }),
        machine('m2', attachment('nowhere', ['1.1.1.1'])),
      ],
    },
  },
  breaks: {
    'by the address after the last': {
      networks: [red],
      machines: [machine('m1', attachment('red', ['10.128.1.0']))],
      findings: { 'par1/m1': 'address 10.128.1.0 is outside "red"' },
      fixes: ['choose an address in 10.128.0.0/24 or 10.128.8.0/24, or leave it out to have one allocated'],
    },
    'outside of every super network, while the prefix is to be allocated': {
      networks: [privateNetwork('red')],
      machines: [machine('m1', attachment('red', ['10.132.0.1']))],
      findings: { 'par1/m1': 'address 10.132.0.1 is outside "red"' },
    },
    'by one that the ledger could not give, for the prefix is carved elsewhere': {
      recorded: { shortages: [shortage('misplaced', 'address', 'm1')] },
      findings: { 'par1/m1': 'address is misplaced' },
    },
    'by a family that the network does not have': {
      networks: [red, externalNetwork('internet')],
      firewalls: [
        firewall('fw', attachment('red', ['fd00:10:128::1']), {
          connections: [connection('internet', { addresses: ['185.1.3.1'] })],
        }),
      ],
      findings: {
        'par1/fw': [
          'address 185.1.3.1 is outside "internet"',
          'address fd00:10:128::1 is given for "red", which has no IPv6 prefix',
        ],
      },
    },
  },
});
