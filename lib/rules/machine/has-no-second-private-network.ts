import { quote } from '../../net';
import { isShared, isUnshared } from '../../model';
import { defineRule } from '../rule';
import { memberships, tryFindPrimary } from '../walk';

export const hasNoSecondPrivateNetwork = defineRule({
  id: 'machine/has-no-second-private-network',
  statement: 'A machine is in no plain private network besides its primary one.',
  source:
    'specification, constraint: neither machines nor firewalls may have multiple private, unshared networks configured.',
  *check(fabric, lookup) {
    for (const { host, network } of memberships(fabric, lookup)) {
      const primary = tryFindPrimary(host, lookup);
      // Without a private primary network, that is what is reported.
      if (host.kind !== 'machine' || primary?.kind !== 'private') continue;
      if (!isUnshared(network) || network === primary) continue;
      yield {
        subject: host,
        problem: `is in private network ${quote(network.name)} besides its primary network ${quote(primary.name)}`,
        fix: isShared(primary)
          ? `make ${quote(network.name)} the primary network, and connect its firewall to ${quote(primary.name)}`
          : `keep one of the two, or share ${quote(network.name)} and connect the firewall of ${quote(primary.name)} to it`,
      };
    }
  },
});
