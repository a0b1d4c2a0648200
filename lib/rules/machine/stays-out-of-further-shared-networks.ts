import { quote } from '../../net';
import { isShared } from '../../model';
import { defineRule } from '../rule';
import { memberships, tryFindPrimary } from '../walk';

export const staysOutOfFurtherSharedNetworks = defineRule({
  id: 'machine/stays-out-of-further-shared-networks',
  statement: 'A machine uses shared networks through its firewall, and is in one only if that is its primary network.',
  source:
    'specification, constraint: a shared network is usable from all machines that have a firewall in front that uses it. metal-stack/metal-api: machines may only reside in one private network.',
  *check(fabric, lookup) {
    for (const { host, network } of memberships(fabric, lookup)) {
      const primary = tryFindPrimary(host, lookup);
      if (host.kind !== 'machine' || !isShared(network) || network === primary) continue;
      // Without a private primary network, that is what is reported.
      if (primary?.kind !== 'private') continue;
      yield {
        subject: host,
        problem: `is in shared network ${quote(network.name)} besides its primary network ${quote(primary.name)}`,
        fix: `connect the firewall of ${quote(primary.name)} to ${quote(network.name)}, and leave it out here`,
      };
    }
  },
});
