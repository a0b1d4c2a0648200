import { quote } from '../../net';
import { destinationsOf, groupBy } from '../../model';
import { defineRule } from '../rule';
import { linksOf } from '../walk';

export const destinationPrefixesDiffer = defineRule({
  id: 'firewall/destination-prefixes-differ',
  statement: 'A firewall has one way to each destination prefix.',
  source: 'metal-stack/metal-api issue 185: of two networks with identical destination prefixes, either may win.',
  *check({ partitions }, lookup) {
    for (const firewall of partitions.flatMap(({ firewalls }) => firewalls)) {
      const networks = new Set(linksOf(firewall, lookup).map(({ network }) => network));
      const ways = [...networks].flatMap((network) =>
        destinationsOf(network).map((destination) => ({ text: destination.toString(), network })),
      );
      for (const [text, same] of groupBy(ways, (way) => way.text)) {
        const names = [...new Set(same.map(({ network }) => network.name))].sort();
        if (names.length < 2) continue;
        yield {
          subject: firewall,
          problem: `has a way to ${text} through each of ${names.map(quote).join(', ')}`,
          fix: `keep one of these connections, or take ${text} from the destinations of the others`,
        };
      }
    }
  },
});
