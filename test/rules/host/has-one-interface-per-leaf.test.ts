import { hasOneInterfacePerLeaf } from '../../../lib/rules/host/has-one-interface-per-leaf';
import type { Wiring } from '../../../lib/model';
import { machine, wiring } from '../model';
import { testRule } from '../test-rule';

const wired = (given: Partial<Wiring>, rack = 'par1/rack1') => ({
  machines: [machine('m1', 'red', { rack, wiring: wiring(given) })],
});

testRule(hasOneInterfacePerLeaf, {
  holds: {
    'for the leaves of the rack': wired({}),
    'for an interface more than leaves': wired({ leaves: ['par1/leaf1'] }),
    'for one leaf': wired({ leaves: ['par1/leaf1'], leafPorts: ['swp1'], interfaces: ['lan0'] }),
    'for three leaves, or a rack without any, which are reported for that': {
      machines: [
        machine('m1', 'red', { wiring: wiring({ leaves: ['par1/leaf1', 'par1/leaf2', 'par1/leaf3'] }) }),
        machine('m2', 'red', { rack: 'par1/rack9' }),
      ],
    },
  },
  breaks: {
    'by an interface too few': {
      ...wired({ interfaces: ['lan0'] }),
      findings: { 'par1/m1': 'has 1 interface for 2 leaves' },
    },
    'by a port too few': { ...wired({ leafPorts: ['swp1'] }), findings: { 'par1/m1': 'has 1 leaf port for 2 leaves' } },
    'by a port too many': {
      ...wired({ leafPorts: ['swp1', 'swp2', 'swp3'] }),
      findings: { 'par1/m1': 'has 3 leaf ports for 2 leaves' },
    },
    'by one interface for both leaves': {
      ...wired({ interfaces: ['lan0', 'lan0'] }),
      findings: { 'par1/m1': 'interface "lan0" is named twice' },
    },
    'by the management interface': {
      ...wired({ interfaces: ['eth0', 'lan1'] }),
      findings: { 'par1/m1': 'interface "eth0" is the management interface' },
    },
  },
});
