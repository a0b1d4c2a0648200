import { isUnshared } from '../../model';
import { defineRule } from '../rule';

export const staysShared = defineRule({
  id: 'network/stays-shared',
  statement: 'A network that was shared once stays shared.',
  source:
    'specification, constraint: networks may be marked as shared after network allocation, but there should be no way back from shared to unshared.',
  *check({ partitions }) {
    for (const { networks, recorded } of partitions) {
      const shared = new Set(recorded.shared);
      for (const network of networks) {
        if (!isUnshared(network) || !shared.has(network.name)) continue;
        yield {
          subject: network,
          problem: 'was shared, and is declared unshared now',
          fix: 'share it again; to have an unshared network, declare a new one with another name',
        };
      }
    }
  },
});
