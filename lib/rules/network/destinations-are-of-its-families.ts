import { type Family, familyName } from '../../net';
import { destinationsOf, familiesOf } from '../../model';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const destinationsAreOfItsFamilies = defineRule({
  id: 'network/destinations-are-of-its-families',
  statement: 'A network has a prefix of every address family of its destination prefixes.',
  source: 'metal-stack/metal-api: the address family of destination prefixes has to be among those of the prefixes.',
  missesSomething: true,
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      const families: ReadonlySet<Family> = new Set(familiesOf(network));
      // A network without any family is reported for that.
      if (families.size === 0) continue;
      for (const destination of destinationsOf(network)) {
        if (families.has(destination.family)) continue;
        const family = familyName(destination.family);
        yield {
          subject: network,
          problem: `leads to ${destination.toString()} and has no ${family} prefix`,
          fix: `give it an ${family} prefix, or leave out the destination`,
        };
      }
    }
  },
});
