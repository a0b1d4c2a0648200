import { Address, type Family, FAMILIES, Prefix } from '../net';
import { type BgpInstance, type FrrConfig, type Neighbor, printDaemons, printFrr } from '../language/frr';
import { type InterfacesConfig, printInterfaces } from '../language/interfaces';
import { printSysctl, type SysctlConfig } from '../language/sysctl';
import type { Manifest } from '../manifest';
import type { GuestFile } from './session';

/**
 * What the lab stands in for: routers of somebody else, and the world beyond them. The world has an address in each
 * destination prefix of its network. One router has these for its own; several lead to a node behind them, so that the
 * way back may be another one, as it is out there. No device of the fabric is configured here.
 */
export interface StandIn {
  /** The name of the node. */
  readonly node: string;
  /** What `fabric.json` calls the router; undefined for the world behind several. */
  readonly label: string | undefined;
  readonly network: string;
  /** The addresses of the world that are here. */
  readonly beyond: readonly Address[];
  readonly files: readonly GuestFile[];
}

/** A wire between a router and the world behind it: node, interface, node, interface. */
export type InnerWire = readonly [string, string, string, string];

export interface StandIns {
  readonly nodes: readonly StandIn[];
  readonly wires: readonly InnerWire[];
}

type Network = Manifest['networks'][number];
type Router = Network['routers'][number];

/** An autonomous system that is nobody's (RFC 6996 keeps the range for private use). */
const WORLD_ASN = 4_294_967_294;
/** The interface of a router towards the fabric, and the one towards the world. */
const [OUTSIDE, INSIDE] = ['eth1', 'eth2'] as const;

export function standInsOf(manifest: Manifest): StandIns {
  const all = manifest.networks
    .filter(({ routers }) => routers.length > 0)
    .map((network) => {
      const beyond = beyondOf(network, manifest);
      return network.routers.length === 1 ? alone(network, beyond, manifest) : together(network, beyond, manifest);
    });
  return { nodes: all.flatMap(({ nodes }) => nodes), wires: all.flatMap(({ wires }) => wires) };
}

const routerNode = (network: Network, router: Router): string => `${network.name}~${router.name}`;

function alone(network: Network, beyond: readonly Address[], manifest: Manifest): StandIns {
  const nodes = network.routers.map((router): StandIn => {
    const speaker = routerSpeaker(network, router, manifest);
    return {
      node: routerNode(network, router),
      label: `${network.name}/${router.name}`,
      network: network.name,
      beyond,
      files: filesOf({ ...speaker, own: beyond, originates: destinationsOf(network) }, manifest),
    };
  });
  return { nodes, wires: [] };
}

function together(network: Network, beyond: readonly Address[], manifest: Manifest): StandIns {
  const world = `${network.name}~beyond`;
  const routers = network.routers.map((router): StandIn => {
    const speaker = routerSpeaker(network, router, manifest);
    return {
      node: routerNode(network, router),
      label: `${network.name}/${router.name}`,
      network: network.name,
      beyond: [],
      files: filesOf({ ...speaker, unnumbered: [INSIDE] }, manifest),
    };
  });
  const ports = network.routers.map((_, index) => `eth${index + 1}`);
  const node: StandIn = {
    node: world,
    label: undefined,
    network: network.name,
    beyond,
    files: filesOf(
      {
        name: world,
        asn: WORLD_ASN,
        routerId: Address.parse('192.0.2.255'),
        own: beyond,
        originates: destinationsOf(network),
        numbered: [],
        unnumbered: ports,
      },
      manifest,
    ),
  };
  return {
    nodes: [...routers, node],
    wires: routers.map((router, index) => [router.node, INSIDE, world, ports[index] ?? '']),
  };
}

const destinationsOf = ({ destinationPrefixes }: Network): readonly Prefix[] => destinationPrefixes.map(Prefix.parse);

/** A BGP speaker of the lab's own. */
interface Speaker {
  readonly name: string;
  readonly asn: number;
  readonly routerId: Address;
  readonly own: readonly Address[];
  readonly originates: readonly Prefix[];
  /** Neighbors on the wire to the fabric. */
  readonly numbered: readonly {
    readonly own: Address;
    readonly peer: Address;
    readonly length: number;
    readonly asn: number;
  }[];
  /** Interfaces with a neighbor inside the lab. */
  readonly unnumbered: readonly string[];
}

function routerSpeaker(network: Network, router: Router, manifest: Manifest): Speaker {
  const { asn = 0 } = manifest.devices.find(({ name }) => name === router.device) ?? {};
  const numbered = router.addresses.map(({ address, local, length }) => ({
    own: Address.parse(address),
    peer: Address.parse(local),
    length,
    asn,
  }));
  const routerId = numbered.map(({ own }) => own).find(({ family }) => family === 'ipv4');
  return {
    name: routerNode(network, router),
    asn: router.asn,
    routerId: routerId ?? Address.parse('192.0.2.254'),
    own: [],
    originates: [],
    numbered,
    unnumbered: [],
  };
}

/** One address in each destination prefix, outside of all that the fabric itself uses. */
function beyondOf(network: Network, { networks, devices }: Manifest): readonly Address[] {
  const inUse = [
    ...networks.flatMap(({ prefixes, routers }) => [
      ...prefixes.map(Prefix.parse),
      ...routers.flatMap(({ addresses }) =>
        addresses.map(({ address, length }) => Prefix.around(Address.parse(address), length)),
      ),
    ]),
    ...devices.flatMap(({ loopback }) => (loopback === null ? [] : [Prefix.host(Address.parse(loopback))])),
    ...networks
      .filter(({ name }) => name !== network.name)
      .flatMap(({ destinationPrefixes }) => destinationPrefixes.map(Prefix.parse)),
  ];
  return network.destinationPrefixes.map(Prefix.parse).flatMap((prefix) => {
    // A more specific destination of another network leads elsewhere; a wider one does not matter.
    const taken = inUse.filter((one) => !one.contains(prefix) || one.equals(prefix));
    const free = candidatesIn(prefix).find(
      (address) => !taken.some((one) => one.length > prefix.length && one.holds(address)),
    );
    return free === undefined ? [] : [free];
  });
}

/** Of the whole world, addresses for documentation (RFC 5737, RFC 3849); else the first ones of the prefix. */
function candidatesIn(prefix: Prefix): readonly Address[] {
  const documented = DOCUMENTED[prefix.family].map(Address.parse).filter((address) => prefix.holds(address));
  const { first, last } = prefix.usable;
  const size = Number(last.value - first.value > 64n ? 64n : last.value - first.value);
  const own = [...Array(size + 1).keys()].map((offset) => Address.of(prefix.family, first.value + BigInt(offset)));
  return [...documented, ...own];
}

const DOCUMENTED: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['198.51.100.10', '203.0.113.10', '192.0.2.250'],
  ipv6: ['2001:db8:ff::10', '2001:db8:fffe::10'],
};

function filesOf(speaker: Speaker, { frr }: Manifest): readonly GuestFile[] {
  const remarks = [`${speaker.name}: stands in for what is not of the fabric, in the lab.`];
  return [
    { path: '/etc/frr/frr.conf', content: printFrr(frrOf(speaker, frr, remarks)) },
    { path: '/etc/frr/daemons', content: printDaemons(remarks) },
    { path: '/etc/network/interfaces.d/metal-fabric', content: printInterfaces(interfacesOf(speaker, remarks)) },
    { path: '/etc/sysctl.d/90-metal-fabric.conf', content: printSysctl(sysctlOf(remarks)) },
  ];
}

const LAB = 'lab';

function frrOf(
  { name, asn, routerId, originates, numbered, unnumbered }: Speaker,
  frr: string,
  remarks: readonly string[],
): FrrConfig {
  const inner: readonly Neighbor[] = unnumbered.map((one) => ({ kind: 'unnumbered', interface: one, peerGroup: LAB }));
  const instance: BgpInstance = {
    asn,
    vrf: undefined,
    routerId,
    peerGroups: inner.length === 0 ? [] : [{ name: LAB }],
    neighbors: [
      ...numbered.map(({ peer, asn: theirs }) => ({ kind: 'numbered' as const, address: peer, asn: theirs })),
      ...inner,
    ],
    enforceFirstAs: undefined,
    evpn: undefined,
    unicast: FAMILIES.map((family) => ({
      family,
      redistributeConnected: undefined,
      networks: originates.filter((prefix) => prefix.family === family),
      importVrfs: [],
      importMap: undefined,
      neighbors: [
        ...numbered.filter(({ peer }) => peer.family === family).map(({ peer }) => peer.toString()),
        ...(inner.length === 0 ? [] : [LAB]),
      ].map((neighbor) => ({
        neighbor,
        activate: true,
        allowasIn: undefined,
        routeMapIn: undefined,
        routeMapOut: undefined,
      })),
    })),
  };
  return {
    version: frr,
    hostname: name,
    remarks,
    prefixLists: [],
    communityLists: [],
    extendedCommunityLists: [],
    asPathLists: [],
    routeMaps: [],
    vrfs: [],
    bgp: [instance],
  };
}

function interfacesOf(
  { own, originates, numbered, unnumbered }: Speaker,
  remarks: readonly string[],
): InterfacesConfig {
  const loopback = {
    name: 'lo',
    remark: undefined,
    loopback: true,
    attributes: [
      ...own.map((address) => ({ keyword: 'address', value: Prefix.host(address).toString() })),
      // BGP announces a network only where the kernel has a route for it.
      ...originates.map((prefix) => ({
        keyword: 'post-up',
        value: `ip ${prefix.family === 'ipv4' ? '-4' : '-6'} route replace blackhole ${prefix.toString()} metric 4000`,
      })),
    ],
  };
  const outside = {
    name: OUTSIDE,
    remark: undefined,
    loopback: false,
    attributes: numbered.map(({ own: address, length }) => ({
      keyword: 'address',
      value: `${address.toString()}/${length}`,
    })),
  };
  const inside = unnumbered.map((name) => ({ name, remark: undefined, loopback: false, attributes: [] }));
  return { remarks, stanzas: [loopback, ...(numbered.length === 0 ? [] : [outside]), ...inside] };
}

function sysctlOf(remarks: readonly string[]): SysctlConfig {
  const everywhere = (key: string, value: number): SysctlConfig['settings'] =>
    ['all', 'default'].map((scope) => ({ key: key.replace('*', scope), value }));
  return {
    remarks,
    settings: [
      { key: 'net.ipv4.ip_forward', value: 1 },
      ...everywhere('net.ipv6.conf.*.forwarding', 1),
      ...everywhere('net.ipv4.conf.*.rp_filter', 0),
      ...everywhere('net.ipv6.conf.*.accept_ra', 0),
      ...everywhere('net.ipv6.conf.*.accept_dad', 0),
      { key: 'net.ipv4.fib_multipath_hash_policy', value: 1 },
      { key: 'net.ipv6.fib_multipath_hash_policy', value: 1 },
    ],
  };
}
