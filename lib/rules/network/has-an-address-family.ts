import { familiesOf } from '../../model';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const hasAnAddressFamily = defineRule({
  id: 'network/has-an-address-family',
  statement: 'A network has a prefix of IPv4 or IPv6, given or allocated; one of an external network is always given.',
  source: 'metal-stack/metal-api: a network without prefixes can be joined by nobody.',
  missesSomething: true,
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind === 'underlay' || familiesOf(network).length > 0) continue;
      yield {
        subject: network,
        problem: 'has no prefix of either address family',
        fix:
          network.kind === 'external'
            ? 'give the prefix that the provider routes to you'
            : 'give a prefix, or the length of one to have it allocated',
      };
    }
  },
});
