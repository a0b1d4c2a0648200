import { type Address, FAMILIES, type Family, Prefix } from '../net';
import { mapIn, push } from '../model';
import { Box, DEFAULT_VRF, type Vrf } from './box';
import { type ConfigLine, frrLine } from './config-line';
import { Field } from './packet';
import { outerPacket } from './packet-filter';
import { Boundaries, PrefixIndex } from './prefix-index';
import { applyMap, asHeard, listOf, type Told, toldOf, withEvpn } from './route-map';
import { type Peer, Sessions } from './sessions';
import type { OutsideRouter, Snapshot } from './snapshot';

/** A route in a table, with what it leads to. */
export interface Route {
  readonly prefix: Prefix;
  readonly way: Way;
  /** The VRF whose way out it takes: of a leaked route, the one that it comes from. */
  readonly vrf: Vrf;
  readonly told: Told;
  /** How many autonomous systems it came through. */
  readonly length: number;
  /** The firewalls that took it from one network into another, the last one first. */
  readonly through: readonly Box[];
  /** Whether BGP knows it, so that it is told to others. */
  readonly inBgp: boolean;
  /** The line that let it in, if one did. */
  readonly line: ConfigLine | undefined;
}

export type Way =
  /** One of the device's own addresses, or a link that it is on. */
  | { readonly kind: 'connected'; readonly interface: string }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'host'; readonly port: string; readonly peer: Peer }
  | { readonly kind: 'router'; readonly port: string; readonly router: OutsideRouter }
  | { readonly kind: 'tunnel'; readonly to: Vrf };

/** That a route is not told or taken, and the line that sees to it. */
export interface Stop {
  readonly prefix: Prefix;
  readonly by: Box;
  readonly line: ConfigLine;
}

interface Refusal {
  readonly port: string;
  readonly line: ConfigLine | undefined;
}

const DISTANCE: Readonly<Record<Way['kind'], number>> = {
  connected: 0,
  blackhole: 1,
  host: 20,
  router: 20,
  tunnel: 20,
};

interface Exported {
  readonly vrf: Vrf;
  readonly route: Route;
}

/** Something of each VRF and address. */
type ByAddress<T> = Map<Vrf, Readonly<Record<Family, Map<bigint, T>>>>;

function atAddresses<T>(all: ByAddress<T>, vrf: Vrf, family: Family): Map<bigint, T> {
  let known = all.get(vrf);
  if (known === undefined) all.set(vrf, (known = { ipv4: new Map(), ipv6: new Map() }));
  return known[family];
}

/** What a network's route target carries, by family. */
interface Carried {
  readonly routes: PrefixIndex<Exported>;
  /** Firewalls that tell here what they leak, by the prefixes that they may leak. */
  readonly leaks: PrefixIndex<Vrf>;
  readonly boundaries: Boundaries;
}

/**
 * The route tables of all devices. None is written out: who asks for an address gets the routes that hold it, found in what
 * each device has by itself, in what EVPN carries, and in what firewalls leak. What EVPN carries is kept once for each route
 * target, not once for each device that takes it.
 */
export class Routing {
  public readonly boxes: ReadonlyMap<string, Box>;
  public readonly routers: readonly OutsideRouter[];
  readonly #peers = new Map<Box, Map<string, Peer>>();
  public readonly evpn: Sessions;
  public readonly underlay: Sessions;
  readonly #routersAt = new Map<string, OutsideRouter[]>();
  readonly #own = new Map<Vrf, Readonly<Record<Family, PrefixIndex<Route>>>>();
  readonly #boundaries = new Map<Vrf, Readonly<Record<Family, Boundaries>>>();
  readonly #carried = new Map<string, Readonly<Record<Family, Carried>>>();
  readonly #refusals = new Map<Box, Map<Box, Refusal | undefined>>();
  readonly #ports = new Map<Box, readonly string[]>();
  readonly #reaches = new Map<Box, Map<Vrf, boolean>>();
  readonly #alike: ByAddress<Field> = new Map();
  readonly #candidates: ByAddress<readonly Route[]> = new Map();
  /** What a VRF takes from others on its device. */
  readonly #leaks: ByAddress<readonly Route[]> = new Map();
  /** Routes as they are told in EVPN. */
  readonly #sent = new WeakMap<Route, Told>();
  readonly #best = new Map<readonly Route[], readonly Route[]>();
  /** By list of routes: what a host and a router are told of it. */
  readonly #toldToHosts = new Map<Peer, Map<readonly Route[], readonly Route[]>>();
  readonly #toldToRouters = new Map<OutsideRouter, Map<readonly Route[], readonly Route[]>>();

  public constructor({ devices, links, routers }: Snapshot) {
    const boxes = devices.map((trees) => new Box(trees));
    this.boxes = new Map(boxes.map((box) => [box.name, box]));
    this.routers = routers;
    for (const router of routers) push(this.#routersAt, `${router.device} ${router.port}`, router);
    const cables: (readonly [Peer, Peer])[] = [];
    for (const { kind, a, b } of links) {
      const [one, other] = [this.boxes.get(a.device), this.boxes.get(b.device)];
      if (one === undefined || other === undefined) continue;
      const cable = [
        { box: one, port: a.port },
        { box: other, port: b.port },
      ] as const;
      mapIn(this.#peers, one).set(a.port, cable[1]);
      mapIn(this.#peers, other).set(b.port, cable[0]);
      if (kind !== 'machine') cables.push(cable);
    }
    this.evpn = new Sessions('evpn', cables);
    this.underlay = new Sessions('ipv4', cables);
    // Machines pass nothing on: what they know is what their leaves tell them.
    const vrfs = boxes.flatMap((box) => (box.role === 'machine' ? [] : [...box.vrfs.values()]));
    for (const vrf of vrfs) this.#own.set(vrf, this.#ownRoutes(vrf));
    for (const vrf of vrfs) this.#carry(vrf);
  }

  public tryPeer(box: Box, port: string): Peer | undefined {
    return this.#peers.get(box)?.get(port);
  }

  /** The ports of a device that a cable is in. */
  public portsOf(box: Box): readonly string[] {
    let known = this.#ports.get(box);
    if (known === undefined) {
      const peers = this.#peers.get(box);
      known = [...box.interfaces.keys()].filter((port) => peers?.has(port) === true);
      this.#ports.set(box, known);
    }
    return known;
  }

  /** Every host route in a VRF of a network. */
  public get hostRoutes(): readonly Prefix[] {
    const all = [...this.#own].flatMap(([{ name }, own]) =>
      name === DEFAULT_VRF ? [] : FAMILIES.flatMap((family) => [...own[family].all()].map(({ prefix }) => prefix)),
    );
    return [...new Map(all.filter(({ isHost }) => isHost).map((prefix) => [prefix.toString(), prefix])).values()];
  }

  /** The best routes to the address: several where packets are spread, none where it is unreachable. */
  public routes(vrf: Vrf, family: Family, address: Field): readonly Route[] {
    this.#narrow(vrf, family, address);
    const best = this.bestFor(vrf, family, address.value);
    const [first] = best;
    if (first?.prefix.isHost === true) address.in(first.prefix);
    return best;
  }

  public bestFor(vrf: Vrf, family: Family, address: bigint): readonly Route[] {
    const candidates = this.#candidatesFor(vrf, family, address);
    let best = this.#best.get(candidates);
    if (best === undefined) this.#best.set(candidates, (best = longest(candidates)));
    return best;
  }

  /** All routes to the address; the same list when asked again. */
  #candidatesFor(vrf: Vrf, family: Family, address: bigint): readonly Route[] {
    const known = atAddresses(this.#candidates, vrf, family);
    let candidates = known.get(address);
    if (candidates === undefined) {
      candidates = [...this.#unleaked(vrf, family, address, []), ...this.#leaked(vrf, family, address, [])];
      known.set(address, candidates);
    }
    return candidates;
  }

  /** Routes to the address that almost were in the VRF: what stopped each. For who asks why there is none. */
  public stops(vrf: Vrf, family: Family, address: bigint): readonly Stop[] {
    const stops: Stop[] = [];
    this.#unleaked(vrf, family, address, [], stops);
    this.#leaked(vrf, family, address, [], stops);
    return stops;
  }

  /** Whether a device knows the way to the end of another one's tunnels. */
  public reachesVtep(from: Box, to: Vrf): boolean {
    if (from === to.box) return true;
    const known = mapIn(this.#reaches, from);
    let reaches = known.get(to);
    if (reaches === undefined) known.set(to, (reaches = this.#findWayTo(from, to)));
    return reaches;
  }

  #findWayTo(from: Box, to: Vrf): boolean {
    const { vtep } = to;
    if (vtep === undefined) return false;
    const lo = to.box.interfaces.get('lo');
    if (lo?.addresses.some(({ address }) => address.equals(vtep)) !== true) return false;
    const redistributed = to.box.underlay.tryUnicast('ipv4')?.redistributeConnected;
    if (redistributed === undefined) return false;
    const told = toldOf(Prefix.host(vtep), true, 'lo');
    const own = applyMap(to.box, redistributed.routeMap, told).told;
    return own !== undefined && this.underlay.arrival(to.box, from, own, 0).told !== undefined;
  }

  /** The leaves that a firewall's packets go to, each with the port that they come in by. */
  public leavesOf(firewall: Box): readonly Peer[] {
    return this.underlay.leavesOf(firewall);
  }

  /** The first port by which a device lets no tunneled packets of another one in, and why; undefined if there is none. */
  public refusesTunnel(box: Box, from: Vrf): Refusal | undefined {
    const known = mapIn(this.#refusals, box);
    if (!known.has(from.box)) known.set(from.box, this.#findRefusal(box, from));
    return known.get(from.box);
  }

  #findRefusal(box: Box, { box: from, vtep }: Vrf): Refusal | undefined {
    for (const port of this.portsOf(box)) {
      const peer = this.tryPeer(box, port)?.box;
      if (peer === undefined || vtep === undefined || box.tryVrfOf(port) !== box.underlay) continue;
      if (!peer.isSwitch && peer !== from) continue;
      const verdict = box.filter.at('input', { ...outerPacket(vtep), iif: port, oif: '', state: 'new' });
      if (verdict.kind === 'drop') return { port, line: verdict.line };
    }
    return undefined;
  }

  /** What a leaf tells a host about the way to an address; nothing where it tells of none. */
  public toldTo(leaf: Vrf, port: string, family: Family, address: Field): readonly Route[] {
    const peer = this.tryPeer(leaf.box, port);
    const policy = leaf.tryPolicy(port, family);
    if (peer === undefined || policy === undefined || leaf.interfaces.every(({ name }) => name !== port)) return [];
    const theirs = peer.box.underlay.tryPolicy(peer.port, family);
    if (theirs === undefined) return [];
    this.#narrow(leaf, family, address);
    const candidates = this.#candidatesFor(leaf, family, address.value);
    const known = mapIn(this.#toldToHosts, peer);
    let told = known.get(candidates);
    if (told === undefined) {
      // What it is not told of, it takes less exact routes for.
      told = longest(
        bestOfEach(candidates).filter((route) => {
          if (!route.inBgp || route.told.noExport) return false;
          const sent = applyMap(leaf.box, policy.routeMapOut, route.told).told;
          return sent !== undefined && applyMap(peer.box, theirs.routeMapIn, sent).told !== undefined;
        }),
      );
      known.set(candidates, told);
    }
    if (told[0]?.prefix.isHost === true) address.in(told[0].prefix);
    return told;
  }

  /** What a router of somebody else is told about the way to an address. */
  public toldToRouter(router: OutsideRouter, family: Family, address: bigint): readonly Route[] {
    const vrf = this.boxes.get(router.device)?.tryVrfOf(router.port);
    if (vrf === undefined) return [];
    const candidates = this.#candidatesFor(vrf, family, address);
    const known = mapIn(this.#toldToRouters, router);
    let told = known.get(candidates);
    if (told === undefined) known.set(candidates, (told = this.#tellRouter(router, family, candidates)));
    return told;
  }

  #tellRouter(router: OutsideRouter, family: Family, candidates: readonly Route[]): readonly Route[] {
    const box = this.boxes.get(router.device);
    const vrf = box?.tryVrfOf(router.port);
    const neighbor = router.addresses.find((one) => one.family === family);
    if (box === undefined || vrf === undefined || neighbor === undefined) return [];
    const policy = vrf.tryPolicy(neighbor.toString(), family);
    if (policy === undefined) return [];
    return longest(
      bestOfEach(candidates).filter(
        ({ told, inBgp, way }) =>
          inBgp &&
          !told.noExport &&
          !(way.kind === 'router' && way.router === router) &&
          applyMap(box, policy.routeMapOut, told).told !== undefined,
      ),
    );
  }

  /** Narrows an address to those that all routes of the VRF but host routes treat alike. */
  #narrow(vrf: Vrf, family: Family, address: Field): void {
    const known = atAddresses(this.#alike, vrf, family);
    let alike = known.get(address.value);
    if (alike === undefined) {
      alike = Field.of(family, address.value);
      this.#narrowByRoutes(vrf, family, alike);
      known.set(address.value, alike);
    }
    address.between(alike.low, alike.high);
  }

  #narrowByRoutes(vrf: Vrf, family: Family, address: Field): void {
    const target = vrf.bgp?.evpn?.routeTarget;
    const sources = (vrf.tryUnicast(family)?.importVrfs ?? []).flatMap((name) => vrf.box.vrfs.get(name) ?? []);
    for (const one of [vrf, ...sources]) {
      const own = this.#boundaries.get(one)?.[family];
      if (own !== undefined) address.between(...own.around(address.value, address.low, address.high));
      const carried = this.#carried.get((one === vrf ? target : one.bgp?.evpn?.routeTarget) ?? '')?.[family];
      if (carried === undefined) continue;
      address.between(...carried.boundaries.around(address.value, address.low, address.high));
    }
  }

  #ownRoutes(vrf: Vrf): Readonly<Record<Family, PrefixIndex<Route>>> {
    const boundaries = { ipv4: new Boundaries(), ipv6: new Boundaries() };
    this.#boundaries.set(vrf, boundaries);
    const of = (family: Family): PrefixIndex<Route> => {
      const index = new PrefixIndex<Route>(family);
      for (const route of [...connected(vrf, family), ...blackholes(vrf, family), ...this.#heard(vrf, family)]) {
        index.add(route.prefix, route);
        if (!route.prefix.isHost) boundaries[family].add(route.prefix);
      }
      return index;
    };
    return { ipv4: of('ipv4'), ipv6: of('ipv6') };
  }

  /** What hosts and routers say over the ports of the VRF. */
  *#heard(vrf: Vrf, family: Family): Generator<Route> {
    if (vrf.bgp === undefined || vrf.name === DEFAULT_VRF) return;
    for (const { name: port } of vrf.interfaces) {
      const peer = this.tryPeer(vrf.box, port);
      if (peer !== undefined) yield* this.#fromHost(vrf, family, port, peer);
      for (const router of this.#routersAt.get(key(vrf.box, port)) ?? []) yield* fromRouter(vrf, family, port, router);
    }
  }

  *#fromHost(vrf: Vrf, family: Family, port: string, peer: Peer): Generator<Route> {
    const { box } = peer;
    const mine = vrf.tryPolicy(port, family);
    const theirs = box.underlay.tryPolicy(peer.port, family);
    const redistributed = box.underlay.tryUnicast(family)?.redistributeConnected;
    if (mine === undefined || theirs === undefined || redistributed === undefined) return;
    for (const { name, addresses } of box.underlay.interfaces) {
      for (const { address } of addresses.filter((one) => one.address.family === family)) {
        const own = toldOf(Prefix.host(address), true, name);
        const taken = applyMap(box, redistributed.routeMap, own).told;
        const sent = taken === undefined ? undefined : applyMap(box, theirs.routeMapOut, taken).told;
        if (sent === undefined) continue;
        const heard = applyMap(vrf.box, mine.routeMapIn, asHeard(sent));
        if (heard.told === undefined) continue;
        const way: Way = { kind: 'host', port, peer };
        yield { ...ofVrf(vrf, heard.told, way), length: 1, line: heard.line };
      }
    }
  }

  /** Puts what a VRF tells EVPN where everybody finds it. */
  #carry(vrf: Vrf): void {
    const { bgp, svi } = vrf;
    const target = bgp?.evpn?.routeTarget;
    if (bgp === undefined || target === undefined || svi === undefined) return;
    const carried = this.#carriedBy(target);
    for (const family of FAMILIES) {
      if (bgp.evpn?.advertise.includes(family) !== true) continue;
      const { routes, leaks, boundaries } = carried[family];
      for (const route of this.#own.get(vrf)?.[family].all() ?? []) {
        if (!route.inBgp) continue;
        routes.add(route.prefix, { vrf, route });
        if (!route.prefix.isHost) boundaries.add(route.prefix);
      }
      const { importVrfs = [], importMap } = vrf.tryUnicast(family) ?? {};
      if (importVrfs.length === 0) continue;
      for (const cover of coversOf(vrf.box, importMap, family)) {
        leaks.add(cover, vrf);
        if (!cover.isHost) boundaries.add(cover);
      }
    }
  }

  #carriedBy(target: string): Readonly<Record<Family, Carried>> {
    let known = this.#carried.get(target);
    if (known === undefined) this.#carried.set(target, (known = { ipv4: nothing('ipv4'), ipv6: nothing('ipv6') }));
    return known;
  }

  /** All routes to the address that the VRF has by itself or from EVPN. */
  #unleaked(vrf: Vrf, family: Family, address: bigint, passed: readonly Box[], stops?: Stop[]): readonly Route[] {
    const own = this.#own.get(vrf)?.[family].holding(address) ?? [];
    const target = vrf.bgp?.evpn?.routeTarget;
    const carried = target === undefined || vrf.svi === undefined ? undefined : this.#carried.get(target)?.[family];
    if (carried === undefined) return own;
    const found = [...own];
    const take = (exported: Exported): void => {
      const route = this.#throughEvpn(exported, vrf, stops);
      if (route !== undefined) found.push(route);
    };
    for (const exported of carried.routes.holding(address)) {
      if (exported.vrf.box !== vrf.box && !passed.includes(exported.vrf.box)) take(exported);
    }
    for (const leaking of new Set(carried.leaks.holding(address))) {
      if (leaking.box === vrf.box || passed.includes(leaking.box)) continue;
      const onward = [...passed, ...(vrf.box.role === 'firewall' ? [vrf.box] : [])];
      const leaked =
        stops === undefined && onward.length === 0
          ? this.#leakedOnce(leaking, family, address)
          : this.#leaked(leaking, family, address, onward, stops);
      for (const route of leaked) take({ vrf: leaking, route });
    }
    return found;
  }

  /** The same for all leaves that are told of it. */
  #leakedOnce(vrf: Vrf, family: Family, address: bigint): readonly Route[] {
    const known = atAddresses(this.#leaks, vrf, family);
    let leaked = known.get(address);
    if (leaked === undefined) known.set(address, (leaked = this.#leaked(vrf, family, address, [])));
    return leaked;
  }

  /** All routes to the address that the VRF takes from others on the same device. */
  #leaked(vrf: Vrf, family: Family, address: bigint, passed: readonly Box[], stops?: Stop[]): readonly Route[] {
    const { importVrfs = [], importMap } = vrf.tryUnicast(family) ?? {};
    const { box } = vrf;
    return importVrfs.flatMap((name) => {
      const source = box.vrfs.get(name);
      if (source?.bgp === undefined) return [];
      const known = bestOfEach(this.#unleaked(source, family, address, [...passed, box], stops));
      return known.flatMap((route): readonly Route[] => {
        if (!route.inBgp) return [];
        const { told, line } = applyMap(box, importMap, { ...route.told, sourceVrf: name });
        if (told === undefined) {
          if (line !== undefined) stops?.push({ prefix: route.prefix, by: box, line });
          return [];
        }
        const importLine = line ?? frrLine(box.name, `import vrf ${name}`, blockOf(vrf));
        return [{ ...route, told, through: [box, ...route.through], line: importLine }];
      });
    });
  }

  #throughEvpn({ vrf: from, route }: Exported, to: Vrf, stops: Stop[] | undefined): Route | undefined {
    const { told, through } = route;
    const [at, vni, target] = [from.box, from.vni, from.bgp?.evpn?.routeTarget];
    if (through.includes(to.box) || vni === undefined || target === undefined) return undefined;
    if (told.noExport) {
      if (route.line !== undefined) stops?.push({ prefix: route.prefix, by: at, line: route.line });
      return undefined;
    }
    if (!this.reachesVtep(to.box, from) || !this.reachesVtep(at, to)) return undefined;
    let sent = this.#sent.get(route);
    if (sent === undefined) {
      const mac = at.interfaces.get(from.svi ?? '')?.tryAttribute('hwaddress') ?? '';
      sent = withEvpn(told, { vni, extended: `RT:${target} ET:8 Rmac:${mac}` });
      this.#sent.set(route, sent);
    }
    const arrival = this.evpn.arrival(at, to.box, sent, through.length);
    if (arrival.told === undefined) {
      if (arrival.line !== undefined) stops?.push({ prefix: route.prefix, by: at, line: arrival.line });
      return undefined;
    }
    return {
      prefix: route.prefix,
      way: { kind: 'tunnel', to: from },
      vrf: to,
      told: withEvpn(arrival.told, undefined),
      length: route.length + this.#distance(at, to.box),
      through,
      inBgp: true,
      line: frrLine(to.box.name, `route-target import ${target}`, blockOf(to)),
    };
  }

  /** How many autonomous systems a route of EVPN passes between two devices. */
  #distance(from: Box, to: Box): number {
    const [fromLeaves, toLeaves] = [this.#switchesAt(from), this.#switchesAt(to)];
    const outside = (from.isSwitch ? 0 : 1) + (to.isSwitch ? 0 : 1);
    return outside + (fromLeaves.some((leaf) => toLeaves.includes(leaf)) ? 0 : 2);
  }

  #switchesAt(box: Box): readonly Box[] {
    return box.isSwitch ? [box] : this.evpn.leavesOf(box).map((leaf) => leaf.box);
  }
}

const key = (box: Box, port: string): string => `${box.name} ${port}`;

export const blockOf = ({ bgp, name }: Vrf): string =>
  `router bgp ${bgp?.asn ?? 0}${name === 'default' ? '' : ` vrf ${name}`}`;

const ofVrf = (vrf: Vrf, told: Told, way: Way): Omit<Route, 'length' | 'line'> => ({
  prefix: told.prefix,
  way,
  vrf,
  told,
  through: [],
  inBgp: true,
});

function* connected(vrf: Vrf, family: Family): Generator<Route> {
  const redistributed = vrf.tryUnicast(family)?.redistributeConnected;
  for (const { name, addresses } of vrf.interfaces) {
    for (const { address, length } of addresses.filter((one) => one.address.family === family)) {
      const told = toldOf(Prefix.around(address, length), true, name);
      const taken = redistributed === undefined ? undefined : applyMap(vrf.box, redistributed.routeMap, told).told;
      const way: Way = { kind: 'connected', interface: name };
      yield { ...ofVrf(vrf, taken ?? told, way), inBgp: taken !== undefined, length: 0, line: undefined };
    }
  }
}

function* blackholes(vrf: Vrf, family: Family): Generator<Route> {
  const networks = vrf.tryUnicast(family)?.networks ?? [];
  for (const prefix of vrf.blackholes.filter((one) => one.family === family)) {
    const told = toldOf(prefix, true);
    const inBgp = networks.some((network) => network.equals(prefix));
    const keyword = family === 'ipv4' ? 'ip' : 'ipv6';
    const line = frrLine(vrf.box.name, `${keyword} route ${prefix.toString()} blackhole`, `vrf ${vrf.name}`);
    yield { ...ofVrf(vrf, told, { kind: 'blackhole' }), inBgp, length: 0, line };
  }
}

function* fromRouter(vrf: Vrf, family: Family, port: string, router: OutsideRouter): Generator<Route> {
  for (const address of router.addresses.filter((one) => one.family === family)) {
    if (!speaksTo(vrf, port, address, router.asn)) continue;
    const policy = vrf.tryPolicy(address.toString(), family);
    if (policy === undefined) continue;
    for (const prefix of router.announces.filter((one) => one.family === family)) {
      const { told, line } = applyMap(vrf.box, policy.routeMapIn, toldOf(prefix));
      if (told === undefined) continue;
      yield { ...ofVrf(vrf, told, { kind: 'router', port, router }), length: 1, line };
    }
  }
}

/** Whether the neighbor is configured as what it is, on a link that both are on. */
const speaksTo = (vrf: Vrf, port: string, address: Address, asn: number): boolean =>
  (vrf.bgp?.neighbors ?? []).some(
    (neighbor) => neighbor.kind === 'numbered' && neighbor.address.equals(address) && neighbor.asn === asn,
  ) &&
  (vrf.box.interfaces.get(port)?.addresses ?? []).some((own) => Prefix.around(own.address, own.length).holds(address));

const nothing = (family: Family): Carried => ({
  routes: new PrefixIndex(family),
  leaks: new PrefixIndex(family),
  boundaries: new Boundaries(),
});

/** The prefixes that an import map may let through: what it says of others is of no concern. */
function coversOf(box: Box, importMap: string | undefined, family: Family): readonly Prefix[] {
  const everything = [Prefix.parse(family === 'ipv4' ? '0.0.0.0/0' : '::/0')];
  if (importMap === undefined) return everything;
  const entries = (box.tryMap(importMap)?.entries ?? []).filter(({ action }) => action === 'permit');
  return entries.flatMap(({ matches }) => {
    const lists = matches.filter((match) => match.kind === 'prefix-list');
    if (lists.length === 0) return everything;
    if (lists.some((match) => match.family !== family)) return [];
    return lists.flatMap(({ list }) =>
      (listOf(box, family, list)?.entries ?? []).flatMap(({ action, prefix }) => (action === 'permit' ? [prefix] : [])),
    );
  });
}

/** The best of those with the longest prefix. */
function longest(routes: readonly Route[]): readonly Route[] {
  const length = Math.max(...routes.map(({ prefix }) => prefix.length));
  return best(routes.filter(({ prefix }) => prefix.length === length));
}

/** The best routes of each prefix: what a device uses, and tells others. */
function bestOfEach(routes: readonly Route[]): readonly Route[] {
  const lengths = new Set(routes.map(({ prefix }) => prefix.length));
  return [...lengths].flatMap((length) => best(routes.filter(({ prefix }) => prefix.length === length)));
}

/** Of routes to one prefix: by distance, then as BGP chooses; those that are equally good are all used. */
function best(routes: readonly Route[]): readonly Route[] {
  const ranks = routes.map(({ way, told, length }) => [DISTANCE[way.kind], -told.preference, length]);
  const lowest = ranks.reduce<readonly number[] | undefined>(
    (low, rank) => (low === undefined || compare(rank, low) < 0 ? rank : low),
    undefined,
  );
  return routes.filter((_, index) => compare(ranks[index] ?? [], lowest ?? []) === 0);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, one] of a.entries()) {
    const difference = one - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
