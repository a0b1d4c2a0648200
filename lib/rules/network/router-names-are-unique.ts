import { quote } from '../../net';
import { groupBy } from '../../model';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';
import { count } from '../words';

export const routerNamesAreUnique = defineRule({
  id: 'network/router-names-are-unique',
  statement: 'No two routers of a network have one name.',
  source: 'decision: the port that a router is wired to is kept in the ledger under its name.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external') continue;
      for (const [name, routers] of groupBy(network.routers, (router) => router.name)) {
        // A name that was refused is empty.
        if (name === '' || routers.length === 1) continue;
        yield {
          subject: network,
          problem: `${count(routers.length, 'router')} are called ${quote(name)}`,
          fix: 'give each router a name of its own',
        };
      }
    }
  },
});
