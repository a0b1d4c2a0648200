import { type Range, printRange } from '../../net';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';

const PORTS_RANGE: Range = { first: 1, last: 512 };

export const portsAreInRange = defineRule({
  id: 'switch/ports-are-in-range',
  statement: 'A switch has between 1 and 512 ports.',
  source: 'decision: a bound against slips, well above the switches that stand in racks.',
  *check({ partitions }) {
    for (const device of partitions.flatMap(({ switches }) => switches)) {
      if (!isOutside(device.ports, PORTS_RANGE)) continue;
      yield {
        subject: device,
        problem: `${device.ports} is no number of ports within ${printRange(PORTS_RANGE)}`,
        fix: 'give the number of its front panel ports',
      };
    }
  },
});
