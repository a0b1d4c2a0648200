import { type Prefix, quote } from '../../net';
import { type Connection, reachOf } from '../../model';
import { defineRule } from '../rule';
import { allLinks } from '../walk';

/** Whether a flow may lead there; one that names no prefix means all of the network. */
const isOpenTo = (kept: Prefix, { allow }: Connection): boolean =>
  allow?.some(({ direction, prefix }) => direction === 'to' && (prefix === undefined || prefix.overlaps(kept))) ?? true;

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
        // Of an external network, what lies beyond it is reached.
        const own = network.kind === 'external' ? [] : network.prefixes;
        if (![...own, ...reachOf(network, 'ipv4', lookup)].some((prefix) => prefix.contains(kept))) {
          yield {
            subject: firewall,
            problem: `keeps its addresses towards ${kept.toString()}, which is not reached through ${quote(network.name)}`,
            fix: `leave it out, or name a part of ${quote(network.name)} or of its destinations`,
          };
        } else if (!connection.nat.keep.some((one) => isOpenTo(one, connection))) {
          yield {
            subject: firewall,
            problem: `keeps its addresses towards ${kept.toString()}, and allows nothing there`,
            fix: 'leave it out, or allow a flow to it',
          };
        }
      }
    }
  },
});
