import { FAMILIES, type Family, type Prefix } from '../net';
import type { Declared, Reference } from './declared';
import type { Fabric, Partition, Rack, Switch } from './fabric';
import type { Connection, Firewall, Host, NatPolicy } from './host';
import { asksForNat, type Network } from './network';
import type { Redundancy } from './rollout';

/** Finds declared things by their path, across all partitions. Built once for each compile. */
export class Lookup {
  readonly #networks: ReadonlyMap<Reference, Network>;
  readonly #switches: ReadonlyMap<Reference, Switch>;
  readonly #racks: ReadonlyMap<Reference, Rack>;
  readonly #partitions: ReadonlyMap<Reference, Partition>;

  public constructor({ partitions }: Pick<Fabric, 'partitions'>) {
    this.#networks = byPath(partitions.flatMap(({ networks }) => networks));
    this.#switches = byPath(partitions.flatMap(({ switches }) => switches));
    this.#racks = byPath(partitions.flatMap(({ racks }) => racks));
    this.#partitions = byPath(partitions);
  }

  public tryFindNetwork(path: Reference): Network | undefined {
    return this.#networks.get(path);
  }

  public findNetwork(path: Reference): Network {
    return this.#networks.get(path) ?? missing('network', path);
  }

  public tryFindSwitch(path: Reference): Switch | undefined {
    return this.#switches.get(path);
  }

  public tryFindRack(path: Reference): Rack | undefined {
    return this.#racks.get(path);
  }

  public tryFindPartition(path: Reference): Partition | undefined {
    return this.#partitions.get(path);
  }

  public findPartition(path: Reference): Partition {
    return this.#partitions.get(path) ?? missing('partition', path);
  }
}

function byPath<T extends Declared>(things: readonly T[]): ReadonlyMap<Reference, T> {
  return new Map(things.map((thing) => [thing.path, thing]));
}

function missing(kind: string, path: Reference): never {
  throw new Error(`invariant: no ${kind} is declared at ${path}`);
}

export function hostsOf({ machines, firewalls }: Pick<Partition, 'machines' | 'firewalls'>): readonly Host[] {
  return [...machines, ...firewalls];
}

/** The devices that this one stands in for. */
export function redundancyOf(device: Switch | Host): Redundancy {
  switch (device.kind) {
    case 'switch':
      return redundancyOfSwitch(device);
    case 'firewall':
      return { of: 'firewalls', within: device.primary?.network ?? '' };
    case 'machine':
      return { of: 'machines', within: device.primary?.network ?? '' };
  }
}

function redundancyOfSwitch({ role, rack }: Switch): Redundancy {
  switch (role) {
    case 'spine':
      return { of: 'spines', within: '' };
    case 'border-leaf':
      return { of: 'borderLeaves', within: '' };
    case 'leaf':
      return { of: 'leaves', within: rack ?? '' };
  }
}

/** What the firewall does to source addresses towards the connected network. */
export function natOf(connection: Connection, network: Network): NatPolicy {
  if (connection.nat !== undefined) return connection.nat;
  return asksForNat(network) ? { kind: 'translate', address: undefined, keep: [] } : { kind: 'none' };
}

/**
 * Whether the connected network must not learn the route to the firewall's primary network: all of its sources are
 * translated. IPv6 is never translated; a shared network towards which a firewall translates gets no IPv6 route at all.
 */
export function isHidden(connection: Connection, network: Network, family: Family): boolean {
  const nat = natOf(connection, network);
  if (family === 'ipv6') return network.kind === 'private' && nat.kind !== 'none';
  return nat.kind !== 'none' && nat.keep.length === 0;
}

/** The firewalls of each primary network, by the network's path. */
export function firewallsByPrimary(firewalls: readonly Firewall[]): ReadonlyMap<Reference, readonly Firewall[]> {
  return groupBy(
    firewalls.filter(({ primary }) => primary !== undefined),
    ({ primary }) => primary?.network ?? '',
  );
}

export function groupBy<T, K>(things: Iterable<T>, keyOf: (thing: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) push(groups, keyOf(thing), thing);
  return groups;
}

/** The map that belongs to a key, a new one for a new key. */
export function mapIn<K, L, V>(maps: Map<K, Map<L, V>>, at: K): Map<L, V> {
  let known = maps.get(at);
  if (known === undefined) maps.set(at, (known = new Map<L, V>()));
  return known;
}

/** Adds to the list that belongs to a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}

/** All prefixes of one family. */
export function ofFamily(prefixes: readonly Prefix[], family: Family): readonly Prefix[] {
  return prefixes.filter((prefix) => prefix.family === family);
}

/** Whether a prefix of that family is carved out of the super networks: none at all was given, and a length says how long. */
export function isCarved(network: Network, family: Family): boolean {
  return network.kind === 'private' && network.prefixes.length === 0 && network.prefixLengths[family] !== undefined;
}

/** The families a network has, or will have, prefixes of. */
export function familiesOf(network: Network): readonly Family[] {
  return FAMILIES.filter((family) => isCarved(network, family) || ofFamily(network.prefixes, family).length > 0);
}
