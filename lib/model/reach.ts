import { isUniqueLocal, type Family, type Prefix } from '../net';
import type { Connection } from './host';
import { isCarved, isHidden, type Lookup, ofFamily } from './lookup';
import { destinationsOf, type Network } from './network';

// What networks reach, as far as it is known from what was declared: where a prefix is still to be carved out of the
// super networks, each of these stands for it. The plan asks `answering` the same of allocated prefixes.

/** Where the addresses of a network lie, as far as is known before allocation: its prefixes, or its super networks. */
export function territoryOf(network: Network, family: Family, lookup: Lookup): readonly Prefix[] {
  if (!isCarved(network, family)) return ofFamily(network.prefixes, family);
  return ofFamily(lookup.tryFindPartition(network.partition)?.superNetworks ?? [], family);
}

/** What a firewall reaches in and through a network. Of an external network that is its destinations alone. */
export function reachOf(network: Network, family: Family, lookup: Lookup): readonly Prefix[] {
  return ownAndBehind(network, family, territoryOf(network, family, lookup));
}

const ownAndBehind = (network: Network, family: Family, own: readonly Prefix[]): readonly Prefix[] => [
  ...(network.kind === 'private' ? own : []),
  ...ofFamily(destinationsOf(network), family),
];

/**
 * What of a connected network a firewall's primary network can speak to in the family, because it can answer.
 * @param own the connected network's prefixes of the family, declared or allocated
 * @param isLocal whether the primary network has unique local addresses
 */
export function answering(
  connection: Connection,
  network: Network,
  family: Family,
  own: readonly Prefix[],
  isLocal: boolean,
): readonly Prefix[] {
  // IPv6 is never translated, so over IPv6 a network that hides its consumers cannot be consumed.
  if (family === 'ipv6' && isHidden(connection, network, family)) return [];
  // RFC 4193 section 3.1: such addresses are not routed beyond the site, so nobody there could answer them.
  return ownAndBehind(network, family, own).filter((far) => far.family === 'ipv4' || isUniqueLocal(far) || !isLocal);
}

/** A firewall's connection with the networks on both of its sides. */
export interface Joint {
  readonly primary: Network;
  readonly connection: Connection;
  readonly network: Network;
}

/** What of the connected network the primary one reaches in the family, and gets answers from; empty if they do not relate. */
export function reachedFrom(
  { primary, connection, network }: Joint,
  family: Family,
  lookup: Lookup,
): readonly Prefix[] {
  if (territoryOf(primary, family, lookup).length === 0) return [];
  const isLocal = isUniqueLocalIn(primary, family, lookup);
  return answering(connection, network, family, territoryOf(network, family, lookup), isLocal);
}

/** Whether the two networks have anything to say to each other in the family. */
export function relatesIn(joint: Joint, family: Family, lookup: Lookup): boolean {
  return reachedFrom(joint, family, lookup).length > 0;
}

/** A prefix to be carved may come to lie in any super network, so it is one for certain only if all of them are. */
function isUniqueLocalIn(network: Network, family: Family, lookup: Lookup): boolean {
  const territory = territoryOf(network, family, lookup);
  return isCarved(network, family) ? territory.every(isUniqueLocal) : territory.some(isUniqueLocal);
}
