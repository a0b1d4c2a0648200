import { externalAddressesHaveAFirewall } from '../../../lib/rules/machine/external-addresses-have-a-firewall';
import { attachment, connection, externalNetwork, firewall, machine, privateNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red', { prefixes: ['10.128.0.0/24'] }),
  externalNetwork('internet', { prefixes: ['185.1.2.0/24', '2001:db8::/48'] }),
];
const machines = (...addresses: readonly string[]) => [
  machine('m1', 'red', { attachments: [attachment('internet', addresses)] }),
];
const firewalls = [firewall('fw', 'red', { connections: [connection('internet')] })];

testRule(externalAddressesHaveAFirewall, {
  holds: {
    'when the firewall is connected': { networks, machines: machines('185.1.2.9'), firewalls },
    'for firewalls and further private networks, of which other rules speak': {
      networks: [...networks, privateNetwork('blue')],
      machines: [machine('m1', 'red', { attachments: [attachment('blue')] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('blue')] })],
    },
    'when the primary network has no address of that family': {
      networks,
      machines: machines('2001:db8::9'),
      firewalls,
    },
    'when the address is allocated': { networks, machines: machines(), firewalls },
    'for an address outside, which is reported for that': { networks, machines: machines('fd00::1'), firewalls },
    'without a primary network, which is reported for that': {
      networks,
      machines: [machine('m1', undefined, { attachments: [attachment('internet')] })],
    },
  },
  breaks: {
    'without a firewall': {
      networks,
      machines: machines(),
      findings: { 'par1/m1': 'has an address of "internet", and no firewall of "red" is connected to that' },
      fixes: ['connect the firewall of "red" to "internet"'],
    },
    'when the firewall is not connected': {
      networks,
      machines: machines('185.1.2.9'),
      firewalls: [firewall('fw', 'red')],
      findings: { 'par1/m1': 'has an address of "internet", and no firewall of "red" is connected to that' },
    },
  },
});
