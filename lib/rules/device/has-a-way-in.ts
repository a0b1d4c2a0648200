import { hostsOf, targetOf, tryHostOf } from '../../model';
import { defineRule } from '../rule';
import { isSsh } from '../targets';

export const hasAWayIn = defineRule({
  id: 'device/has-a-way-in',
  statement: 'A device that is applied over SSH has a management address, or its target a domain.',
  source:
    'decision: where a device is reached is declared, and never guessed from addresses that it has in the fabric.',
  missesSomething: true,
  *check({ partitions }) {
    for (const partition of partitions) {
      for (const device of [...partition.switches, ...hostsOf(partition)]) {
        const target = targetOf(device, partition);
        if (!isSsh(target) || tryHostOf(device, target) !== undefined) continue;
        yield {
          subject: device,
          problem: 'is applied over SSH, and has neither a management address nor a domain',
          fix: 'give it a managementAddress, or the target a domain',
        };
      }
    }
  },
});
