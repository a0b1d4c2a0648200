import { belongsToTheProjectOfItsPrimaryNetwork } from '../../../lib/rules/host/belongs-to-the-project-of-its-primary-network';
import { connection, firewall, machine, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red', { project: 'crm' }), sharedNetwork('storage', { project: 'ops' })];

testRule(belongsToTheProjectOfItsPrimaryNetwork, {
  holds: {
    'for the same project, and for none': {
      networks,
      machines: [machine('m1', 'red', { project: 'crm' }), machine('m2', 'red')],
    },
    'when a firewall uses a shared network of another project': {
      networks,
      firewalls: [firewall('fw', 'red', { project: 'crm', connections: [connection('storage')] })],
    },
    'when a project was refused, which is reported already': {
      networks: [privateNetwork('red'), privateNetwork('blue', { project: '' })],
      machines: [machine('m1', 'red', { project: '' }), machine('m2', 'blue', { project: 'blue' })],
    },
    'without a primary network': { machines: [machine('m1', undefined, { project: 'crm' })] },
  },
  breaks: {
    'by another project, in a shared network too': {
      networks,
      machines: [machine('m1', 'storage', { project: 'crm' })],
      firewalls: [firewall('fw', 'red', { project: 'ops' })],
      findings: {
        'par1/m1': 'belongs to project "crm", and its primary network "storage" to "ops"',
        'par1/fw': 'belongs to project "ops", and its primary network "red" to "crm"',
      },
    },
  },
});
