import { quote } from '../../net';
import { isShared } from '../../model';
import { allJoints } from '../joints';
import { defineRule } from '../rule';

export const sharedPrimaryJoinsExternalOnly = defineRule({
  id: 'firewall/shared-primary-joins-external-only',
  statement: 'A firewall whose primary network is shared is connected to external networks only.',
  source:
    'docs/promises.md: shared networks do not reach each other. metal-stack/metal-api: a firewall joins further shared networks beside an unshared private one only.',
  *check(fabric, lookup) {
    for (const { firewall, primary, network } of allJoints(fabric, lookup)) {
      // A plain private network, or the underlay, is reported for that.
      if (!isShared(primary) || !isShared(network)) continue;
      yield {
        subject: firewall,
        problem: `is connected to shared network ${quote(network.name)}, and its primary network ${quote(primary.name)} is shared too`,
        fix: `leave the connection out, and connect the firewalls of private networks to both ${quote(primary.name)} and ${quote(network.name)}`,
      };
    }
  },
});
