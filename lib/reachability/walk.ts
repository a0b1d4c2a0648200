import { Address, type Family } from '../net';
import type { Box, Vrf } from './box';
import { type ConfigLine, frrLine } from './config-line';
import { Field, type Packet } from './packet';
import { type ConnectionState, type FilterVerdict, outerPacket } from './packet-filter';
import { blockOf, type Route, type Routing } from './routing';
import type { Peer } from './sessions';

/** What a device on the way does. */
export interface Hop {
  readonly device: string;
  /** Such as `lets it through from vrf10001 to vlan10006`. */
  readonly does: string;
  /** The line of its configuration that decided; undefined where nothing was to be decided. */
  readonly line: ConfigLine | undefined;
  /** Whether it is a firewall that passes the packet on. */
  readonly isCrossing: boolean;
}

export type End =
  | { readonly kind: 'delivered'; readonly at: Box; readonly vrf: Vrf }
  /** To a router of somebody else. */
  | { readonly kind: 'beyond'; readonly network: string }
  | { readonly kind: 'dropped'; readonly at: string; readonly why: string; readonly line: ConfigLine | undefined };

/** That a firewall gave a connection another source. */
export interface Translation {
  readonly by: Box;
  readonly original: Field;
  readonly given: Field;
}

/** One way that a packet takes, and where that ends. */
export interface Trail {
  readonly end: End;
  /** As it was in the end. */
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly translations: readonly Translation[];
  /** Devices that know the connection from now on. */
  readonly tracked: readonly Box[];
}

/** A hop that puts into words what it did only when somebody wants to know. */
class Step implements Hop {
  readonly #say: () => string;

  public constructor(
    public readonly device: string,
    say: () => string,
    public readonly line: ConfigLine | undefined,
    public readonly isCrossing = false,
  ) {
    this.#say = say;
  }

  public get does(): string {
    return this.#say();
  }
}

type Reason = Pick<End & { readonly kind: 'dropped' }, 'why' | 'line'>;

/** The same of an end: why there is no route may take long to find out. */
class Drop {
  public readonly kind = 'dropped';
  readonly #find: () => Reason;
  #reason: Reason | undefined;

  public constructor(
    public readonly at: string,
    find: () => Reason,
  ) {
    this.#find = find;
  }

  public get why(): string {
    return this.#found.why;
  }

  public get line(): ConfigLine | undefined {
    return this.#found.line;
  }

  get #found(): Reason {
    return (this.#reason ??= this.#find());
  }
}

const dropped = (at: string, line: ConfigLine | undefined, say: () => string): End =>
  new Drop(at, () => ({ why: say(), line }));

/** Where a packet starts. */
export type Origin =
  /** At a machine, or at the device itself. */
  | { readonly kind: 'host'; readonly box: Box; readonly vrf: Vrf }
  /** Beyond a network. */
  | { readonly kind: 'beyond'; readonly network: string };

/** What devices remember of the packet that opened the connection. */
export type Memory = Pick<Trail, 'translations' | 'tracked'>;

/** How a packet got where it is. One is made at every step, and copied field by field is how that is quick. */
class Way implements Memory {
  public constructor(
    public readonly packet: Packet,
    public readonly hops: readonly Hop[],
    public readonly translations: readonly Translation[],
    public readonly tracked: readonly Box[],
    public readonly before: Place | undefined,
  ) {}

  public with(hop: Hop): Way {
    return new Way(this.packet, [...this.hops, hop], this.translations, this.tracked, this.before);
  }
}

/** A packet that comes in somewhere. */
class Place extends Way {
  public constructor(
    way: Way,
    public readonly box: Box,
    public readonly vrf: Vrf,
    public readonly iif: string,
  ) {
    super(way.packet, way.hops, way.translations, way.tracked, way.before);
  }
}

/** Walks along all the ways that a packet may take. Whatever a device has two equally good routes for goes both ways. */
export function walk(routing: Routing, origin: Origin, packet: Packet, memory: Memory | undefined): readonly Trail[] {
  return new Walk(routing, memory).from(origin, packet);
}

class Walk {
  readonly #trails: Trail[] = [];
  /** Where it came by, and those at the end that are still to be looked at. They are few. */
  readonly #places: Place[] = [];

  public constructor(
    private readonly routing: Routing,
    private readonly memory: Memory | undefined,
  ) {}

  public from(origin: Origin, packet: Packet): readonly Trail[] {
    const way = new Way(packet, [], [], [], undefined);
    if (origin.kind === 'beyond') this.#startBeyond(origin.network, way);
    else if (origin.vrf.owns(packet.family, packet.destination.value)) {
      this.#end(way, { kind: 'delivered', at: origin.box, vrf: origin.vrf });
    } else if (origin.box.role === 'machine') this.#startAtMachine(origin.box, way);
    else this.#route(origin.box, origin.vrf, '', way);
    // While one is looked at, others join at the end.
    for (const place of this.#places) this.#receive(place);
    return this.#trails;
  }

  /** A machine knows what its leaves tell it, and prefers what is told most exactly. */
  #startAtMachine(machine: Box, way: Way): void {
    const { family, destination } = way.packet;
    const offers = [...this.routing.portsOf(machine)].flatMap((port) => {
      const peer = this.routing.tryPeer(machine, port);
      const vrf = peer?.box.tryVrfOf(peer.port);
      if (peer === undefined || vrf === undefined) return [];
      const told = this.routing.toldTo(vrf, peer.port, family, destination);
      return told.length === 0 ? [] : [{ peer, vrf, length: told[0]?.prefix.length ?? 0 }];
    });
    const longest = Math.max(...offers.map(({ length }) => length));
    const chosen = offers.filter(({ length }) => length === longest);
    if (chosen.length === 0) {
      this.#end(way, this.#noRouteAtMachine(machine, way.packet));
      return;
    }
    const leaves = chosen.map(({ peer }) => peer.box.name).join(' or ');
    const hop = new Step(machine.name, () => `sends it to ${leaves}`, undefined);
    for (const { peer, vrf } of chosen) this.#send(peer, vrf, peer.port, way.with(hop));
  }

  #noRouteAtMachine(machine: Box, packet: Packet): End {
    const [port = ''] = this.routing.portsOf(machine);
    const peer = this.routing.tryPeer(machine, port);
    const vrf = peer?.box.tryVrfOf(peer.port);
    return new Drop(machine.name, () => {
      const { why, line } = this.#whyNoRoute(peer?.box ?? machine, vrf, packet);
      return { why: `no leaf tells it a route: ${why}`, line };
    });
  }

  #startBeyond(network: string, way: Way): void {
    const { family, destination } = way.packet;
    const routers = this.routing.routers.filter((router) => router.network === network);
    const told = routers.map((router) => {
      const routes = this.routing.toldToRouter(router, family, destination.value);
      for (const { prefix } of routes) destination.in(prefix);
      return { router, length: routes[0]?.prefix.length ?? -1 };
    });
    const longest = Math.max(...told.map(({ length }) => length));
    const chosen = longest < 0 ? [] : told.filter(({ length }) => length === longest);
    for (const { router } of chosen) {
      const box = this.routing.boxes.get(router.device);
      const vrf = box?.tryVrfOf(router.port);
      if (box === undefined || vrf === undefined) continue;
      const hop = new Step(`${network}/${router.name}`, () => `sends it to ${box.name}`, undefined);
      this.#send({ box, port: router.port }, vrf, router.port, way.with(hop));
    }
    if (chosen.length > 0) return;
    const why = (): string => `no border leaf tells its routers of ${textOf(family, destination)}`;
    this.#end(way, dropped(network, undefined, why));
  }

  #send({ box }: Peer, vrf: Vrf, iif: string, way: Way): void {
    const place = new Place(way, box, vrf, iif);
    for (let before = way.before; before !== undefined; before = before.before) {
      if (!isSame(before, place)) continue;
      this.#end(
        way,
        dropped(box.name, undefined, () => 'it goes round in a circle'),
      );
      return;
    }
    // Ways that meet go on as one, unless firewalls on them remember something else.
    if (this.#places.some((one) => isSame(one, place) && isSameMemory(one, place))) return;
    this.#places.push(place);
  }

  #receive(place: Place): void {
    const { box, vrf, iif } = place;
    let untracked = false;
    // A packet meets the first hook twice: with the port or SVI it came in by, and with the VRF.
    for (const name of vrf === box.underlay || iif === vrf.name ? [iif] : [iif, vrf.name]) {
      const seen = { packet: place.packet, iif: name, oif: '', state: 'new' as const, tunneled: undefined };
      const verdict = box.filter.at('prerouting', seen);
      untracked ||= verdict.untracked;
      if (verdict.kind !== 'drop') continue;
      const why = (): string => `refused as it comes in by ${name}: its source is not one of those allowed there`;
      this.#end(place, dropped(box.name, verdict.line, why));
      return;
    }
    if (isMartian(box, place.packet)) {
      const why = (): string => 'Linux takes no IPv4 packet from outside that has one of its own addresses as source';
      this.#end(place, dropped(box.name, undefined, why));
      return;
    }
    const packet = this.#restored(box, place.packet);
    const way = new Way(packet, place.hops, place.translations, place.tracked, place);
    const state = this.#stateAt(box, packet, untracked);
    if (vrf.owns(packet.family, packet.destination.value)) {
      exactly(packet.destination);
      this.#deliver(box, vrf, state, way);
    } else if (box.role === 'machine') {
      const why = (): string => `${textOf(packet.family, packet.destination)} is no address of the machine`;
      this.#end(way, dropped(box.name, undefined, why));
    } else this.#route(box, vrf, state, way);
  }

  /** An answer to a translated connection gets its first address back before it is routed. */
  #restored(box: Box, packet: Packet): Packet {
    const translation = (this.memory?.translations ?? []).find(
      ({ by, given }) => by === box && packet.reply && given.value === packet.destination.value,
    );
    return translation === undefined ? packet : { ...packet, destination: translation.original };
  }

  #stateAt(box: Box, packet: Packet, untracked: boolean): ConnectionState {
    if (untracked) return 'untracked';
    if (!packet.reply) return 'new';
    if (this.memory?.tracked.includes(box) === true) return 'established';
    packet.asked.protocol = true;
    // Of UDP every packet may be the first; an answer of TCP or ICMP that nobody asked for is none.
    return packet.protocol === 'udp' ? 'new' : 'invalid';
  }

  #deliver(box: Box, vrf: Vrf, state: ConnectionState, way: Way): void {
    const iif = vrf.name === 'default' ? (way.before?.iif ?? '') : vrf.name;
    const verdict = box.filter.at('input', { packet: way.packet, iif, oif: '', state, tunneled: undefined });
    if (verdict.kind === 'drop') {
      this.#end(
        way,
        dropped(box.name, verdict.line, () => 'it lets nothing of this in'),
      );
      return;
    }
    const hop = new Step(box.name, () => 'takes it', verdict.line);
    this.#end(way.with(hop), { kind: 'delivered', at: box, vrf });
  }

  #route(box: Box, vrf: Vrf, state: ConnectionState | '', way: Way): void {
    const { family, destination } = way.packet;
    const routes = this.routing.routes(vrf, family, destination);
    if (routes.length === 0) this.#end(way, new Drop(box.name, () => this.#whyNoRoute(box, vrf, way.packet)));
    for (const route of routes) this.#follow(box, vrf, state, route, way);
  }

  #follow(box: Box, vrf: Vrf, state: ConnectionState | '', route: Route, way: Way): void {
    const oif = outOf(route);
    const { kind } = route.way;
    if (kind === 'blackhole') {
      this.#end(
        way,
        dropped(box.name, route.line, () => `${route.prefix.toString()} ends here`),
      );
      return;
    }
    // What the device sends itself was not forwarded.
    const passed = state === '' ? undefined : this.#filter(box, vrf, oif, state, way);
    if (passed?.kind === 'drop') {
      const why = (): string => `it does not let this through from ${vrf.name} to ${oif}`;
      this.#end(way, dropped(box.name, passed.line, why));
      return;
    }
    const onward = this.#leave(box, vrf, oif, state, route, passed, way);
    if (onward === undefined) return;
    switch (route.way.kind) {
      case 'connected':
        this.#onLink(box, route.way.interface, onward);
        return;
      case 'router':
        this.#end(onward, { kind: 'beyond', network: route.way.router.network });
        return;
      case 'host': {
        const { peer } = route.way;
        this.#send(peer, peer.box.underlay, peer.port, onward);
        return;
      }
      case 'tunnel':
        this.#tunnel(box, route.vrf, route.way.to, onward);
        return;
    }
  }

  #filter(box: Box, vrf: Vrf, oif: string, state: ConnectionState, { packet }: Way): FilterVerdict {
    return box.filter.at('forward', { packet, iif: vrf.name, oif, state, tunneled: undefined });
  }

  /** Source NAT, for the packet that opens a connection; and what is said of the hop. Undefined if it does not get out. */
  #leave(
    box: Box,
    vrf: Vrf,
    oif: string,
    state: ConnectionState | '',
    route: Route,
    passed: FilterVerdict | undefined,
    way: Way,
  ): Way | undefined {
    const { packet, translations, before } = way;
    const lets = passed?.line === undefined ? 'routes it' : 'lets it through';
    const say = (): string => `${lets} ${directionOf(vrf, oif, route)}`;
    const isCrossing = box.role === 'firewall' && state !== '';
    const hops = [...way.hops, new Step(box.name, say, passed?.line ?? route.line, isCrossing)];
    const tracked = box.isSwitch ? way.tracked : [...way.tracked, box];
    const onward = new Way(packet, hops, translations, tracked, before);
    if (packet.reply || (state !== 'new' && state !== '')) return onward;
    const verdict = box.filter.at('postrouting', { packet, iif: '', oif, state: 'new', tunneled: undefined });
    const given = verdict.kind === 'masquerade' ? tryFirstAddress(box, oif, packet.family) : verdict.address;
    if (verdict.kind === 'drop' || (verdict.kind === 'masquerade' && given === undefined)) {
      const why = (): string =>
        verdict.kind === 'drop' ? `it lets nothing of this out by ${oif}` : `${oif} has no address to give it`;
      this.#end(way, dropped(box.name, verdict.line, why));
      return undefined;
    }
    if (given === undefined) return onward;
    const source = Field.of(packet.family, given.value);
    const gives = (): string =>
      `gives it the source ${given.toString()} in place of ${textOf(packet.family, packet.source)}`;
    const step = new Step(box.name, gives, verdict.line);
    const translation = { by: box, original: packet.source, given: source };
    return new Way({ ...packet, source }, [...hops, step], [...translations, translation], tracked, before);
  }

  /** On a link there is nobody but the router at its other end. */
  #onLink(box: Box, port: string, way: Way): void {
    const { family, destination } = way.packet;
    const router = this.routing.routers.find(
      (one) =>
        one.device === box.name &&
        one.port === port &&
        one.addresses.some((address) => address.family === family && address.value === destination.value),
    );
    exactly(destination);
    if (router !== undefined) {
      this.#end(way, { kind: 'beyond', network: router.network });
      return;
    }
    const why = (): string => `the route leads out of ${port}, where nobody has ${textOf(family, destination)}`;
    this.#end(way, dropped(box.name, way.hops.at(-1)?.line, why));
  }

  /** Through the underlay, to the end of another device's tunnels. */
  #tunnel(from: Box, source: Vrf, to: Vrf, way: Way): void {
    const { svi, vni, vtep } = to;
    if (svi === undefined || vni === undefined || vtep === undefined || source.vtep === undefined) return;
    const { packet } = outerPacket(source.vtep);
    const tunneled = { vni, packet: way.packet };
    const refuse = (box: Box, why: () => string, line: ConfigLine | undefined): void =>
      this.#end(way, dropped(box.name, line, why));
    // What a firewall puts into a tunnel is looked at by its leaves, of which it takes any.
    for (const { box, port } of from.isSwitch ? [] : this.routing.leavesOf(from)) {
      const verdict = box.filter.at('prerouting', { packet, iif: port, oif: '', state: 'new', tunneled });
      if (verdict.kind !== 'drop') continue;
      const why = (): string => `refused in the tunnel that comes in by ${port}: it is not ${from.name}'s to send`;
      refuse(box, why, verdict.line);
      return;
    }
    const refused = this.routing.refusesTunnel(to.box, source);
    if (refused !== undefined) {
      const { port, line } = refused;
      refuse(to.box, () => `it takes no tunneled packets of ${from.name} that come in by ${port}`, line);
      return;
    }
    this.#send({ box: to.box, port: svi }, to, svi, way);
  }

  #whyNoRoute(box: Box, vrf: Vrf | undefined, { family, destination }: Packet): Reason {
    const address = textOf(family, destination);
    if (vrf === undefined) return { why: `${box.name} has no VRF there`, line: undefined };
    const [stop] = this.routing.stops(vrf, family, destination.value);
    if (stop !== undefined) {
      const why = `${stop.by.name} has a route to ${stop.prefix.toString()}, and it stops at this line`;
      return { why, line: stop.line };
    }
    const target = vrf.bgp?.evpn?.routeTarget;
    const line = target === undefined ? undefined : frrLine(box.name, `route-target import ${target}`, blockOf(vrf));
    return { why: `${vrf.name} of ${box.name} has no route to ${address}`, line };
  }

  #end(way: Way, end: End): void {
    const { packet, hops, translations, tracked } = way;
    this.#trails.push({ end, packet, hops, translations, tracked });
  }
}

/** Whether two packets are alike, and at the same place. */
const isSame = (one: Place, other: Place): boolean =>
  one.box === other.box &&
  one.iif === other.iif &&
  one.packet.source.value === other.packet.source.value &&
  one.packet.destination.value === other.packet.destination.value;

const isSameMemory = (one: Memory, other: Memory): boolean =>
  one.tracked.length === other.tracked.length &&
  one.tracked.every((box, index) => box === other.tracked[index]) &&
  one.translations.length === other.translations.length &&
  one.translations.every(({ by, given, original }, index) => {
    const twin = other.translations[index];
    return by === twin?.by && given.value === twin.given.value && original.value === twin.original.value;
  });

const textOf = (family: Family, { value }: Field): string => Address.of(family, value).toString();

const exactly = (field: Field): boolean => field.between(field.value, field.value);

function outOf({ way, vrf }: Route): string {
  switch (way.kind) {
    case 'connected':
      return way.interface;
    case 'host':
    case 'router':
      return way.port;
    case 'tunnel':
      return vrf.svi ?? '';
    case 'blackhole':
      return '';
  }
}

function directionOf(vrf: Vrf, oif: string, { way }: Route): string {
  switch (way.kind) {
    case 'tunnel':
      return `from ${vrf.name} to ${oif}, in a tunnel to ${way.to.box.name}`;
    case 'host':
      return `from ${vrf.name} to ${way.peer.box.name}`;
    case 'router':
      return `from ${vrf.name} to ${way.router.name}`;
    case 'connected':
    case 'blackhole':
      return `from ${vrf.name} to ${oif}`;
  }
}

/** Without accept_local, the kernel drops such packets of IPv4 when it looks for their way (fib_validate_source). */
const isMartian = (box: Box, { family, source }: Packet): boolean =>
  family === 'ipv4' && box.owns(family, source.value);

/** The address that masquerading gives: the first one of the interface. */
const tryFirstAddress = (box: Box, name: string, family: Family): Address | undefined =>
  box.interfaces.get(name)?.addresses.find(({ address }) => address.family === family)?.address;
