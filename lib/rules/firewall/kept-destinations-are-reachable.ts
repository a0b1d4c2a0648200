import { quote } from '../../net';
import { reachOf } from '../../model';
import { defineRule } from '../rule';
import { allLinks } from '../walk';

export const keptDestinationsAreReachable = defineRule({
  id: 'firewall/kept-destinations-are-reachable',
  statement: 'What a firewall does not translate towards lies in, or behind, the network that it is connected to.',
  source: 'decision: an exception that never applies is a mistake. IPv6 is routed and never translated.',
  *check(fabric, lookup) {
    for (const { firewall, connection, network } of allLinks(fabric, lookup)) {
      if (connection.nat === undefined || connection.nat.kind === 'none') continue;
      for (const kept of connection.nat.keep) {
        if (kept.family === 'ipv6') {
          yield {
            subject: firewall,
            problem: `keeps its addresses towards ${kept.toString()}, and IPv6 is never translated`,
            fix: 'leave it out',
          };
          continue;
        }
        if ([...network.prefixes, ...reachOf(network, 'ipv4', lookup)].some((prefix) => prefix.contains(kept)))
          continue;
        yield {
          subject: firewall,
          problem: `keeps its addresses towards ${kept.toString()}, which is not reached through ${quote(network.name)}`,
          fix: `leave it out, or name a part of ${quote(network.name)} or of its destinations`,
        };
      }
    }
  },
});
