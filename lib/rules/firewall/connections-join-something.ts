import { FAMILIES, type Family, familyName, quote } from '../../net';
import {
  type Attachment,
  type Fabric,
  type Lookup,
  type Network,
  asksForNat,
  groupBy,
  isHidden,
  isShared,
  isUnshared,
  ofFamily,
  reachOf,
  relatesIn,
  territoryOf,
} from '../../model';
import { type PrivateJoint, allJoints, incompleteNetworks } from '../joints';
import { defineRule } from '../rule';

export const connectionsJoinSomething = defineRule({
  id: 'firewall/connections-join-something',
  statement: 'The primary network of a firewall has an address family in common with each network it is connected to.',
  source:
    'docs/decisions/0004: IPv6 is never translated, so none of it passes where consumers are hidden, and unique local addresses get no answer from beyond the site. A connection that joins nothing is a mistake.',
  *check(fabric, lookup) {
    const incomplete = incompleteNetworks(fabric, lookup);
    const attachments = furtherAttachments(fabric);
    for (const joint of allJoints(fabric, lookup)) {
      const { firewall, primary, network } = joint;
      if (breaksAnother(joint) || incomplete.has(primary) || incomplete.has(network)) continue;
      if (FAMILIES.some((family) => relatesIn(joint, family, lookup))) continue;
      const lent = attachments.get(`${primary.path} ${network.path}`) ?? [];
      if (lent.some(({ attachment }) => isAnswered(attachment, network, lookup))) continue;
      yield { subject: firewall, ...faultOf(joint, lookup) };
    }
  },
});

/** Where else machines are, by their primary network and the further one. */
function furtherAttachments({ partitions }: Fabric) {
  const further = partitions
    .flatMap(({ machines }) => machines)
    .flatMap(({ primary, attachments }) =>
      attachments.map((attachment) => ({ key: `${primary?.network ?? ''} ${attachment.network}`, attachment })),
    );
  return groupBy(further, ({ key }) => key);
}

/** A machine's address of an external network gets answers by itself, whatever addresses its primary network has. */
function isAnswered({ addresses, autoIp }: Attachment, network: Network, lookup: Lookup): boolean {
  return (
    network.kind === 'external' &&
    FAMILIES.some(
      (family) =>
        (autoIp || addresses.some((address) => address.family === family)) &&
        ofFamily(network.prefixes, family).length > 0 &&
        reachOf(network, family, lookup).length > 0,
    )
  );
}

/** What a firewall must not be connected to at all is reported for that. */
function breaksAnother({ primary, network }: PrivateJoint): boolean {
  if (network.kind === 'underlay' || isUnshared(network)) return true;
  return network.partition !== primary.partition || (isShared(primary) && isShared(network));
}

function faultOf(joint: PrivateJoint, lookup: Lookup) {
  const { primary, connection, network } = joint;
  const [near, far] = [quote(primary.name), quote(network.name)];
  const own = FAMILIES.filter((family) => territoryOf(primary, family, lookup).length > 0);
  const led = FAMILIES.filter((family) => reachOf(network, family, lookup).length > 0);
  const missing = led.map(familyName).join(' or ');
  if (!own.some((family) => led.includes(family))) {
    return {
      problem: `joins nothing: ${near} has ${only(own)}, and ${whatOf(network)} ${only(led)}`,
      fix: `give ${near} an ${missing} prefix too, or leave the connection to ${far} out`,
    };
  }
  if (isHidden(connection, network, 'ipv6')) {
    return {
      problem: `joins nothing: ${near} and ${far} have IPv6 in common, and addresses are translated towards ${far}, which IPv6 never is`,
      fix: `give both networks an IPv4 prefix, or ${asksForNat(network) ? `share ${far} without NAT` : `connect ${far} without translation`}`,
    };
  }
  return {
    problem: `joins nothing: the IPv6 addresses of ${near} are unique local, and those that ${far} leads to could not answer them`,
    fix: `give ${near} an IPv6 prefix that is routed beyond the site, or leave the connection to ${far} out`,
  };
}

const only = (families: readonly Family[]): string => `${families.map(familyName).join(' and ')} only`;

const whatOf = (network: Network): string =>
  network.kind === 'external' ? `the destinations of ${quote(network.name)} are of` : quote(network.name);
