import { firewallsByPrimary } from '../../model';
import { compareText } from '../check-rules';
import { defineRule } from '../rule';
import { named } from '../words';

export const hasAtMostOneFirewall = defineRule({
  id: 'network/has-at-most-one-firewall',
  statement: 'A private network has one firewall at most.',
  source:
    'decision: two would each see half of a connection, with connection tracking and translated addresses of their own; a redundant pair cannot be declared yet.',
  *check({ partitions }, lookup) {
    for (const [path, firewalls] of firewallsByPrimary(partitions.flatMap((partition) => partition.firewalls))) {
      const network = lookup.tryFindNetwork(path);
      if (network?.kind !== 'private') continue;
      const [first, ...others] = [...firewalls].sort((a, b) => compareText(a.path, b.path));
      for (const subject of others) {
        yield {
          subject,
          problem: `${named(network)} already has the firewall ${first === undefined ? '' : named(first)}`,
          fix: 'connect that one to what is needed, and leave this one out; a redundant pair cannot be declared yet',
        };
      }
    }
  },
});
