import { Address, type Family, FAMILIES, familyName, HIGHEST, PORT_RANGE, Prefix } from '../net';
import { type Box, DEFAULT_VRF } from './box';
import { type ConfigLine, frrLine } from './config-line';
import type { Directory, KnownHost } from './known';
import { Field, type Packet, Port, portsUnlike, PROTOCOLS } from './packet';
import { outerPacket } from './packet-filter';
import type { Fault } from './proof';
import { applyMap, listOf, type Told, toldOf, withEvpn } from './route-map';
import { blockOf, type Routing } from './routing';
import type { Peer } from './sessions';

const STATEMENT = 'Nothing spoofed passes a leaf: neither packets nor routes with an address of somebody else.';

/**
 * What leaves let in from the hosts behind their ports, although it is not the hosts' to send or to announce.
 * @param hosts of hosts that nothing tells apart, one is enough
 */
export function* spoofed(routing: Routing, directory: Directory, hosts: readonly KnownHost[]): Generator<Fault> {
  const guards = new Guards(routing, directory);
  for (const host of hosts) {
    const box = routing.boxes.get(host.name);
    if (box === undefined) continue;
    for (const port of routing.portsOf(box)) {
      const leaf = routing.tryPeer(box, port);
      if (leaf === undefined) continue;
      if (host.kind === 'machine') yield* guards.atMachine(host, leaf);
      else yield* guards.atFirewall(host, box, leaf);
    }
  }
}

/** Networks that take routes of the underlay: their hosts would reach the switches themselves. */
export function* leaksOfUnderlay(routing: Routing): Generator<Fault> {
  for (const box of routing.boxes.values()) {
    for (const vrf of box.vrfs.values()) {
      for (const family of FAMILIES) {
        if (vrf.tryUnicast(family)?.importVrfs.includes(DEFAULT_VRF) !== true) continue;
        yield {
          statement: 'No network takes routes of the underlay.',
          packet: `${vrf.name} of ${box.name}, ${familyName(family)}`,
          promised: 'networks and the underlay are apart',
          found: 'it imports the routes of the default VRF',
          hops: [],
          device: box.name,
          line: frrLine(box.name, `import vrf ${DEFAULT_VRF}`, blockOf(vrf)),
        };
      }
    }
  }
}

/** Belong to every link (RFC 4862), so that they are let in everywhere. */
const OF_LINKS = [Prefix.parse('fe80::/10'), Prefix.parse('::/128')];

class Guards {
  public constructor(
    private readonly routing: Routing,
    private readonly directory: Directory,
  ) {}

  public *atMachine(host: KnownHost, leaf: Peer): Generator<Fault> {
    const own = host.addresses.map(({ address }) => Prefix.host(address));
    yield* this.#sources(host.name, leaf, own, undefined);
    const vrf = leaf.box.tryVrfOf(leaf.port);
    for (const family of FAMILIES) {
      const policy = vrf?.tryPolicy(leaf.port, family);
      if (policy === undefined) continue;
      for (const prefix of this.#strangers(leaf.box, policy.routeMapIn, family)) {
        if (own.some((one) => one.equals(prefix))) continue;
        const { told, line } = applyMap(leaf.box, policy.routeMapIn, toldOf(prefix));
        if (told !== undefined) yield announced(host.name, leaf, prefix, 'BGP', line);
      }
    }
  }

  public *atFirewall(host: KnownHost, box: Box, leaf: Peer): Generator<Fault> {
    const loopbacks = (box.interfaces.get('lo')?.addresses ?? []).map(({ address }) => Prefix.host(address));
    yield* this.#sources(host.name, leaf, loopbacks, undefined);
    const networks = [...new Set(host.addresses.map(({ network }) => network))];
    const vnis = new Set([...box.vrfs.values()].flatMap(({ vni }) => vni ?? []));
    const foreign = (named: readonly number[]): readonly number[] => [
      ...[...new Set(named)].filter((vni) => !vnis.has(vni)),
      // One that nobody names stands for all of which that is so.
      Math.max(0, ...vnis, ...named) + 1,
    ];
    for (const vni of foreign(vnisIn(leaf))) yield* this.#sources(host.name, leaf, [], { vni, through: loopbacks });
    for (const vrf of box.vrfs.values()) {
      if (vrf.vni === undefined) continue;
      const network = networks.find((name) =>
        host.addresses.some((one) => one.network === name && vrf.owns(one.address.family, one.address.value)),
      );
      // What it says in its own network, it says to its own tenant.
      if (network === undefined || network === host.network) continue;
      const own = this.#ownIn(host, network);
      const {
        prefixes = [],
        destinations = [],
        kind,
      } = this.directory.known.networks.find(({ name }) => name === network) ?? {};
      const tunnel: Tunnel = { vni: vrf.vni, through: loopbacks };
      yield* this.#sources(host.name, leaf, own, tunnel);
      if (kind === 'private') yield* this.#destinations(host.name, leaf, own, [...prefixes, ...destinations], tunnel);
      yield* this.#evpn(host.name, box, leaf, vrf.vni, vrf.bgp?.evpn?.routeTarget ?? '', own);
    }
    const { evpn } = this.routing;
    for (const { from, to, in: heard } of evpn.policiesOf(box, leaf.box)) {
      if (from !== box) continue;
      for (const vni of foreign(vnisOfMap(to, heard.routeMapIn))) {
        const told = inEvpn(Prefix.parse('10.0.0.0/8'), vni, `65000:${vni}`);
        const passed = applyMap(to, heard.routeMapIn, told);
        if (passed.told !== undefined) yield announced(host.name, leaf, told.prefix, `VNI ${vni}`, passed.line);
      }
    }
  }

  *#evpn(name: string, box: Box, leaf: Peer, vni: number, target: string, own: readonly Prefix[]): Generator<Fault> {
    for (const { from, to, in: heard } of this.routing.evpn.policiesOf(box, leaf.box)) {
      if (from !== box) continue;
      for (const family of FAMILIES) {
        for (const prefix of this.#strangers(to, heard.routeMapIn, family, vni)) {
          if (own.some((one) => one.contains(prefix))) continue;
          // Before FRR 10 only default routes can be told from others: docs/decisions/0006-leaf-filters-on-evpn.md.
          if (to.frrMajor < 10 && !prefix.isDefault) continue;
          const passed = applyMap(to, heard.routeMapIn, inEvpn(prefix, vni, target));
          if (passed.told !== undefined) yield announced(name, leaf, prefix, `VNI ${vni}`, passed.line);
        }
      }
    }
  }

  /** What a firewall may send and announce in a network: its addresses there, and what is behind it. */
  #ownIn(host: KnownHost, network: string): readonly Prefix[] {
    const { known } = this.directory;
    const lent = this.directory
      .hostsOf(host.network)
      .flatMap(({ addresses }) => addresses.filter((one) => one.network === network));
    const own = host.addresses.filter((one) => one.network === network);
    const behind = known.networks.find(({ name }) => name === host.network)?.prefixes ?? [];
    return [...[...own, ...lent].map(({ address }) => Prefix.host(address)), ...behind];
  }

  /** Prefixes that are worth a try: what the lists permit, what is inside of that, everything, and somebody else's. */
  *#strangers(box: Box, map: string | undefined, family: Family, vni?: number): Generator<Prefix> {
    yield Prefix.parse(family === 'ipv4' ? '0.0.0.0/0' : '::/0');
    yield* this.directory.endpoints
      .filter(({ address }) => address.family === family)
      .slice(0, 8)
      .map(({ address }) => Prefix.host(address));
    const entries = map === undefined ? [] : (box.tryMap(map)?.entries ?? []);
    for (const { matches } of entries) {
      if (vni !== undefined && !matches.some((match) => match.kind === 'evpn-vni' && match.vni === vni)) continue;
      for (const match of matches) {
        if (match.kind !== 'prefix-list' || match.family !== family) continue;
        for (const { prefix, le } of listOf(box, family, match.list)?.entries ?? []) {
          yield prefix;
          if (le !== undefined) yield Prefix.host(prefix.first);
        }
      }
    }
  }

  /** Goes through all sources there are; those that are let in have to be among the right ones. */
  *#sources(name: string, leaf: Peer, right: readonly Prefix[], tunnel: Tunnel | undefined): Generator<Fault> {
    for (const family of FAMILIES) {
      const allowed = [...right, ...(tunnel === undefined ? OF_LINKS : [])].filter((one) => one.family === family);
      const wrong = this.#firstLetIn(leaf, 'source', family, allowed, tunnel, undefined);
      if (wrong === undefined) continue;
      yield letIn(leaf, tunnel, `${name} as ${wrong.address.toString()}`, 'it is not its address', wrong.line);
    }
  }

  /** The same with destinations: in a network that it is connected to, a firewall speaks to that network, and not to others there. */
  *#destinations(
    name: string,
    leaf: Peer,
    own: readonly Prefix[],
    right: readonly Prefix[],
    tunnel: Tunnel,
  ): Generator<Fault> {
    for (const family of FAMILIES) {
      const allowed = right.filter((one) => one.family === family);
      const from = own.find((prefix) => prefix.family === family);
      if (from === undefined || allowed.some(({ isDefault }) => isDefault)) continue;
      const wrong = this.#firstLetIn(leaf, 'destination', family, allowed, tunnel, from.first.value);
      if (wrong === undefined) continue;
      yield letIn(leaf, tunnel, `${name} to ${wrong.address.toString()}`, 'the network does not offer it', wrong.line);
    }
  }

  /**
   * The first source or destination that a port lets in although it is not allowed, whatever else the packet is.
   * @param other the address on the other side; undefined for any
   */
  #firstLetIn(
    { box, port }: Peer,
    side: 'source' | 'destination',
    family: Family,
    allowed: readonly Prefix[],
    tunnel: Tunnel | undefined,
    other: bigint | undefined,
  ): { readonly address: Address; readonly line: ConfigLine | undefined } | undefined {
    for (let next = 0n; next <= HIGHEST[family];) {
      const looked = Field.of(family, next);
      const isAllowed = allowed.map((prefix) => looked.in(prefix)).includes(true);
      for (const packet of isAllowed ? [] : variants(side, family, looked, other)) {
        const verdict = this.#firstHook(box, port, packet, tunnel);
        if (verdict !== 'drop') return { address: Address.of(family, next), line: verdict };
      }
      next = looked.high + 1n;
    }
    return undefined;
  }

  #firstHook(box: Box, port: string, packet: Packet, tunnel: Tunnel | undefined): 'drop' | ConfigLine | undefined {
    const [through] = tunnel?.through ?? [];
    const seen =
      tunnel === undefined || through === undefined
        ? { packet, tunneled: undefined }
        : { ...outerPacket(through.first), tunneled: { vni: tunnel.vni, packet } };
    const verdict = box.filter.at('prerouting', { ...seen, iif: port, oif: '', state: 'new' });
    return verdict.kind === 'drop' ? 'drop' : verdict.line;
  }
}

/**
 * Packets with an address on one side, one for all that are treated alike: of each protocol, to and from each port, with each
 * address on the other side. What is asked of one narrows the next one.
 */
function* variants(
  side: 'source' | 'destination',
  family: Family,
  looked: Field,
  other: bigint | undefined,
): Generator<Packet> {
  const asked = { protocol: false, bare: false };
  for (const protocol of PROTOCOLS) {
    const ports: Port[] = [];
    for (const first of portsUnlike(ports, PORT_RANGE)) {
      const port = new Port(first);
      ports.push(port);
      const openers: Port[] = [];
      for (const from of portsUnlike(openers, PORT_RANGE)) {
        const opener = new Port(from);
        openers.push(opener);
        for (let next = other ?? 0n; next <= HIGHEST[family];) {
          const far = Field.of(family, next);
          const [source, destination] = side === 'source' ? [looked, far] : [far, looked];
          const packet = { family, source, destination, protocol, port, opener, reply: false, asked };
          yield { ...packet, bare: false };
          if (asked.bare) yield { ...packet, bare: true };
          next = (other === undefined ? far.high : HIGHEST[family]) + 1n;
        }
      }
    }
    if (!asked.protocol) return;
  }
}

/** The VNIs that the rules of a port name. */
const vnisIn = ({ box, port }: Peer): readonly number[] =>
  (box.filter.tryRulesAt('prerouting', port) ?? []).flatMap(({ matches }) =>
    matches.flatMap((match) => {
      if (match.kind === 'other-vni' || match.kind === 'tunneled-other') return match.vnis;
      return match.kind === 'tunneled-outside' ? [match.vni] : [];
    }),
  );

/** The VNIs that a route map names. */
const vnisOfMap = (box: Box, map: string | undefined): readonly number[] =>
  (box.tryMap(map ?? '')?.entries ?? []).flatMap(({ matches }) =>
    matches.flatMap((match) => (match.kind === 'evpn-vni' ? [match.vni] : [])),
  );

/** A tunnel that a packet is in. */
interface Tunnel {
  readonly vni: number;
  /** From where. */
  readonly through: readonly Prefix[];
}

function letIn(
  { box, port }: Peer,
  tunnel: Tunnel | undefined,
  packet: string,
  why: string,
  line: ConfigLine | undefined,
): Fault {
  return {
    statement: STATEMENT,
    packet: `${packet}${tunnel === undefined ? '' : ` in a tunnel of VNI ${tunnel.vni}`}`,
    promised: `refused by the leaf: ${why}`,
    found: `let in by ${port} of ${box.name}`,
    hops: [],
    device: box.name,
    line,
  };
}

const inEvpn = (prefix: Prefix, vni: number, target: string): Told =>
  withEvpn(toldOf(prefix), { vni, extended: `RT:${target} ET:8 Rmac:02:00:00:00:00:01` });

const announced = (
  name: string,
  { box, port }: Peer,
  prefix: Prefix,
  where: string,
  line: ConfigLine | undefined,
): Fault => ({
  statement: STATEMENT,
  packet: `${name} announces ${prefix.toString()} in ${where}`,
  promised: 'refused by the leaf: it is not its prefix',
  found: `taken by ${port} of ${box.name}`,
  hops: [],
  device: box.name,
  line,
});
