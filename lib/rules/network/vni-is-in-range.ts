import { VNI_RANGE, printRange } from '../../net';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const vniIsInRange = defineRule({
  id: 'network/vni-is-in-range',
  statement: `A VNI lies within ${printRange(VNI_RANGE)}.`,
  source: 'RFC 7348 section 5: the VXLAN Network Identifier has 24 bits; FRR refuses 0, and ifupdown2 16777215.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.vni === undefined || !isOutside(network.vni, VNI_RANGE)) continue;
      yield {
        subject: network,
        problem: `vni ${network.vni} is outside ${printRange(VNI_RANGE)}`,
        fix: 'choose a VNI in that range, or leave "vni" out to have one allocated',
      };
    }
  },
});
