import { FAMILIES, familyName, quote } from '../../net';
import { ofFamily } from '../../model';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const routersSpeakItsFamilies = defineRule({
  id: 'network/routers-speak-its-families',
  statement: 'Every router of an external network has an address of every family of the destination prefixes.',
  source: 'decision: a destination is announced over a BGP session of its own family (RFC 4760 section 3).',
  missesSomething: true,
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external') continue;
      const needed = FAMILIES.filter((family) => ofFamily(network.destinationPrefixes, family).length > 0);
      for (const router of network.routers) {
        // A router without any address is reported for that.
        if (router.peers.length === 0) continue;
        for (const family of needed) {
          if (router.peers.some(({ address }) => address.family === family)) continue;
          yield {
            subject: network,
            problem: `router ${quote(router.name)} has no ${familyName(family)} address, and ${familyName(family)} destinations are reached through it`,
            fix: `give the router an ${familyName(family)} address, or leave out the ${familyName(family)} destinations`,
          };
        }
      }
    }
  },
});
