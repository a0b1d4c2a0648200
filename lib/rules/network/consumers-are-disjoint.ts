import { FAMILIES, quote } from '../../net';
import { type Lookup, type Network, groupBy, isHidden, isUnshared, relatesIn } from '../../model';
import { type PrivateJoint, allJoints } from '../joints';
import { type Claim, overlapsOf } from '../overlaps';
import { defineRule } from '../rule';
import { named } from '../words';

export const consumersAreDisjoint = defineRule({
  id: 'network/consumers-are-disjoint',
  statement: 'Private networks that use one network without translation share no address.',
  source:
    'decision: their routes land in the VRF of the network they use, and two equal ones there would split the packets.',
  *check(fabric, lookup) {
    for (const [network, joints] of groupBy(allJoints(fabric, lookup), (joint) => joint.network)) {
      // Connecting a plain private network breaks a rule of its own.
      if (isUnshared(network) || network.kind === 'underlay') continue;
      for (const { wide, inside } of overlapsOf(joints.flatMap((joint) => claimsOf(joint, lookup)))) {
        if (wide.holder.primary === inside.holder.primary) continue;
        yield {
          subject: inside.holder,
          problem: `${inside.prefix.toString()} of ${quote(inside.holder.primary.name)} overlaps ${wide.prefix.toString()} of network ${named(wide.holder.primary)}, and ${quote(network.name)} gets the routes to both`,
          fix: 'give one of the private networks another prefix, or translate its addresses on this connection',
        };
      }
    }
  },
});

interface Consumer {
  readonly path: string;
  readonly primary: Network;
}

/** The prefixes whose routes the connected network learns. */
function claimsOf(joint: PrivateJoint, lookup: Lookup): readonly Claim<Consumer>[] {
  const { firewall, primary, connection, network } = joint;
  const routed = FAMILIES.filter(
    (family) => !isHidden(connection, network, family) && relatesIn(joint, family, lookup),
  );
  return primary.prefixes
    .filter(({ family }) => routed.includes(family))
    .map((prefix) => ({ prefix, holder: { path: firewall.path, primary } }));
}
