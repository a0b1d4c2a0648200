import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const externalHasARouter = defineRule({
  id: 'network/external-has-a-router',
  statement: 'An external network has a router.',
  source: 'decision: what is beyond the partition is learned from a router there, over BGP, and from nowhere else.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external' || network.routers.length > 0) continue;
      yield {
        subject: network,
        problem: 'has no router, so it leads nowhere',
        fix: 'declare the router at the far end of the link, with its address and ASN',
      };
    }
  },
});
