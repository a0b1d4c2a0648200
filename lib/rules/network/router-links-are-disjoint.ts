import { quote } from '../../net';
import type { Router } from '../../model';
import { type Claim, overlapsOf } from '../overlaps';
import { routerLinks } from '../router-links';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const routerLinksAreDisjoint = defineRule({
  id: 'network/router-links-are-disjoint',
  statement: 'The links to the routers of a network share no address.',
  source: 'decision: a border leaf knows each router by the prefix of its link, all of them in the VRF of the network.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external') continue;
      for (const { wide, inside } of overlapsOf(network.routers.flatMap(linksOf))) {
        // Two routers of one name are reported for that.
        if (wide.holder.path === inside.holder.path) continue;
        yield {
          subject: network,
          problem: `link ${inside.prefix.toString()} of router ${quote(inside.holder.path)} overlaps link ${wide.prefix.toString()} of router ${quote(wide.holder.path)}`,
          fix: 'give each router a link prefix of its own',
        };
      }
    }
  },
});

interface Holder {
  /** The router's name: it has no construct of its own. */
  readonly path: string;
}

const linksOf = (router: Router): readonly Claim<Holder>[] =>
  routerLinks(router).map((prefix) => ({ prefix, holder: { path: router.name } }));
