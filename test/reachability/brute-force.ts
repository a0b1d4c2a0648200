import type { NeighborPolicy, RouteMap } from '../../lib/language/frr';
import type { NftMatch, NftRule } from '../../lib/language/nftables';
import { type Address, Address as Addresses, type Family, FAMILIES, Prefix } from '../../lib/net';
import type { DeviceTrees, Snapshot } from '../../lib/reachability';

// A second opinion, slow and simple on purpose: BGP speakers that tell each other routes, round by round, until nobody has news;
// then single packets, hop by hop, along every path that a hash might choose. It shares nothing with lib/reachability.

interface Path {
  readonly prefix: Prefix;
  readonly as: readonly number[];
  readonly pref: number;
  readonly communities: readonly string[];
  readonly noExport: boolean;
  readonly kind: 'local' | 'heard' | 'evpn' | 'leaked';
  /** Where a packet goes: a port, the SVI and a tunnel, or nowhere. */
  readonly out: Out;
  /** Of a path in EVPN. */
  readonly evpn?: {
    readonly rd: string;
    readonly rt: string;
    readonly vni: number;
    readonly text: string;
    readonly vtep: string;
  };
  readonly from?: string;
}

type Out =
  | { readonly to: 'self'; readonly port: string }
  | { readonly to: 'nowhere' }
  | { readonly to: 'port'; readonly port: string }
  | { readonly to: 'tunnel'; readonly svi: string; readonly vtep: string; readonly vni: number };

interface Port {
  readonly name: string;
  readonly vrf: string;
  readonly addresses: readonly { readonly address: Address; readonly length: number }[];
}

interface Table {
  readonly bgp: readonly Path[];
  readonly fib: readonly Path[];
}

interface Tunnel {
  readonly vni: number;
  readonly svi: string;
  readonly vtep: string;
}

/** What a session carries, as it was last told. */
type Inbox = Map<string, readonly Path[]>;

class Node {
  public readonly name: string;
  public readonly ports = new Map<string, Port>();
  public readonly vrfs: readonly string[];
  public readonly asn: number;
  public readonly inbox: Inbox = new Map();
  readonly #attributes = new Map<string, string>();
  readonly #tunnels = new Map<string, Tunnel | undefined>();
  public tables = new Map<string, Table>();
  public evpn: readonly Path[] = [];

  public constructor(public readonly config: DeviceTrees) {
    this.name = config.name;
    for (const { name, attributes } of config.interfaces.stanzas) {
      for (const { keyword, value } of attributes) this.#attributes.set(`${name} ${keyword}`, value);
      const vrf = attributes.find(({ keyword }) => keyword === 'vrf')?.value ?? 'default';
      const addresses = attributes
        .filter(({ keyword }) => keyword === 'address')
        .map(({ value }) => ({ address: Addresses.parse(value.split('/')[0]!), length: Number(value.split('/')[1]) }));
      this.ports.set(name, { name, vrf, addresses });
    }
    this.vrfs = [
      'default',
      ...config.interfaces.stanzas
        .filter((one) => this.attribute(one.name, 'vrf-table') !== undefined)
        .map(({ name }) => name),
    ];
    this.asn = config.frr.bgp[0]?.asn ?? 0;
  }

  public attribute(port: string, keyword: string): string | undefined {
    return this.#attributes.get(`${port} ${keyword}`);
  }

  public instance(vrf: string) {
    return this.config.frr.bgp.find((bgp) => (bgp.vrf ?? 'default') === vrf);
  }

  public tunnel(vrf: string): Tunnel | undefined {
    if (!this.#tunnels.has(vrf)) this.#tunnels.set(vrf, this.findTunnel(vrf));
    return this.#tunnels.get(vrf);
  }

  /** VXLAN interface, VLAN and SVI of a VRF; undefined where they are not joined up. */
  private findTunnel(vrf: string): Tunnel | undefined {
    const vni = this.config.frr.vrfs.find(({ name }) => name === vrf)?.vni;
    const vxlan = [...this.ports.keys()].find((name) => this.attribute(name, 'vxlan-id') === String(vni));
    if (vni === undefined || vxlan === undefined) return undefined;
    const vlan = this.attribute(vxlan, 'bridge-access');
    const svi = [...this.ports.values()].find((one) => one.vrf === vrf && this.attribute(one.name, 'vlan-id') === vlan);
    const vtep = this.attribute(vxlan, 'vxlan-local-tunnelip');
    return svi === undefined || vtep === undefined || vlan === undefined ? undefined : { vni, svi: svi.name, vtep };
  }

  public owns(vrf: string | undefined, address: Address): boolean {
    return [...this.ports.values()].some(
      (port) => (vrf === undefined || port.vrf === vrf) && port.addresses.some((own) => own.address.equals(address)),
    );
  }
}

interface Wire {
  readonly node: Node;
  readonly port: string;
}

export interface Probe {
  /** A device, or the network that leads to what lies beyond. A device in the wrong hands sends past its own filters. */
  readonly from: { readonly device: string; readonly vrf?: string } | { readonly beyond: string };
  readonly source: Address;
  readonly target: Address;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly port: number;
}

export interface Outcome {
  readonly arrives: 'always' | 'sometimes' | 'never';
  /** The device, or `beyond <network>`. */
  readonly at: string | undefined;
  readonly seenAs: string | undefined;
  readonly answered: boolean;
  /** Where it was dropped, on whichever ways it was. */
  readonly dropped: readonly string[];
}

interface Packet {
  readonly family: Family;
  readonly source: Address;
  readonly target: Address;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly port: number;
  readonly reply: boolean;
}

interface Connection {
  readonly node: string;
  readonly original: Address;
  readonly given: Address;
}

interface Arrival {
  readonly at: string;
  readonly node: Node | undefined;
  readonly vrf: string;
  readonly packet: Packet;
  readonly connections: readonly Connection[];
}

type Result = Arrival | { readonly dropped: string };

export class Simulation {
  readonly #nodes = new Map<string, Node>();
  readonly #wires = new Map<string, Wire>();
  readonly #world: readonly {
    readonly network: string;
    readonly node: Node;
    readonly port: string;
    readonly asn: number;
    readonly addresses: readonly Address[];
    readonly announces: readonly Prefix[];
  }[];

  public constructor({ devices, links, routers }: Snapshot) {
    for (const device of devices) this.#nodes.set(device.name, new Node(device));
    for (const { a, b } of links) {
      const [one, other] = [this.#nodes.get(a.device), this.#nodes.get(b.device)];
      if (one === undefined || other === undefined) continue;
      this.#wires.set(`${one.name} ${a.port}`, { node: other, port: b.port });
      this.#wires.set(`${other.name} ${b.port}`, { node: one, port: a.port });
    }
    this.#world = routers.map((router) => ({ ...router, node: this.#nodes.get(router.device)! }));
    this.#converge();
  }

  // ── routes

  #converge(): void {
    for (let round = 0; round < 60; round += 1) {
      for (const node of this.#nodes.values()) this.#decide(node);
      let news = false;
      for (const node of this.#nodes.values()) news = this.#tell(node) || news;
      if (!news) return;
    }
    throw new Error('the fabric does not converge');
  }

  #decide(node: Node): void {
    const received = [...node.inbox].filter(([key]) => key.startsWith('evpn ')).flatMap(([, paths]) => paths);
    const reachable = (vtep: string): boolean =>
      node.owns('default', Addresses.parse(vtep)) ||
      (node.tables.get('default ipv4')?.fib ?? []).some(
        ({ prefix }) => prefix.isHost && prefix.first.toString() === vtep,
      );
    const unleaked = new Map<string, readonly Path[]>();
    for (const vrf of node.vrfs) {
      for (const family of FAMILIES) {
        const heard = [...node.inbox].flatMap(([key, paths]) => {
          const [kind, port = ''] = key.split(' ');
          const of = kind === 'router' ? this.#world[Number(port)]?.port : port;
          return (kind === family || (kind === 'router' && key.endsWith(family))) &&
            node.ports.get(of ?? '')?.vrf === vrf
            ? paths
            : [];
        });
        const rt = node.instance(vrf)?.evpn?.routeTarget;
        const tunnel = node.tunnel(vrf);
        const imported =
          tunnel === undefined || rt === undefined
            ? []
            : received
                .filter(({ evpn, prefix }) => evpn?.rt === rt && prefix.family === family && reachable(evpn.vtep))
                .map(({ evpn, ...path }): Path => {
                  const { vtep, vni } = evpn!;
                  return { ...path, kind: 'evpn', out: { to: 'tunnel', svi: tunnel.svi, vtep, vni } };
                });
        unleaked.set(`${vrf} ${family}`, [...this.#local(node, vrf, family), ...heard, ...imported]);
      }
    }
    const tables = new Map<string, Table>();
    for (const vrf of node.vrfs) {
      for (const family of FAMILIES) {
        const own = unleaked.get(`${vrf} ${family}`) ?? [];
        const unicast = node.instance(vrf)?.unicast.find((one) => one.family === family);
        const leaked = (unicast?.importVrfs ?? []).flatMap((source) => {
          if (node.instance(source) === undefined) return [];
          return bestPaths(unleaked.get(`${source} ${family}`) ?? []).flatMap((path): readonly Path[] => {
            const taken = this.#map(node, unicast?.importMap, path, { sourceVrf: source });
            return taken === undefined ? [] : [{ ...taken, kind: 'leaked' }];
          });
        });
        const bgp = bestPaths([...own, ...leaked]);
        tables.set(`${vrf} ${family}`, { bgp, fib: this.#fib(node, vrf, family, bgp) });
      }
    }
    node.tables = tables;
    node.evpn = this.#evpnTable(node, received);
  }

  #local(node: Node, vrf: string, family: Family): readonly Path[] {
    const unicast = node.instance(vrf)?.unicast.find((one) => one.family === family);
    if (unicast === undefined) return [];
    const redistributed =
      unicast.redistributeConnected === undefined
        ? []
        : connectedOf(node, vrf, family).flatMap((path) => {
            const taken = this.#map(node, unicast.redistributeConnected?.routeMap, path, {
              port: (path.out as { port: string }).port,
            });
            return taken === undefined ? [] : [taken];
          });
    const holes = node.config.frr.vrfs.find(({ name }) => name === vrf)?.blackholes ?? [];
    const networks = unicast.networks.filter((prefix) => holes.some((hole) => hole.equals(prefix)));
    return [...redistributed, ...networks.map((prefix): Path => ({ ...LOCAL, prefix, out: { to: 'nowhere' } }))];
  }

  #fib(node: Node, vrf: string, family: Family, bgp: readonly Path[]): readonly Path[] {
    const holes = (node.config.frr.vrfs.find(({ name }) => name === vrf)?.blackholes ?? [])
      .filter((prefix) => prefix.family === family)
      .map((prefix): Path => ({ ...LOCAL, prefix, out: { to: 'nowhere' } }));
    const certain = [...connectedOf(node, vrf, family), ...holes];
    return [...certain, ...bgp.filter(({ prefix }) => !certain.some((one) => one.prefix.equals(prefix)))];
  }

  #evpnTable(node: Node, received: readonly Path[]): readonly Path[] {
    const own = node.vrfs.flatMap((vrf) => {
      const tunnel = node.tunnel(vrf);
      const evpn = node.instance(vrf)?.evpn;
      if (tunnel === undefined || evpn?.routeTarget === undefined) return [];
      const { routeTarget: rt, routeDistinguisher: rd = '' } = evpn;
      const mac = node.attribute(tunnel.svi, 'hwaddress') ?? '';
      return evpn.advertise.flatMap((family) => {
        const seen = new Set<string>();
        return (node.tables.get(`${vrf} ${family}`)?.bgp ?? []).flatMap((path): readonly Path[] => {
          if (path.kind === 'evpn' || path.noExport || seen.has(path.prefix.toString())) return [];
          seen.add(path.prefix.toString());
          return [
            {
              ...path,
              pref: 100,
              evpn: { rd, rt, vni: tunnel.vni, vtep: tunnel.vtep, text: `RT:${rt} ET:8 Rmac:${mac}` },
              from: 'self',
            },
          ];
        });
      });
    });
    const table = new Map<string, Path>();
    for (const path of [...own, ...received]) {
      const key = `${path.evpn?.rd ?? ''} ${path.prefix.toString()}`;
      const there = table.get(key);
      if (there === undefined || (there.from !== 'self' && isBetter(path, there))) table.set(key, path);
    }
    return [...table.values()];
  }

  #tell(node: Node): boolean {
    let news = false;
    for (const [at, { vrf }] of node.ports) {
      const wire = this.#wires.get(`${node.name} ${at}`);
      if (wire !== undefined) {
        for (const kind of ['evpn', ...FAMILIES] as const) {
          const told = this.#toldOver(node, at, vrf, wire, kind);
          if (put(wire.node.inbox, `${kind} ${wire.port}`, told)) news = true;
        }
      }
    }
    for (const [index, router] of this.#world.entries()) {
      if (router.node !== node) continue;
      for (const family of FAMILIES) {
        if (put(node.inbox, `router ${index} ${family}`, this.#fromRouter(index, family))) news = true;
      }
    }
    return news;
  }

  #fromRouter(index: number, family: Family): readonly Path[] {
    const router = this.#world[index]!;
    const { node, port } = router;
    const address = router.addresses.find((one) => one.family === family);
    const vrf = node.ports.get(port)?.vrf ?? '';
    const instance = node.instance(vrf);
    const neighbor = instance?.neighbors.find(
      (one) => one.kind === 'numbered' && one.address.toString() === address?.toString(),
    );
    if (address === undefined || neighbor?.kind !== 'numbered' || neighbor.asn !== router.asn) return [];
    const policy = instance?.unicast
      .find((one) => one.family === family)
      ?.neighbors.find((one) => one.neighbor === address.toString());
    if (policy?.activate !== true) return [];
    return router.announces
      .filter((prefix) => prefix.family === family)
      .flatMap((prefix) => {
        const path: Path = { ...LOCAL, prefix, kind: 'heard', as: [router.asn], out: { to: 'port', port } };
        return this.#map(node, policy.routeMapIn, path, {}) ?? [];
      });
  }

  #toldOver(node: Node, at: string, vrf: string, { node: peer, port }: Wire, kind: 'evpn' | Family): readonly Path[] {
    const mine = settings(node, vrf, at, kind);
    const theirs = settings(peer, peer.ports.get(port)?.vrf ?? '', port, kind);
    if (mine === undefined || theirs === undefined) return [];
    if (kind === 'evpn' && vrf !== 'default') return [];
    const told = kind === 'evpn' ? node.evpn : dedupe(node.tables.get(`${vrf} ${kind}`)?.bgp ?? []);
    return told.flatMap((path): readonly Path[] => {
      // A path is not told to whom it came from, and none with no-export to another autonomous system.
      if (path.from === `${peer.name} ${port}` || path.noExport) return [];
      const sent = this.#map(node, mine.out, relayedText(path, node), {});
      if (sent === undefined) return [];
      const as = [node.asn, ...sent.as];
      if (as.filter((one) => one === peer.asn).length > theirs.allowas) return [];
      const out: Out = kind === 'evpn' ? sent.out : { to: 'port', port };
      const arrived: Path = { ...sent, as, pref: 100, kind: 'heard', out, from: `${node.name} ${at}` };
      const taken = this.#map(peer, theirs.in, arrived, {});
      return taken === undefined ? [] : [taken];
    });
  }

  #map(
    node: Node,
    name: string | undefined,
    path: Path,
    about: { readonly port?: string; readonly sourceVrf?: string },
  ): Path | undefined {
    if (name === undefined) return path;
    const { frr } = node.config;
    const map: RouteMap | undefined = frr.routeMaps.find((one) => one.name === name);
    const major = Number(frr.version.split('.')[0]);
    for (const entry of map?.entries ?? []) {
      const all = entry.matches.every((match): boolean => {
        switch (match.kind) {
          case 'prefix-list': {
            if (path.evpn !== undefined && major < 10) return false;
            const list = frr.prefixLists.find((one) => one.name === match.list && one.family === match.family);
            const hit = list?.entries.find(
              ({ prefix, le }) =>
                prefix.family === path.prefix.family &&
                (path.prefix.equals(prefix) ||
                  (le !== undefined && prefix.contains(path.prefix) && path.prefix.length <= le)),
            );
            return hit?.action === 'permit';
          }
          case 'source-vrf':
            return about.sourceVrf === match.vrf;
          case 'interface':
            return about.port === match.name;
          case 'as-path':
            return new RegExp(frr.asPathLists.find((one) => one.name === match.list)?.pattern ?? 'nothing').test(
              path.as.join(' '),
            );
          case 'evpn-vni':
            return path.evpn?.vni === match.vni;
          case 'evpn-prefix-route':
            return path.evpn !== undefined;
          case 'evpn-default-route':
            return path.evpn !== undefined && path.prefix.isDefault;
          case 'community': {
            const wanted = frr.communityLists.find((one) => one.name === match.list)?.community ?? '';
            return path.communities.includes(wanted);
          }
          case 'extended-community':
            return new RegExp(
              frr.extendedCommunityLists.find((one) => one.name === match.list)?.pattern ?? 'nothing',
            ).test(path.evpn?.text ?? '');
        }
      });
      if (!all) continue;
      if (entry.action === 'deny') return undefined;
      let { communities, noExport, pref } = path;
      for (const action of entry.actions) {
        if (action.kind === 'no-export') noExport = true;
        if (action.kind === 'local-preference') pref = action.preference;
        if (action.kind === 'community') [communities, noExport] = [[action.community], false];
      }
      return { ...path, communities, noExport, pref };
    }
    return undefined;
  }

  /** The VRF in which a device has the address. */
  public vrfOf(device: string, address: Address): string {
    const node = this.#nodes.get(device);
    return node?.vrfs.find((vrf) => node.owns(vrf, address)) ?? 'default';
  }

  /** Whether a machine has a route to the address, whatever becomes of what it sends there. */
  public knows(machine: string, address: Address): boolean {
    const fib = this.#nodes.get(machine)?.tables.get(`default ${address.family}`)?.fib ?? [];
    return fib.some(({ prefix }) => !prefix.isDefault && prefix.holds(address));
  }

  // ── packets

  public try({ from, source, target, protocol, port }: Probe): Outcome {
    const packet: Packet = { family: source.family, source, target, protocol, port, reply: false };
    const results =
      'beyond' in from
        ? this.#enter(from.beyond, packet, [])
        : from.vrf === undefined
          ? this.#start(this.#nodes.get(from.device)!, packet, [], 0)
          : this.#route(this.#nodes.get(from.device)!, from.vrf, undefined, packet, [], 0);
    const arrivals = results.filter((one): one is Arrival => 'at' in one);
    const home = 'device' in from ? from.device : `beyond ${from.beyond}`;
    const answered = arrivals.map((arrival) => {
      const reply: Packet = {
        ...arrival.packet,
        source: arrival.packet.target,
        target: arrival.packet.source,
        reply: true,
      };
      const back =
        arrival.node === undefined
          ? this.#enter(arrival.at.slice('beyond '.length), reply, arrival.connections)
          : arrival.node.config.role === 'machine'
            ? this.#start(arrival.node, reply, arrival.connections, 0)
            : this.#route(arrival.node, arrival.vrf, undefined, reply, arrival.connections, 0);
      return back.every((one) => 'at' in one && one.at === home && one.packet.target.equals(source));
    });
    const seen = new Set(arrivals.map((one) => one.packet.source.toString()));
    return {
      arrives: arrivals.length === 0 ? 'never' : arrivals.length === results.length ? 'always' : 'sometimes',
      at: arrivals[0]?.at,
      seenAs: seen.size === 1 ? [...seen][0] : undefined,
      answered: arrivals.length > 0 && answered.every(Boolean),
      dropped: [...new Set(results.flatMap((one) => ('dropped' in one ? [one.dropped] : [])))].sort(),
    };
  }

  /** A machine uses the longest of what its leaves tell it. */
  #start(machine: Node, packet: Packet, connections: readonly Connection[], depth: number): readonly Result[] {
    const table = machine.tables.get(`default ${packet.family}`);
    const ways = longestOf((table?.fib ?? []).filter(({ prefix }) => prefix.holds(packet.target)));
    if (machine.owns('default', packet.target))
      return [{ at: machine.name, node: machine, vrf: 'default', packet, connections }];
    if (ways.length === 0) return [{ dropped: machine.name }];
    return ways.flatMap(({ out }) =>
      out.to === 'port' ? this.#cross(machine, out.port, packet, connections, depth) : [{ dropped: machine.name }],
    );
  }

  /** From beyond a network, by the routers that were told of the target most exactly. */
  #enter(network: string, packet: Packet, connections: readonly Connection[]): readonly Result[] {
    const offers = this.#world
      .filter((router) => router.network === network)
      .flatMap((router) => {
        const address = router.addresses.find((one) => one.family === packet.family);
        const vrf = router.node.ports.get(router.port)?.vrf ?? '';
        const policy = router.node
          .instance(vrf)
          ?.unicast.find((one) => one.family === packet.family)
          ?.neighbors.find((one) => one.neighbor === address?.toString());
        if (policy?.activate !== true) return [];
        const told = (router.node.tables.get(`${vrf} ${packet.family}`)?.bgp ?? []).filter(
          (path) =>
            !path.noExport &&
            path.prefix.holds(packet.target) &&
            this.#map(router.node, policy.routeMapOut, path, {}) !== undefined,
        );
        return told.map(({ prefix }) => ({ router, vrf, length: prefix.length }));
      });
    const longest = Math.max(...offers.map(({ length }) => length));
    const chosen = offers.filter(({ length }) => length === longest);
    if (chosen.length === 0) return [{ dropped: network }];
    return chosen.flatMap(({ router, vrf }) => this.#receive(router.node, router.port, vrf, packet, connections, 1));
  }

  #cross(
    node: Node,
    port: string,
    packet: Packet,
    connections: readonly Connection[],
    depth: number,
  ): readonly Result[] {
    const wire = this.#wires.get(`${node.name} ${port}`);
    if (wire !== undefined) {
      const vrf = wire.node.ports.get(wire.port)?.vrf ?? 'default';
      return this.#receive(wire.node, wire.port, vrf, packet, connections, depth + 1);
    }
    const router = this.#world.find((one) => one.node === node && one.port === port);
    return router === undefined
      ? [{ dropped: node.name }]
      : [{ at: `beyond ${router.network}`, node: undefined, vrf: '', packet, connections }];
  }

  #receive(
    node: Node,
    port: string,
    vrf: string,
    given: Packet,
    connections: readonly Connection[],
    depth: number,
  ): readonly Result[] {
    if (depth > 24) return [{ dropped: node.name }];
    const marks = { untracked: false };
    for (const iif of vrf === 'default' ? [port] : [port, vrf]) {
      if (run(node, 'prerouting', { packet: given, iif, oif: '', state: 'new', marks }) === 'drop')
        return [{ dropped: node.name }];
    }
    if (given.family === 'ipv4' && node.owns(undefined, given.source)) return [{ dropped: node.name }];
    const known = connections.find((one) => one.node === node.name);
    const translated = given.reply && known !== undefined && known.given.equals(given.target);
    const packet = translated ? { ...given, target: known.original } : given;
    const state = marks.untracked
      ? 'untracked'
      : !packet.reply
        ? 'new'
        : known !== undefined
          ? 'established'
          : packet.protocol === 'udp'
            ? 'new'
            : 'invalid';
    if (node.owns(vrf, packet.target)) {
      const iif = vrf === 'default' ? port : vrf;
      if (run(node, 'input', { packet, iif, oif: '', state, marks }) === 'drop') return [{ dropped: node.name }];
      return [{ at: node.name, node, vrf, packet, connections }];
    }
    if (node.config.role === 'machine') return [{ dropped: node.name }];
    return this.#route(node, vrf, state, packet, connections, depth);
  }

  #route(
    node: Node,
    vrf: string,
    state: string | undefined,
    packet: Packet,
    connections: readonly Connection[],
    depth: number,
  ): readonly Result[] {
    const table = node.tables.get(`${vrf} ${packet.family}`);
    const ways = longestOf((table?.fib ?? []).filter(({ prefix }) => prefix.holds(packet.target)));
    if (ways.length === 0) return [{ dropped: node.name }];
    return ways.flatMap(({ out }): readonly Result[] => {
      if (out.to === 'nowhere') return [{ dropped: node.name }];
      const oif = out.to === 'tunnel' ? out.svi : out.port;
      const seen = { packet, iif: vrf === 'default' ? '' : vrf, oif, marks: { untracked: false } };
      if (state !== undefined && run(node, 'forward', { ...seen, state }) === 'drop') return [{ dropped: node.name }];
      let [onward, after] = [packet, connections];
      if (node.config.role === 'firewall' && !packet.reply) {
        const verdict = run(node, 'postrouting', { ...seen, state: 'new' });
        const masquerade = node.ports
          .get(oif)
          ?.addresses.find(({ address }) => address.family === packet.family)?.address;
        const source =
          typeof verdict === 'object'
            ? verdict.snat
            : verdict === 'masquerade'
              ? (masquerade ?? packet.source)
              : packet.source;
        onward = { ...packet, source };
        after = [...connections, { node: node.name, original: packet.source, given: source }];
      }
      if (out.to === 'self') {
        const router = this.#world.find(
          (one) => one.node === node && one.port === out.port && one.addresses.some((own) => own.equals(packet.target)),
        );
        return router === undefined
          ? [{ dropped: node.name }]
          : [{ at: `beyond ${router.network}`, node: undefined, vrf: '', packet: onward, connections: after }];
      }
      if (out.to === 'port') return this.#cross(node, out.port, onward, after, depth);
      return this.#tunnel(node, out, onward, after, depth);
    });
  }

  #tunnel(
    node: Node,
    out: Out & { to: 'tunnel' },
    packet: Packet,
    connections: readonly Connection[],
    depth: number,
  ): readonly Result[] {
    const there = [...this.#nodes.values()].find((one) => one.owns('default', Addresses.parse(out.vtep)));
    const own = [...node.vrfs].map((name) => node.tunnel(name)).find((one) => one?.svi === out.svi);
    if (there === undefined || own === undefined) return [{ dropped: node.name }];
    const source = Addresses.parse(own.vtep);
    const outer: Packet = {
      family: 'ipv4',
      source,
      target: Addresses.parse(out.vtep),
      protocol: 'udp',
      port: 4789,
      reply: false,
    };
    const inner = { vni: out.vni, packet };
    const marks = { untracked: false };
    if (node.config.role === 'firewall') {
      for (const [port, { vrf: of }] of node.ports) {
        const leaf = this.#wires.get(`${node.name} ${port}`);
        if (leaf === undefined || of !== 'default' || !this.#hears(node, leaf, port)) continue;
        if (
          run(leaf.node, 'prerouting', { packet: outer, iif: leaf.port, oif: '', state: 'new', inner, marks }) ===
          'drop'
        )
          return [{ dropped: node.name }];
      }
    }
    for (const [port, { vrf: of }] of there.ports) {
      const peer = this.#wires.get(`${there.name} ${port}`);
      if (peer === undefined || of !== 'default' || peer.node.config.role === 'machine') continue;
      if (peer.node.config.role === 'firewall' && peer.node !== node) continue;
      if (run(there, 'input', { packet: outer, iif: port, oif: '', state: 'new', inner, marks }) === 'drop')
        return [{ dropped: node.name }];
    }
    const into = there.vrfs.find((name) => there.tunnel(name)?.vni === out.vni);
    const svi = into === undefined ? undefined : there.tunnel(into)?.svi;
    if (into === undefined || svi === undefined) return [{ dropped: node.name }];
    return this.#receive(there, svi, into, packet, connections, depth + 1);
  }

  /** Whether the two speak of the underlay, so that packets go this way. */
  #hears(node: Node, leaf: Wire, port: string): boolean {
    return (
      settings(node, 'default', port, 'ipv4') !== undefined &&
      settings(leaf.node, 'default', leaf.port, 'ipv4') !== undefined
    );
  }
}

const LOCAL = { as: [], pref: 100, communities: [], noExport: false, kind: 'local' } as const;

function connectedOf(node: Node, vrf: string, family: Family): readonly Path[] {
  return [...node.ports.values()]
    .filter((port) => port.vrf === vrf)
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ address }) => address.family === family)
        .map(({ address, length }): Path => ({
          ...LOCAL,
          prefix: Prefix.around(address, length),
          out: { to: 'self', port: name },
        })),
    );
}

/** The settings of a neighbor with those of its group, if the session comes up. */
function settings(node: Node, vrf: string, port: string, kind: 'evpn' | Family) {
  const instance = node.instance(vrf);
  if (node.ports.get(port)?.vrf !== vrf) return undefined;
  const neighbor = instance?.neighbors.find((one) => one.kind === 'unnumbered' && one.interface === port);
  if (instance === undefined || neighbor?.kind !== 'unnumbered') return undefined;
  const list: readonly NeighborPolicy[] =
    (kind === 'evpn' ? instance.evpn?.neighbors : instance.unicast.find((one) => one.family === kind)?.neighbors) ?? [];
  const own = list.find((one) => one.neighbor === port);
  const group = list.find((one) => one.neighbor === neighbor.peerGroup);
  if (!(own ?? group ?? { activate: kind === 'ipv4' }).activate) return undefined;
  return {
    in: own?.routeMapIn ?? group?.routeMapIn,
    out: own?.routeMapOut ?? group?.routeMapOut,
    allowas: own?.allowasIn ?? group?.allowasIn ?? 0,
  };
}

/** How FRR writes the extended communities of a route that is told on. */
function relayedText(path: Path, node: Node): Path {
  if (path.evpn === undefined || node.config.role === 'firewall') return path;
  const { text, rt } = path.evpn;
  const mac = /Rmac:\S+/.exec(text)?.[0] ?? '';
  const late = Number(node.config.frr.version.split('.')[0]) >= 10;
  const written = path.from === 'self' ? `ET:8 RT:${rt} ${mac}` : late ? `RT:${rt} ${mac}` : `RT:${rt} ET:8 ${mac}`;
  return { ...path, evpn: { ...path.evpn, text: written } };
}

function isBetter(a: Path, b: Path): boolean {
  if (a.pref !== b.pref) return a.pref > b.pref;
  if (a.as.length !== b.as.length) return a.as.length < b.as.length;
  return (a.from ?? '') < (b.from ?? '');
}

/** The best paths to each prefix, with those that are as good. What starts here wins. */
function bestPaths(paths: readonly Path[]): readonly Path[] {
  const byPrefix = new Map<string, Path[]>();
  for (const path of paths) {
    const key = path.prefix.toString();
    byPrefix.set(key, [...(byPrefix.get(key) ?? []), path]);
  }
  return [...byPrefix.values()].flatMap((all) => {
    const rank = ({ kind, pref, as }: Path): readonly number[] => [kind === 'local' ? 0 : 1, -pref, as.length];
    const best = all.map(rank).reduce((low, one) => (lessThan(one, low) ? one : low));
    const found = all.filter((path) => !lessThan(best, rank(path)));
    // Two paths out by the same way are one.
    return [...new Map(found.map((path) => [JSON.stringify(path.out), path])).values()];
  });
}

function lessThan(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, one] of a.entries()) if (one !== b[index]) return one < b[index]!;
  return false;
}

const dedupe = (paths: readonly Path[]): readonly Path[] => [
  ...new Map(paths.map((path) => [path.prefix.toString(), path])).values(),
];

const longestOf = (paths: readonly Path[]): readonly Path[] => {
  const longest = Math.max(...paths.map(({ prefix }) => prefix.length));
  return paths.filter(({ prefix }) => prefix.length === longest);
};

const textOf = (paths: readonly Path[]): string =>
  paths
    .map(({ prefix, as, pref, noExport, evpn, out }) =>
      [prefix.toString(), as.join('.'), pref, noExport, evpn?.rd, evpn?.text, evpn?.rt, JSON.stringify(out)].join('|'),
    )
    .sort()
    .join('\n');

function put(inbox: Inbox, key: string, paths: readonly Path[]): boolean {
  const before = inbox.get(key) ?? [];
  inbox.set(key, paths);
  return before.length !== paths.length || textOf(before) !== textOf(paths);
}

interface AtHook {
  readonly packet: Packet;
  readonly iif: string;
  readonly oif: string;
  readonly state: string;
  readonly marks: { untracked: boolean };
  readonly inner?: { readonly vni: number; readonly packet: Packet };
}

type Verdict = 'accept' | 'drop' | 'masquerade' | { readonly snat: Address };

function run(node: Node, hook: string, at: AtHook): Verdict {
  const chains = node.config.nftables?.chains ?? [];
  const base = chains.find((chain) => chain.hook?.hook === hook);
  if (base?.hook === undefined) return 'accept';
  const through = (rules: readonly NftRule[]): Verdict | undefined => {
    for (const { matches, verdict } of rules) {
      if (!matches.every((match) => hits(match, at))) continue;
      if (verdict.kind === 'jump') {
        const inner = through(chains.find(({ name }) => name === verdict.chain)?.rules ?? []);
        if (inner !== undefined) return inner;
      } else if (verdict.kind === 'notrack') at.marks.untracked = true;
      else if (verdict.kind === 'snat') return { snat: verdict.address };
      else return verdict.kind;
    }
    return undefined;
  };
  return through(base.rules) ?? base.hook.policy;
}

function hits(match: NftMatch, { packet, iif, oif, state, inner }: AtHook): boolean {
  const holds = (prefixes: readonly Prefix[], address: Address): boolean =>
    prefixes.some((prefix) => prefix.holds(address));
  switch (match.kind) {
    case 'iif':
      return match.negated ? !match.names.includes(iif) : match.names.includes(iif);
    case 'oif':
      return match.names.includes(oif);
    case 'source':
      return match.family === packet.family && holds(match.prefixes, packet.source) === !match.negated;
    case 'destination':
      return match.family === packet.family && holds(match.prefixes, packet.target);
    case 'family':
      return match.family === packet.family;
    case 'icmp':
      return packet.protocol === 'icmp';
    case 'ports': {
      if (match.protocol !== packet.protocol) return false;
      const service = (match.side === 'destination') === !packet.reply;
      const port = service ? packet.port : 50_000;
      return match.ports.length === 0 || match.ports.some(({ first, last }) => first <= port && port <= last);
    }
    case 'tcp-answer':
      return packet.protocol === 'tcp' && packet.reply;
    case 'other-vni':
      return inner !== undefined && !match.vnis.includes(inner.vni);
    case 'tunneled-other':
      return false;
    case 'tunneled-outside':
      return (
        inner?.vni === match.vni &&
        inner.packet.family === match.family &&
        !holds(match.prefixes, match.side === 'source' ? inner.packet.source : inner.packet.target)
      );
    case 'connection':
      return (match.states as readonly string[]).includes(state);
  }
}
