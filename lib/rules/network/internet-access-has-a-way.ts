import { FAMILIES, quote } from '../../net';
import { type Lookup, type Network, type PrivateNetwork, firewallsByPrimary, isShared, reachedFrom } from '../../model';
import { type PrivateJoint, incompleteNetworks, jointsOf } from '../joints';
import { defineRule } from '../rule';
import { givesDefaultRoute } from '../walk';

export const internetAccessHasAWay = defineRule({
  id: 'network/internet-access-has-a-way',
  statement:
    'A network with internet access through its firewall has one, connected to where it has a default route of one of its families.',
  source:
    'specification, getting internet access: if machines in a shared network have an own firewall, this is internet accessibility as common.',
  *check(fabric, lookup) {
    const incomplete = incompleteNetworks(fabric, lookup);
    for (const { networks, firewalls } of fabric.partitions) {
      const byPrimary = firewallsByPrimary(firewalls);
      for (const network of networks) {
        if (network.kind !== 'private' || network.internetAccess?.kind !== 'via-firewall') continue;
        const own = byPrimary.get(network.path) ?? [];
        const [first] = own;
        const ways = own
          .flatMap((firewall) => jointsOf(firewall, lookup))
          .filter((joint) => givesDefaultRoute(joint.network));
        if (ways.some((joint) => isUsed(joint, incomplete, lookup))) continue;
        yield first === undefined
          ? {
              subject: network,
              problem: 'has internet access through its firewall, and no firewall',
              fix: 'declare a firewall with it as the primary network and connect that to the internet, or use a proxy',
            }
          : { subject: first, ...faultOf(network, ways) };
      }
    }
  },
});

/** Whether the primary network gets answers by the default route. */
function isUsed(joint: PrivateJoint, incomplete: ReadonlySet<Network>, lookup: Lookup): boolean {
  if (incomplete.has(joint.primary) || incomplete.has(joint.network)) return true;
  return FAMILIES.some((family) => reachedFrom(joint, family, lookup).some(({ isDefault }) => isDefault));
}

/** @param ways connections that give a default route, of which the network can use none */
function faultOf(network: PrivateNetwork, ways: readonly PrivateJoint[]) {
  const name = quote(network.name);
  const place = isShared(network) ? 'an external network' : 'an external network or a DMZ';
  return ways.length === 0
    ? {
        problem: `${name} has internet access through it, and none of its connections gives a default route`,
        fix: `connect it to ${place} with the destination 0.0.0.0/0 or ::/0`,
      }
    : {
        problem: `${name} has internet access through it, and the default route of ${ways.map((way) => quote(way.network.name)).join(', ')} is none that ${name} can use`,
        fix: `connect it to ${place} with a default route of a family that ${name} has; ::/0 does not answer unique local addresses`,
      };
}
