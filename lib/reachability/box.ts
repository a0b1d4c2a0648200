import { Address, type Family, type Prefix } from '../net';
import { groupBy } from '../model';
import type { BgpInstance, FrrVrf, NeighborPolicy, RouteMap, UnicastFamily } from '../language/frr';
import type { DeviceRole } from '../device';
import { PacketFilter } from './packet-filter';
import type { DeviceTrees } from './snapshot';

/** An interface, as its stanza says. */
export class Interface {
  public readonly name: string;
  public readonly vrf: string;
  public readonly addresses: readonly InterfaceAddress[];
  readonly #attributes: Stanza['attributes'];

  public constructor({ name, attributes }: Stanza) {
    [this.name, this.#attributes] = [name, attributes];
    this.vrf = this.tryAttribute('vrf') ?? DEFAULT_VRF;
    this.addresses = attributes.filter(({ keyword }) => keyword === 'address').map(readAddress);
  }

  /** The value that holds: of several, the last one. */
  public tryAttribute(name: string): string | undefined {
    let found: string | undefined;
    for (const { keyword, value } of this.#attributes) if (keyword === name) found = value;
    return found;
  }
}

type Stanza = DeviceTrees['interfaces']['stanzas'][number];

export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/** Where the routes outside of all VRFs are. */
export const DEFAULT_VRF = 'default';

/** What BGP may say and hear over one session of one address family. */
export type SessionKind = Family | 'evpn';

/** The settings of a neighbor, together with those of its peer group. */
export interface SessionPolicy {
  readonly routeMapIn: string | undefined;
  readonly routeMapOut: string | undefined;
  readonly allowasIn: number;
}

/** One device, with what its trees say put together: names are resolved, and what only looks configured is not there. */
export class Box {
  public readonly name: string;
  public readonly role: DeviceRole;
  public readonly interfaces: ReadonlyMap<string, Interface>;
  /** By name. */
  public readonly vrfs: ReadonlyMap<string, Vrf>;
  public readonly filter: PacketFilter;
  /** The release of FRR, without what comes behind the first dot. */
  public readonly frrMajor: number;
  readonly #maps: ReadonlyMap<string, RouteMap>;
  #own: Readonly<Record<Family, ReadonlySet<bigint>>> | undefined;

  public constructor(public readonly trees: DeviceTrees) {
    const { name, role, frr, interfaces, nftables } = trees;
    [this.name, this.role] = [name, role];
    this.frrMajor = Number(frr.version.split('.')[0]);
    this.#maps = new Map(frr.routeMaps.map((map) => [map.name, map]));
    const read = interfaces.stanzas.map((stanza) => new Interface(stanza));
    this.interfaces = new Map(read.map((one) => [one.name, one]));
    const instances = new Map(frr.bgp.map((bgp) => [bgp.vrf ?? DEFAULT_VRF, bgp]));
    const declared = new Map(frr.vrfs.map((vrf) => [vrf.name, vrf]));
    const [ofVrfs, others] = [read.filter(isOfVrf), read.filter((one) => !isOfVrf(one))];
    const members = groupBy(others, ({ vrf }) => vrf);
    const tunnels = groupBy(this.interfaces.values(), (one) => one.tryAttribute('vxlan-id'));
    this.vrfs = new Map(
      [DEFAULT_VRF, ...ofVrfs.map((one) => one.name)].map((vrf) => {
        const frrVrf = declared.get(vrf);
        const tunnel = frrVrf === undefined ? undefined : tunnels.get(`${frrVrf.vni}`)?.[0];
        return [vrf, new Vrf(this, vrf, members.get(vrf) ?? [], instances.get(vrf), frrVrf, tunnel)];
      }),
    );
    this.filter = new PacketFilter(name, nftables);
  }

  /** Whether the address is one of the device's own, in whatever VRF. */
  public owns(family: Family, address: bigint): boolean {
    this.#own ??= numbersOf(
      [...this.vrfs.values()].flatMap(({ interfaces }) => interfaces.flatMap((one) => one.addresses)),
    );
    return this.#own[family].has(address);
  }

  public tryMap(name: string): RouteMap | undefined {
    return this.#maps.get(name);
  }

  /** The VRF that an interface is in; undefined for an interface or VRF that there is not. */
  public tryVrfOf(port: string): Vrf | undefined {
    return this.vrfs.get(this.interfaces.get(port)?.vrf ?? '');
  }

  public get underlay(): Vrf {
    const found = this.vrfs.get(DEFAULT_VRF);
    if (found === undefined) throw new Error(`invariant: ${this.name} has no default VRF`);
    return found;
  }

  public get isSwitch(): boolean {
    return this.role === 'spine' || this.role === 'leaf' || this.role === 'border-leaf';
  }
}

const isOfVrf = (one: Interface): boolean => one.tryAttribute('vrf-table') !== undefined;

function readAddress({ value }: { readonly value: string }): InterfaceAddress {
  const [address = '', length = ''] = value.split('/');
  return { address: Address.parse(address), length: Number(length) };
}

function numbersOf(all: readonly InterfaceAddress[]): Readonly<Record<Family, ReadonlySet<bigint>>> {
  const of = (family: Family): ReadonlySet<bigint> =>
    new Set(all.flatMap(({ address }) => (address.family === family ? [address.value] : [])));
  return { ipv4: of('ipv4'), ipv6: of('ipv6') };
}

/** A route table of a device, and what BGP does with it. */
export class Vrf {
  /** The interface that packets of a tunnel come in by and go out by; undefined where VNI and VRF are not joined. */
  public readonly svi: string | undefined;
  public readonly vni: number | undefined;
  /** The end of its tunnels. */
  public readonly vtep: Address | undefined;
  public readonly blackholes: readonly Prefix[];
  readonly #neighbors: ReadonlyMap<string, string | undefined>;
  readonly #policies = new Map<SessionKind, ReadonlyMap<string, NeighborPolicy>>();
  #own: Readonly<Record<Family, ReadonlySet<bigint>>> | undefined;

  public constructor(
    public readonly box: Box,
    public readonly name: string,
    public readonly interfaces: readonly Interface[],
    public readonly bgp: BgpInstance | undefined,
    declared: FrrVrf | undefined,
    tunnel: Interface | undefined,
  ) {
    this.blackholes = declared?.blackholes ?? [];
    this.#neighbors = new Map(
      (bgp?.neighbors ?? []).map((one) =>
        one.kind === 'unnumbered' ? [one.interface, one.peerGroup] : [one.address.toString(), undefined],
      ),
    );
    const vlan = tunnel?.tryAttribute('bridge-access');
    const svi = interfaces.find((one) => vlan !== undefined && one.tryAttribute('vlan-id') === vlan);
    const vtep = tunnel?.tryAttribute('vxlan-local-tunnelip');
    if (svi === undefined || vtep === undefined) return;
    [this.svi, this.vni, this.vtep] = [svi.name, declared?.vni, Address.parse(vtep)];
  }

  public tryUnicast(family: Family): UnicastFamily | undefined {
    return this.bgp?.unicast.find((unicast) => unicast.family === family);
  }

  /** Whether the address is one of the device's own here. */
  public owns(family: Family, address: bigint): boolean {
    this.#own ??= numbersOf(this.interfaces.flatMap(({ addresses }) => addresses));
    return this.#own[family].has(address);
  }

  /** What is configured of a session with a neighbor; undefined where none comes up in this address family. */
  public tryPolicy(neighbor: string, kind: SessionKind): SessionPolicy | undefined {
    if (!this.#neighbors.has(neighbor)) return undefined;
    const policies = this.#policiesOf(kind);
    const group = policies.get(this.#neighbors.get(neighbor) ?? '');
    const own = policies.get(neighbor);
    // FRR takes every neighbor for one of IPv4 unicast unless told otherwise.
    if (!(own?.activate ?? group?.activate ?? kind === 'ipv4')) return undefined;
    return {
      routeMapIn: own?.routeMapIn ?? group?.routeMapIn,
      routeMapOut: own?.routeMapOut ?? group?.routeMapOut,
      allowasIn: own?.allowasIn ?? group?.allowasIn ?? 0,
    };
  }

  #policiesOf(kind: SessionKind): ReadonlyMap<string, NeighborPolicy> {
    let known = this.#policies.get(kind);
    if (known === undefined) {
      const listed = kind === 'evpn' ? this.bgp?.evpn?.neighbors : this.tryUnicast(kind)?.neighbors;
      known = new Map((listed ?? []).map((policy) => [policy.neighbor, policy]));
      this.#policies.set(kind, known);
    }
    return known;
  }
}
