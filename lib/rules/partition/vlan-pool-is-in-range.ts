import { VLAN_RANGE, printRange } from '../../net';
import { checkPool } from '../pool';
import { defineRule } from '../rule';

export const vlanPoolIsInRange = defineRule({
  id: 'partition/vlan-pool-is-in-range',
  statement: `The pool that VLANs are given from lies within ${printRange(VLAN_RANGE)}.`,
  source:
    'IEEE 802.1Q: 12 bits, 4095 reserved; ifupdown2: a VRF, numbered like its VLAN, has a route table from 1001 on.',
  check: (fabric) => checkPool(fabric, 'vlans', 'VLAN', VLAN_RANGE),
});
