import { hostsOf } from '../../model';
import { defineRule } from '../rule';
import { printable } from '../words';

export const canariesAreItsDevices = defineRule({
  id: 'partition/canaries-are-its-devices',
  statement: 'The canaries of a rollout are devices of its partition.',
  source: 'decision: a partition is a stack of Terraform, and one stack does not wait for parts of another.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const devices = new Set([...partition.switches, ...hostsOf(partition)].map(({ path }) => path));
      for (const canary of partition.rollout.canaries) {
        if (devices.has(canary)) continue;
        yield {
          subject: partition,
          problem: `${printable(canary)} is no device of the partition`,
          fix: 'name switches, firewalls and machines that are declared in it',
        };
      }
    }
  },
});
