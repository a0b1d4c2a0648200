import { Address, type Family, FAMILIES, HIGHEST, Prefix } from '../net';
import { destinationsOf, groupBy } from '../model';
import { intersection, type Plan, type PlannedAttachment } from '../plan';
import type { Endpoint } from '../promises';
import { Boundaries, PrefixIndex } from './prefix-index';

/** What was declared, as far as it is needed to ask the engine something, and to say what the answer ought to be. */
export interface Known {
  readonly networks: readonly KnownNetwork[];
  readonly hosts: readonly KnownHost[];
  /** Addresses that are no host's and no world's: tunnel ends, and links to routers of others. */
  readonly inside: readonly Prefix[];
}

export interface KnownNetwork {
  readonly name: string;
  readonly kind: 'private' | 'external';
  readonly vni: number;
  readonly prefixes: readonly Prefix[];
  /** What is reached through it. */
  readonly destinations: readonly Prefix[];
}

export interface KnownHost {
  readonly name: string;
  readonly kind: 'machine' | 'firewall';
  /** The primary one. */
  readonly network: string;
  readonly addresses: readonly { readonly network: string; readonly address: Address }[];
}

export function knownOf({ networks, machines, firewalls, switches, partition }: Plan): Known {
  const of = ({ network, addresses }: PlannedAttachment): KnownHost['addresses'] =>
    addresses.map((address) => ({ network: network.name, address }));
  return {
    networks: networks.map(({ name, vni, prefixes, declared }) => ({
      name,
      vni,
      kind: declared.kind,
      prefixes,
      destinations: destinationsOf(declared),
    })),
    hosts: [
      ...machines.map(({ name, primary, attachments }) => ({
        name,
        kind: 'machine' as const,
        network: primary.network.name,
        addresses: [primary, ...attachments].flatMap(of),
      })),
      ...firewalls.map(({ name, primary, connections }) => ({
        name,
        kind: 'firewall' as const,
        network: primary.network.name,
        addresses: [primary, ...connections].flatMap(of),
      })),
    ],
    inside: [
      ...(partition.underlay === undefined ? [] : [partition.underlay]),
      ...switches.flatMap(({ ports }) =>
        ports.flatMap(({ router }) =>
          (router?.declared.peers ?? []).map(({ address, length }) => Prefix.around(address, length)),
        ),
      ),
    ],
  };
}

/** What was declared, with the indexes that questions need. */
export class Directory {
  public readonly endpoints: readonly Endpoint[];
  readonly #byAddress: Readonly<Record<Family, ReadonlyMap<bigint, Endpoint>>>;
  /** Endpoints that are not found at their address, because another one has it, too: networks that never meet may overlap. */
  readonly #covered: ReadonlyMap<string, readonly Endpoint[]>;
  readonly #networks: ReadonlyMap<string, KnownNetwork>;
  readonly #firewalls: ReadonlyMap<string, readonly KnownHost[]>;
  readonly #byName: ReadonlyMap<string, KnownHost>;
  readonly #hosts: ReadonlyMap<string, readonly KnownHost[]>;
  readonly #ways = new Map<string, readonly WayOut[]>();
  readonly #inside: Readonly<Record<Family, PrefixIndex<string | undefined>>>;
  readonly #edges = { ipv4: new Boundaries(), ipv6: new Boundaries() };
  readonly #homes: ReadonlyMap<string, string>;

  public constructor(public readonly known: Known) {
    this.endpoints = known.hosts.flatMap(({ name, kind, addresses }) =>
      addresses.map(({ network, address }): Endpoint => ({ kind, name, network, address })),
    );
    const at = (family: Family): ReadonlyMap<bigint, Endpoint> =>
      new Map(
        this.endpoints.flatMap((endpoint) =>
          endpoint.address.family === family ? [[endpoint.address.value, endpoint] as const] : [],
        ),
      );
    this.#byAddress = { ipv4: at('ipv4'), ipv6: at('ipv6') };
    this.#covered = groupBy(
      this.endpoints.filter((endpoint) => this.tryEndpointAt(endpoint.address) !== endpoint),
      ({ address }) => address.toString(),
    );
    this.#networks = new Map(known.networks.map((network) => [network.name, network]));
    this.#firewalls = groupBy(
      known.hosts.filter(({ kind }) => kind === 'firewall'),
      ({ network }) => network,
    );
    this.#byName = new Map(known.hosts.map((host) => [host.name, host]));
    this.#hosts = groupBy(known.hosts, ({ network }) => network);
    this.#homes = new Map(known.hosts.map(({ name, network }) => [name, network]));
    this.#inside = { ipv4: new PrefixIndex('ipv4'), ipv6: new PrefixIndex('ipv6') };
    const add = (prefix: Prefix, network: string | undefined): void => {
      this.#inside[prefix.family].add(prefix, network);
      this.#edges[prefix.family].add(prefix);
    };
    for (const { name, prefixes } of known.networks) for (const prefix of prefixes) add(prefix, name);
    for (const prefix of known.inside) add(prefix, undefined);
    for (const { destinations } of known.networks)
      for (const prefix of destinations) this.#edges[prefix.family].add(prefix);
  }

  public tryEndpointAt({ family, value }: Address): Endpoint | undefined {
    return this.#byAddress[family].get(value);
  }

  /** All who have the address, if they are several. */
  public sharing(address: Address): readonly Endpoint[] {
    const covered = this.#covered.size === 0 ? undefined : this.#covered.get(address.toString());
    return covered === undefined ? [] : [...covered, this.tryEndpointAt(address) ?? []].flat();
  }

  /** The network that the address is of, whether a host has it or not. */
  public tryNetworkAt({ family, value }: Address): string | undefined {
    return this.#inside[family].holding(value)[0];
  }

  /** Whether the address is of the fabric, whoever has it: what lies beyond does not have it. */
  public isInside(address: Address): boolean {
    return this.#inside[address.family].holding(address.value).length > 0;
  }

  /** Whether the address is of a network that a firewall of the other network is in. */
  public isBehindFirewallOf(network: string, address: Address): boolean {
    return this.firewallsOf(network).some(({ addresses }) =>
      [...new Set(addresses.map((one) => one.network))].some((name) =>
        this.#networks.get(name)?.prefixes.some((prefix) => prefix.holds(address)),
      ),
    );
  }

  /** The last address behind this one that lies in the same prefixes of networks. */
  public lastAlike({ family, value }: Address): bigint {
    return this.#edges[family].around(value, 0n, HIGHEST[family])[1];
  }

  /** The primary network of an endpoint: an address of another one may be lent. */
  public homeOf({ name, network }: Endpoint): string {
    return this.#homes.get(name) ?? network;
  }

  public tryHost(name: string): KnownHost | undefined {
    return this.#byName.get(name);
  }

  public tryNetwork(name: string): KnownNetwork | undefined {
    return this.#networks.get(name);
  }

  /** The hosts whose primary network it is. */
  public hostsOf(network: string): readonly KnownHost[] {
    return this.#hosts.get(network) ?? [];
  }

  public firewallsOf(network: string): readonly KnownHost[] {
    return this.#firewalls.get(network) ?? [];
  }

  /** The network that leads to an address outside, for the hosts of a network; undefined for none. */
  public tryWayOut(network: string, address: Address): string | undefined {
    return this.waysOut(network, []).find(({ prefix }) => prefix.holds(address))?.network;
  }

  /** By prefix, the longest first: what the firewalls of a network lead to, and through which network. */
  public waysOut(network: string, passed: readonly string[]): readonly WayOut[] {
    const known = this.#ways.get(network);
    if (known !== undefined) return known;
    if (passed.includes(network)) return [];
    const ways = this.firewallsOf(network).flatMap(({ addresses }) => {
      const connected = new Set(addresses.map((one) => one.network).filter((name) => name !== network));
      return [...connected].flatMap((name): readonly WayOut[] => {
        const { kind, destinations } = this.#networks.get(name) ?? { kind: 'private', destinations: [] };
        const own = destinations.map((prefix) => ({ prefix, network: name }));
        if (kind === 'external') return own;
        return this.waysOut(name, [...passed, network]).flatMap((way) =>
          intersection(destinations, [way.prefix]).map((prefix) => ({ ...way, prefix })),
        );
      });
    });
    const sorted = ways.sort((a, b) => b.prefix.length - a.prefix.length);
    if (passed.length === 0) this.#ways.set(network, sorted);
    return sorted;
  }

  public get externals(): readonly KnownNetwork[] {
    return this.known.networks.filter(({ kind }) => kind === 'external');
  }

  public familiesOf(network: string): readonly Family[] {
    const { prefixes = [] } = this.#networks.get(network) ?? {};
    return FAMILIES.filter((family) => prefixes.some((prefix) => prefix.family === family));
  }
}

interface WayOut {
  readonly prefix: Prefix;
  readonly network: string;
}

/** Of the whole world, addresses for documentation (RFC 5737, RFC 3849). */
const DOCUMENTED: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['198.51.100.10', '203.0.113.10'],
  ipv6: ['2001:db8:ff::10'],
};

/**
 * An address in each of the prefixes that the network leads to, which nobody in the fabric has, and no other network leads to.
 * @param told prefixes of which others are told apart: one in each of those, and the others outside of them
 */
export function outsideOf(
  directory: Directory,
  { name, destinations }: KnownNetwork,
  told: readonly Prefix[] = [],
): readonly Endpoint[] {
  const elsewhere = directory.externals.filter((one) => one.name !== name).flatMap((one) => one.destinations);
  const isFabrics = ({ first, last }: Prefix): boolean => {
    const network = directory.tryNetworkAt(first);
    return network !== undefined && network === directory.tryNetworkAt(last);
  };
  const inside = told.filter(
    (one) => !isFabrics(one) && destinations.some((prefix) => prefix.length < one.length && prefix.contains(one)),
  );
  const all = [...new Map([...destinations, ...inside].map((prefix) => [prefix.toString(), prefix])).values()];
  return all.flatMap((prefix): readonly Endpoint[] => {
    const { first, last } = prefix.usable;
    const others = [...elsewhere, ...inside].filter((one) => one.length > prefix.length && prefix.contains(one));
    const candidates = [
      ...DOCUMENTED[prefix.family].map(Address.parse).filter((address) => prefix.holds(address)),
      ...Array.from({ length: 64 }, (_, index) => first.value + BigInt(index))
        .filter((value) => value <= last.value)
        .map((value) => Address.of(prefix.family, value)),
      // Behind each of the others, where it is none of them.
      ...others.filter((one) => one.last.value < last.value).map((one) => Address.of(one.family, one.last.value + 1n)),
    ];
    const free = candidates.find(
      (address) => !directory.isInside(address) && !others.some((one) => one.holds(address)),
    );
    return free === undefined ? [] : [{ kind: 'beyond', name, network: name, address: free }];
  });
}
