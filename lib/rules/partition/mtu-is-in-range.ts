import { MTU_RANGE, printRange } from '../../net';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';

export const mtuIsInRange = defineRule({
  id: 'partition/mtu-is-in-range',
  statement: `An MTU lies within ${printRange(MTU_RANGE)} octets.`,
  source: 'RFC 8200 section 5: no link carries less than 1280 octets of IPv6; Ethernet switches carry at most 9216.',
  *check({ partitions }) {
    for (const partition of partitions) {
      for (const layer of ['underlay', 'overlay'] as const) {
        const mtu = partition.mtu[layer];
        if (!isOutside(mtu, MTU_RANGE)) continue;
        yield {
          subject: partition,
          problem: `${layer} MTU ${mtu} is outside ${printRange(MTU_RANGE)}`,
          fix: 'choose a whole number in that range',
        };
      }
    }
  },
});
