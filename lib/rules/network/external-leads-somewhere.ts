import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const externalLeadsSomewhere = defineRule({
  id: 'network/external-leads-somewhere',
  statement: 'An external network has a destination prefix.',
  source:
    'metal-stack/metal-networker: "non-private, non-underlay networks must contain destination prefix(es) to make any sense of it".',
  missesSomething: true,
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external' || network.destinationPrefixes.length > 0) continue;
      yield {
        subject: network,
        problem: 'has no destination prefix, so nothing is reached through it',
        fix: 'say what is reached through it: 0.0.0.0/0 for the internet',
      };
    }
  },
});
