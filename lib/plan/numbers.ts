import { Address, BITS, FAMILIES, type Family, Prefix } from '../net';
import {
  type Attachment,
  attachmentsOf,
  type Connection,
  groupBy,
  type Host,
  hostsOf,
  type Lookup,
  ofFamily,
  type Reference,
} from '../model';
import { type Cable, type FarEnd, farName } from './cabling';
import { tryEntry } from './ledger';
import { isCountable } from './notation';
import { addressPool, asnPool, type Claim, loopbackPool, portPool, prefixPool, vlanPool, vniPool } from './pool';
import type { PoolBook } from './pool-book';
import { type CarriedNetwork, type SoundPartition, tryOwnNetwork } from './sound';

/** Every number of a partition. All is by name; what is missing could not be given, or was declared wrongly. */
export interface Numbers {
  readonly vnis: ReadonlyMap<string, number>;
  /** By network, in order, IPv4 first. */
  readonly prefixes: ReadonlyMap<string, readonly Prefix[]>;
  /** By network, then by host. */
  readonly addresses: Readonly<Record<Family, ReadonlyMap<string, ReadonlyMap<string, Address>>>>;
  readonly asns: ReadonlyMap<string, number>;
  readonly loopbacks: ReadonlyMap<string, Address>;
  /** By device, then by network. */
  readonly vlans: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By switch, then by what is at the far end. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * Gives the partition its numbers, pool by pool: below, who claims what of which pool. All of them stand in one file,
 * because together they are the list of what a fabric has numbers for.
 */
export function giveNumbers(
  partition: SoundPartition,
  lookup: Lookup,
  cables: readonly Cable[],
  book: PoolBook,
): Numbers {
  const memberships = membershipsOf(partition, lookup);
  const prefixes = givePrefixes(partition, memberships, book);
  return {
    vnis: giveVnis(partition, book),
    prefixes,
    addresses: {
      ipv4: giveAddresses(partition, memberships, prefixes, 'ipv4', book),
      ipv6: giveAddresses(partition, memberships, prefixes, 'ipv6', book),
    },
    asns: giveAsns(partition, book),
    loopbacks: giveLoopbacks(partition, memberships, prefixes, book),
    vlans: giveVlans(partition, lookup, cables, book),
    ports: givePorts(partition, cables, book),
  };
}

function giveVnis(partition: SoundPartition, book: PoolBook): Numbers['vnis'] {
  return book.allocate(
    vniPool(partition),
    partition.networks
      .filter(({ vni }) => vni === undefined || isCountable(vni))
      .map(({ name, path, vni }) => ({ holder: name, path, fixed: vni })),
  );
}

function giveAsns(partition: SoundPartition, book: PoolBook): Numbers['asns'] {
  const devices = [...partition.switches, ...hostsOf(partition)];
  const routers = partition.networks.flatMap((network) => (network.kind === 'external' ? network.routers : []));
  return book.allocate(asnPool(partition, routers), devices.map(unfixed));
}

const unfixed = ({ name, path }: { readonly name: string; readonly path: string }): Claim<never> => ({
  holder: name,
  path,
  fixed: undefined,
});

function givePrefixes(
  partition: SoundPartition,
  memberships: readonly Membership[],
  book: PoolBook,
): Numbers['prefixes'] {
  const membersOf = groupBy(memberships, ({ network }) => network.name);
  const given = FAMILIES.map((family) => ({
    family,
    values: book.allocate(
      prefixPool(partition, family),
      partition.networks.flatMap((network) => {
        const addresses = fixedAddresses(membersOf.get(network.name) ?? [], family);
        return prefixClaims(network, family, partition, addresses);
      }),
    ),
  }));
  return new Map(
    partition.networks.map(({ name, prefixes }) => [
      name,
      prefixes.length > 0 ? [...prefixes].sort(Prefix.compare) : given.flatMap(({ values }) => values.get(name) ?? []),
    ]),
  );
}

/** Declared prefixes are recorded too, so that none of them is carved for another network once they are gone. */
function prefixClaims(
  network: CarriedNetwork,
  family: Family,
  partition: SoundPartition,
  fixedAddresses: readonly Address[],
): readonly Claim<Prefix>[] {
  const { name, path, prefixes } = network;
  if (prefixes.length > 0) {
    return [...ofFamily(prefixes, family)]
      .sort(Prefix.compare)
      .map((fixed, index) => ({ holder: index === 0 ? name : `${name} ${fixed.toString()}`, path, fixed }));
  }
  const length = network.kind === 'private' ? network.prefixLengths[family] : undefined;
  const spaces = ofFamily(partition.superNetworks, family);
  // Where no super network is wide enough, a rule says so.
  const fits = (wanted: number): boolean =>
    Number.isInteger(wanted) && wanted <= BITS[family] && spaces.some((space) => space.length <= wanted);
  if (length === undefined || !fits(length)) return [];
  // An address that the user fixed in a network without a prefix says where that prefix must be.
  const [anchor] = fixedAddresses;
  return [{ holder: name, path, fixed: undefined, length, wish: anchor && Prefix.around(anchor, length) }];
}

/** The lowest first. */
function fixedAddresses(members: readonly Membership[], family: Family): readonly Address[] {
  return members
    .flatMap(({ attachment }) => [givenAddress(attachment, family), translatedAddress(attachment, family)])
    .filter((address) => address !== undefined)
    .sort(Address.compare);
}

/** That a host is in a network of its own partition. */
interface Membership {
  readonly host: Host;
  readonly network: CarriedNetwork;
  readonly attachment: Attachment | Connection;
}

function membershipsOf(partition: SoundPartition, lookup: Lookup): readonly Membership[] {
  return hostsOf(partition).flatMap((host) =>
    attachmentsOf(host).flatMap((attachment) => {
      const network = tryOwnNetwork(attachment.network, partition, lookup);
      return network === undefined ? [] : [{ host, network, attachment }];
    }),
  );
}

function giveAddresses(
  { networks }: SoundPartition,
  memberships: readonly Membership[],
  prefixes: Numbers['prefixes'],
  family: Family,
  book: PoolBook,
): ReadonlyMap<string, ReadonlyMap<string, Address>> {
  const byNetwork = groupBy(memberships, ({ network }) => network.name);
  return new Map(
    networks.map(({ name, prefixes: declared }) => {
      const pool = addressPool(name, family, prefixes.get(name) ?? [], declared.length === 0);
      const members = byNetwork.get(name) ?? [];
      const owners = members.filter((member) => hasAddress(member, family, prefixes));
      const kept = tryEntry(book.before.pools, pool.id)?.given ?? {};
      const ownAddresses = new Map(
        owners.map(({ host, attachment }) => [
          host.name,
          givenAddress(attachment, family)?.toString() ?? tryEntry(kept, host.name),
        ]),
      );
      return [
        name,
        book.allocate(pool, [
          ...owners.map((member) => ownClaim(member, family)),
          ...members.flatMap((member) => natClaims(member, family, ownAddresses.get(member.host.name))),
        ]),
      ];
    }),
  );
}

const givenAddress = ({ addresses }: Attachment, family: Family): Address | undefined =>
  addresses.find((address) => address.family === family);

/** The address that a firewall was told to translate to. */
function translatedAddress(attachment: Attachment | Connection, family: Family): Address | undefined {
  const nat = 'nat' in attachment ? attachment.nat : undefined;
  return nat?.kind === 'translate' && nat.address?.family === family ? nat.address : undefined;
}

function hasAddress({ attachment, network }: Membership, family: Family, prefixes: Numbers['prefixes']): boolean {
  if (givenAddress(attachment, family) !== undefined) return true;
  return attachment.autoIp && ofFamily(prefixes.get(network.name) ?? [], family).length > 0;
}

const ownClaim = ({ host, attachment }: Membership, family: Family): Claim<Address> => ({
  holder: host.name,
  path: host.path,
  fixed: givenAddress(attachment, family),
});

/**
 * The address that a firewall translates to is held beside its own, unless it is its own.
 * @param own as it is given, or as the ledger has kept it; undefined for none
 */
function natClaims(
  { host, attachment }: Membership,
  family: Family,
  own: number | string | undefined,
): readonly Claim<Address>[] {
  const address = translatedAddress(attachment, family);
  if (address === undefined || own === address.toString()) return [];
  return [{ holder: `${host.name} nat`, path: host.path, fixed: address }];
}

function giveLoopbacks(
  partition: SoundPartition,
  memberships: readonly Membership[],
  prefixes: Numbers['prefixes'],
  book: PoolBook,
): Numbers['loopbacks'] {
  // BGP identifies a machine by its IPv4 address; one that has none is given a number that looks like one.
  const nameless = memberships
    .filter(({ host, attachment }) => host.kind === 'machine' && host.primary === attachment)
    .filter((member) => !hasAddress(member, 'ipv4', prefixes))
    .map(({ host }) => host);
  return book.allocate(
    loopbackPool(partition),
    [...partition.switches, ...partition.firewalls, ...nameless].map(unfixed),
  );
}

function giveVlans(
  partition: SoundPartition,
  lookup: Lookup,
  cables: readonly Cable[],
  book: PoolBook,
): Numbers['vlans'] {
  const byLeaf = groupBy(cables, ({ leaf }) => leaf.name);
  const ofSwitches = partition.switches.map((device) => ({
    device,
    networks: (byLeaf.get(device.name) ?? []).flatMap((cable) => networkAtEnd(cable) ?? []),
  }));
  const ofFirewalls = partition.firewalls.map((device) => ({
    device,
    networks: attachmentsOf(device).map(({ network }) => network),
  }));
  return new Map(
    [...ofSwitches, ...ofFirewalls].map(({ device, networks }) => [
      device.name,
      book.allocate(
        vlanPool(partition, device.name),
        networks
          .flatMap((path) => tryOwnNetwork(path, partition, lookup) ?? [])
          .map(({ name }) => ({ holder: name, path: device.path, fixed: undefined })),
      ),
    ]),
  );
}

/** What the leaf must carry for the far end. A firewall ends its tunnels itself, so its leaf carries none of its networks. */
function networkAtEnd({ far }: Cable): Reference | undefined {
  switch (far.kind) {
    case 'spine':
      return undefined;
    case 'host':
      return far.host.kind === 'machine' ? far.host.primary?.network : undefined;
    case 'router':
      return far.network.path;
  }
}

function givePorts({ switches }: SoundPartition, cables: readonly Cable[], book: PoolBook): Numbers['ports'] {
  const claims = groupBy(cables.flatMap(portClaims), ({ device }) => device);
  return new Map(
    switches.map(({ name, ports }) => [
      name,
      book.allocate(
        portPool(name, ports),
        (claims.get(name) ?? []).map(({ claim }) => claim),
      ),
    ]),
  );
}

interface PortClaim {
  readonly device: string;
  readonly claim: Claim<number>;
}

/** The ports of a cable; those to a spine are two, and the leaf is told when either is missing. */
function portClaims({ leaf, far, leafPort }: Cable): readonly PortClaim[] {
  const near = { device: leaf.name, claim: { holder: farName(far), path: pathOf(far) ?? leaf.path, fixed: leafPort } };
  if (far.kind !== 'spine') return [near];
  return [near, { device: far.spine.name, claim: { holder: leaf.name, path: leaf.path, fixed: undefined } }];
}

function pathOf(far: FarEnd): Reference | undefined {
  switch (far.kind) {
    case 'spine':
      return undefined;
    case 'host':
      return far.host.path;
    case 'router':
      return far.network.path;
  }
}
