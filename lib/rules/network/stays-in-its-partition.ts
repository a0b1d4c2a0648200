import { quote } from '../../net';
import { isShared } from '../../model';
import { defineRule } from '../rule';
import { memberships } from '../walk';

export const staysInItsPartition = defineRule({
  id: 'network/stays-in-its-partition',
  statement: 'A network is used by hosts of its own partition only.',
  source:
    'specification, constraint: a shared network is only usable within a single partition. Bandwidth and routing end there, and failures should.',
  *check(fabric, lookup) {
    for (const { host, network } of memberships(fabric, lookup)) {
      if (network.partition === host.partition) continue;
      const partition = quote(lookup.tryFindPartition(network.partition)?.name ?? network.partition);
      yield {
        subject: host,
        problem: isShared(network)
          ? `uses ${quote(network.name)} of partition ${partition}; even a shared network ends at its partition`
          : `uses ${quote(network.name)} of partition ${partition}`,
        fix: `declare the ${host.kind} in that partition, or use a network of its own`,
      };
    }
  },
});
