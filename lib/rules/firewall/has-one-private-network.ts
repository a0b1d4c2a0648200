import { quote } from '../../net';
import { isShared, isUnshared } from '../../model';
import { defineRule } from '../rule';
import { allLinks, tryFindPrimary } from '../walk';

export const hasOnePrivateNetwork = defineRule({
  id: 'firewall/has-one-private-network',
  statement: 'A firewall is in one plain private network at most, and that is its primary one.',
  source:
    'specification, constraint: neither machines nor firewalls may have multiple private, unshared networks configured.',
  *check(fabric, lookup) {
    for (const { firewall, network } of allLinks(fabric, lookup)) {
      const primary = tryFindPrimary(firewall, lookup);
      // Without a private primary network, that is what is reported.
      if (primary?.kind !== 'private' || !isUnshared(network)) continue;
      yield isShared(primary)
        ? {
            subject: firewall,
            problem: `is connected to private network ${quote(network.name)}, and its primary network ${quote(primary.name)} is shared`,
            fix: `make ${quote(network.name)} the primary network, and connect ${quote(primary.name)}`,
          }
        : {
            subject: firewall,
            problem: `is connected to private network ${quote(network.name)} besides its primary network ${quote(primary.name)}`,
            fix: `share ${quote(network.name)}, or give it a firewall of its own`,
          };
    }
  },
});
