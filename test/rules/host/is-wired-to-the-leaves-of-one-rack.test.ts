import { isWiredToTheLeavesOfOneRack } from '../../../lib/rules/host/is-wired-to-the-leaves-of-one-rack';
import { leaf, machine, partition, rack, spine, wiring } from '../model';
import { testRule } from '../test-rule';

const wired = (leaves: readonly string[] | undefined) => ({
  racks: [rack('rack1'), rack('rack2')],
  switches: [spine('spine1'), leaf('leaf1'), leaf('leaf2'), leaf('leaf3', { rack: 'par1/rack2' })],
  machines: [machine('m1', 'red', { wiring: wiring({ leaves }) })],
});

testRule(isWiredToTheLeavesOfOneRack, {
  holds: {
    'when the leaves are chosen': wired(undefined),
    'for one leaf': wired(['par1/leaf2']),
    'for a pair of leaves': wired(['par1/leaf2', 'par1/leaf1']),
    'for leaves that nobody declares, which is reported for that': wired(['par1/leaf8', 'par1/leaf9']),
  },
  breaks: {
    'by no leaf': { ...wired([]), findings: { 'par1/m1': 'is wired to 0 leaves' } },
    'by three leaves': {
      ...wired(['par1/leaf1', 'par1/leaf2', 'par1/leaf3']),
      findings: { 'par1/m1': 'is wired to 3 leaves' },
    },
    'by one leaf twice': {
      ...wired(['par1/leaf1', 'par1/leaf1']),
      findings: { 'par1/m1': 'is wired to "leaf1" twice' },
    },
    'by a spine': {
      ...wired(['par1/leaf1', 'par1/spine1']),
      findings: { 'par1/m1': 'is wired to "spine1", which is a spine' },
    },
    'by a leaf of another rack': {
      ...wired(['par1/leaf1', 'par1/leaf3']),
      findings: { 'par1/m1': 'is wired to "leaf3", which is in another rack' },
    },
    'by leaves of two racks, without a rack of its own': {
      ...wired(undefined),
      machines: [machine('m1', 'red', { rack: undefined, wiring: wiring({ leaves: ['par1/leaf1', 'par1/leaf3'] }) })],
      findings: { 'par1/m1': 'is wired to "leaf1" and "leaf3" of another rack' },
    },
    'by a leaf of another partition': {
      ...wired(['par2/leaf1']),
      others: [partition('par2')],
      findings: { 'par1/m1': 'is wired to "leaf1", which is in another rack' },
    },
  },
});
