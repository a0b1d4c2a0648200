import { namesAreUnique } from '../../../lib/rules/library/names-are-unique';
import { firewall, leaf, machine, partition, privateNetwork, rack } from '../model';
import { testRule } from '../test-rule';

testRule(namesAreUnique, {
  holds: {
    'when a machine, a network and a rack are called the same': {
      racks: [rack('red')],
      networks: [privateNetwork('red')],
      machines: [machine('red', 'red')],
    },
    'when names were refused, which is reported already': {
      networks: ['a', 'b'].map((group) => privateNetwork('', { path: `par1/${group}` })),
    },
    'when devices of two partitions are called the same': {
      machines: [machine('m1')],
      others: [partition('par2', { machines: [machine('m1', undefined, { partition: 'par2' })] })],
    },
  },
  breaks: {
    'when a machine is called as a firewall is': {
      machines: [machine('x', undefined, { path: 'par1/b/x' })],
      firewalls: [firewall('x', undefined, { path: 'par1/a/x' })],
      findings: { 'par1/b/x': 'the device par1/a/x is called "x" too' },
    },
    'when a machine is called as a leaf is': {
      machines: [machine('leaf1', undefined, { path: 'par1/m/leaf1' })],
      findings: { 'par1/m/leaf1': 'the device par1/leaf1 is called "leaf1" too' },
    },
    'by each one after the first': {
      networks: ['c', 'a', 'b'].map((group) => privateNetwork('red', { path: `par1/${group}/red` })),
      findings: {
        'par1/b/red': 'the network par1/a/red is called "red" too',
        'par1/c/red': 'the network par1/a/red is called "red" too',
      },
    },
    'by two racks of one name': {
      racks: [rack('rack1'), rack('rack1', { path: 'par1/x/rack1' })],
      findings: { 'par1/x/rack1': 'the rack par1/rack1 is called "rack1" too' },
    },
    'by two partitions of one name, for they have one ledger file': {
      others: [{ ...partition('par1', { switches: [leaf('other')], racks: [] }), path: 'x/par1' }],
      findings: { 'x/par1': 'the partition par1 is called "par1" too' },
    },
  },
});
