import { hasOneOrTwoLeaves } from '../../../lib/rules/rack/has-one-or-two-leaves';
import { leaf, rack, spine } from '../model';
import { testRule } from '../test-rule';

const leaves = (...names: readonly string[]) => ({ switches: [spine('spine1'), ...names.map((name) => leaf(name))] });

testRule(hasOneOrTwoLeaves, {
  holds: {
    'for one leaf': { racks: [rack('rack1', { leafCount: 1 })], ...leaves('leaf1') },
    'for a pair of leaves': { racks: [rack('rack1', { leafCount: 2 })], ...leaves('leaf1', 'leaf2') },
  },
  breaks: {
    'by no leaf': { racks: [rack('rack1', { leafCount: 0 })], ...leaves(), findings: { 'par1/rack1': 'has 0 leaves' } },
    'by three leaves': {
      racks: [rack('rack1', { leafCount: 3 })],
      ...leaves('leaf1', 'leaf2', 'leaf3'),
      findings: { 'par1/rack1': 'has 3 leaves' },
    },
    'by a leaf that was added to the pair': {
      racks: [rack('rack1', { leafCount: 2 })],
      ...leaves('leaf1', 'leaf2', 'leaf3'),
      findings: { 'par1/rack1': 'has 3 leaves' },
    },
  },
});
