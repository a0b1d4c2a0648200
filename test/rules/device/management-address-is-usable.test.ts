import { Address } from '../../../lib/net';
import { managementAddressIsUsable } from '../../../lib/rules/device/management-address-is-usable';
import { firewall, leaf, machine, privateNetwork, spine } from '../model';
import { testRule } from '../test-rule';

const at = (address: string) => ({ managementAddress: Address.parse(address) });
const red = privateNetwork('red');

testRule(managementAddressIsUsable, {
  holds: {
    'for addresses of either family': { switches: [spine('spine1', at('10.0.0.1')), spine('spine2', at('fd00::1'))] },
    'for the near end of a tunnel': { switches: [leaf('leaf1', at('127.0.0.2')), leaf('leaf2', at('::1'))] },
    'where none is known': { networks: [red], machines: [machine('a', 'red')] },
  },
  breaks: {
    'for switches, machines and firewalls': {
      switches: [spine('spine1', at('0.0.0.0')), leaf('leaf1', at('fe80::1'))],
      networks: [red],
      machines: [machine('a', 'red', at('224.0.0.5'))],
      firewalls: [firewall('fw', 'red', at('255.255.255.255'))],
      findings: {
        'par1/spine1': 'management address 0.0.0.0 lies in 0.0.0.0/8, which is for hosts without an address',
        'par1/leaf1': 'management address fe80::1 lies in fe80::/10, which is link-local',
        'par1/a': 'management address 224.0.0.5 lies in 224.0.0.0/4, which is for multicast',
        'par1/fw': 'management address 255.255.255.255 lies in 240.0.0.0/4, which is reserved',
      },
    },
  },
});
