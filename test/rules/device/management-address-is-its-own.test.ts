import { Address } from '../../../lib/net';
import { managementAddressIsItsOwn } from '../../../lib/rules/device/management-address-is-its-own';
import { firewall, leaf, machine, partition, privateNetwork, spine } from '../model';
import { testRule } from '../test-rule';

const at = (address: string) => ({ managementAddress: Address.parse(address) });
const red = privateNetwork('red');

testRule(managementAddressIsItsOwn, {
  holds: {
    'for addresses of either family': { switches: [spine('spine1', at('10.0.0.1')), spine('spine2', at('fd00::1'))] },
    'where none is known': { networks: [red], machines: [machine('a', 'red'), machine('b', 'red')] },
  },
  breaks: {
    'for a switch and a firewall': {
      switches: [leaf('leaf1', at('10.0.0.1'))],
      networks: [red],
      firewalls: [firewall('fw', 'red', at('10.0.0.1'))],
      findings: { 'par1/leaf1': 'is managed at 10.0.0.1, as "par1/fw" is' },
    },
    'for devices of two partitions': {
      switches: [spine('spine1', at('fd00::1'))],
      others: [partition('par2', { switches: [spine('spine1', { partition: 'par2', ...at('fd00:0::1') })] })],
      findings: { 'par2/spine1': 'is managed at fd00::1, as "par1/spine1" is' },
    },
  },
});
