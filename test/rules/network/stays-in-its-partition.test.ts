import { staysInItsPartition } from '../../../lib/rules/network/stays-in-its-partition';
import { connection, firewall, machine, partition, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const others = [
  partition('par2', {
    networks: [privateNetwork('red', { partition: 'par2' }), sharedNetwork('storage', { partition: 'par2' })],
  }),
];

testRule(staysInItsPartition, {
  holds: {
    'for networks of the own partition': {
      networks: [privateNetwork('red'), sharedNetwork('storage')],
      machines: [machine('m1', 'storage')],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage')] })],
      others,
    },
  },
  breaks: {
    'by a firewall that uses a shared network of another partition': {
      networks: [privateNetwork('red')],
      firewalls: [firewall('fw', 'red', { connections: [connection('par2/storage')] })],
      others,
      findings: { 'par1/fw': 'uses "storage" of partition "par2"; even a shared network ends at its partition' },
    },
    'by a machine whose primary network is there': {
      machines: [machine('m1', 'par2/red')],
      others,
      findings: { 'par1/m1': 'uses "red" of partition "par2"' },
    },
  },
});
