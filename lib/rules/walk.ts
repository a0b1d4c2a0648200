import type { Address, Family, Prefix } from '../net';
import {
  type Attachment,
  type Connection,
  type Fabric,
  type Firewall,
  type Host,
  type Lookup,
  type Network,
  attachmentsOf,
  destinationsOf,
  hostsOf,
  isShared,
  natOf,
  isHidden,
  territoryOf,
} from '../model';

// What many rules walk over. References that lead nowhere are left out here: one rule of their own reports them.

export function allNetworks({ partitions }: Fabric): readonly Network[] {
  return partitions.flatMap(({ networks }) => networks);
}

export function allHosts({ partitions }: Fabric): readonly Host[] {
  return partitions.flatMap(hostsOf);
}

export interface Membership {
  readonly host: Host;
  readonly attachment: Attachment;
  readonly network: Network;
}

/** Every network that a host is in. */
export function* memberships(fabric: Fabric, lookup: Lookup): Iterable<Membership> {
  for (const host of allHosts(fabric)) {
    for (const attachment of attachmentsOf(host)) {
      const network = lookup.tryFindNetwork(attachment.network);
      if (network !== undefined) yield { host, attachment, network };
    }
  }
}

export interface Link {
  readonly firewall: Firewall;
  readonly connection: Connection;
  readonly network: Network;
}

/** The networks that a firewall is connected to, besides its primary one. */
export function linksOf(firewall: Firewall, lookup: Lookup): readonly Link[] {
  return firewall.connections.flatMap((connection) => {
    const network = lookup.tryFindNetwork(connection.network);
    return network === undefined || network.path === firewall.primary?.network
      ? []
      : [{ firewall, connection, network }];
  });
}

export function allLinks({ partitions }: Fabric, lookup: Lookup): readonly Link[] {
  return partitions.flatMap(({ firewalls }) => firewalls.flatMap((firewall) => linksOf(firewall, lookup)));
}

export function tryFindPrimary({ primary }: Host, lookup: Lookup): Network | undefined {
  return primary === undefined ? undefined : lookup.tryFindNetwork(primary.network);
}

export function canHold(network: Network, address: Address, lookup: Lookup): boolean {
  return territoryOf(network, address.family, lookup).some((prefix) => prefix.holds(address));
}

/** Whether a host may have the address, of one that the prefix holds. */
export function isUsable({ usable }: Prefix, { value }: Address): boolean {
  return usable.first.value <= value && value <= usable.last.value;
}

export function givesDefaultRoute(network: Network): boolean {
  return destinationsOf(network).some(({ isDefault }) => isDefault);
}

/** Whether the network may open connections into the firewall's primary network, as long as `allow` does not narrow it. */
export function isOpenInward({ connection, network }: Link, family: Family): boolean {
  if (!isShared(network) || isHidden(connection, network, family)) return false;
  return family === 'ipv6' || natOf(connection, network).kind === 'none';
}
