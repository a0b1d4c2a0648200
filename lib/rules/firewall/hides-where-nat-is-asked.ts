import { quote } from '../../net';
import { isShared } from '../../model';
import { defineRule } from '../rule';
import { allLinks } from '../walk';
import { listed } from '../words';

export const hidesWhereNatIsAsked = defineRule({
  id: 'firewall/hides-where-nat-is-asked',
  statement: 'A firewall hides its private network, all of it, from a shared network that asks for NAT.',
  source:
    'specification: firewalls need to hide the private network behind an ip address of the shared network if the shared network was configured with nat=true.',
  *check(fabric, lookup) {
    for (const { firewall, connection, network } of allLinks(fabric, lookup)) {
      const { nat } = connection;
      if (!isShared(network) || !network.sharing.nat || nat === undefined) continue;
      if (nat.kind === 'none') {
        yield {
          subject: firewall,
          problem: `does not translate towards ${quote(network.name)}, which asks for NAT`,
          fix: `leave the policy out, or share ${quote(network.name)} without NAT`,
        };
      } else if (nat.keep.length > 0) {
        yield {
          subject: firewall,
          problem: `keeps its addresses towards ${listed(nat.keep)} in ${quote(network.name)}, which asks for NAT`,
          fix: `leave the exceptions out, or share ${quote(network.name)} without NAT`,
        };
      }
    }
  },
});
