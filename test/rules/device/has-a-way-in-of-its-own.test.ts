import { Address } from '../../../lib/net';
import { hasAWayInOfItsOwn } from '../../../lib/rules/device/has-a-way-in-of-its-own';
import { bastion, partition, spine, ssh } from '../model';
import { testRule } from '../test-rule';

const target = ssh({ domain: 'example.net' });
const spine1 = (given: Parameters<typeof spine>[1] = {}) => spine('spine1', { partition: 'par2', ...given });
const inFolder = (path: string) => ({ kind: 'directory', path }) as const;
const managementAddress = Address.parse('10.0.0.1');

testRule(hasAWayInOfItsOwn, {
  holds: {
    'for devices of one partition': { target },
    'in another domain': {
      target,
      others: [partition('par2', { target: ssh({ domain: 'muc.example.net' }) })],
    },
    'behind another bastion': {
      target,
      others: [partition('par2', { target: ssh({ domain: 'example.net', bastion: bastion() }) })],
    },
    'at another port': {
      target,
      others: [partition('par2', { target: ssh({ domain: 'example.net', port: 2222 }) })],
    },
    'at an address': { target, others: [partition('par2', { target, switches: [spine1({ managementAddress })] })] },
    'in folders of their own': { others: [partition('par2', { target: inFolder('devices/par2') })] },
    'for devices of other names in one folder': {
      switches: [spine('spine1')],
      others: [partition('par2', { target: inFolder('devices'), switches: [spine('spine2', { partition: 'par2' })] })],
    },
  },
  breaks: {
    'by devices of one name in one domain': {
      target,
      switches: [spine('spine1')],
      others: [partition('par2', { target: ssh({ domain: 'Example.net' }), switches: [spine1()] })],
      findings: { 'par2/spine1': 'is reached at spine1.Example.net port 22, as "par1/spine1" is' },
    },
    'by devices of one name in one folder': {
      target: inFolder('devices'),
      switches: [spine('spine1')],
      others: [partition('par2', { target: inFolder('./out/../devices'), switches: [spine1()] })],
      findings: { 'par2/spine1': 'is applied to the folder "devices/spine1", as "par1/spine1" is' },
    },
  },
});
