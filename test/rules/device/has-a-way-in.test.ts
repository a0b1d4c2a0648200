import { Address } from '../../../lib/net';
import { hasAWayIn } from '../../../lib/rules/device/has-a-way-in';
import { leaf, machine, privateNetwork, spine, ssh } from '../model';
import { testRule } from '../test-rule';

const managementAddress = Address.parse('fd00::1');
const target = ssh({ domain: undefined });
const problem = 'is applied over SSH, and has neither a management address nor a domain';

testRule(hasAWayIn, {
  holds: {
    'for a device with an address': { target, switches: [spine('spine1', { managementAddress })] },
    'for a target with a domain': { target: ssh({ domain: 'fra.example.net' }) },
    'for a device with a target of its own': {
      target,
      switches: [spine('spine1', { target: { kind: 'directory', path: 'devices' } })],
    },
  },
  breaks: {
    'for a device without an address': {
      target,
      switches: [spine('spine1', { managementAddress }), leaf('leaf1')],
      networks: [privateNetwork('red')],
      machines: [machine('a', 'red')],
      findings: { 'par1/leaf1': problem, 'par1/a': problem },
    },
    'for a device with a target of its own': {
      switches: [spine('spine1', { target })],
      findings: { 'par1/spine1': problem },
    },
  },
});
