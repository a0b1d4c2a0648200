import { Address, type Family, HIGHEST, PORT_RANGE, type PortRange, Prefix } from '../net';
import { type Endpoint, type Expected, type FlowPromises, PromiseBook, type Promise } from '../promises';
import type { Box } from './box';
import type { ConfigLine } from './config-line';
import { type Judgement, judge, type Question } from './judge';
import { Directory, outsideOf } from './known';
import { Boundaries } from './prefix-index';
import { type Alike, OPENED_FROM, portsUnlike, type Protocol, PROTOCOLS, runsAlike } from './packet';
import type { Routing } from './routing';
import type { End, Hop, Origin } from './walk';

/** Something that devices do and ought not to, or the other way around. */
export interface Fault {
  /** The truth that it breaks. */
  readonly statement: string;
  /** The packet: `blue-1 (10.128.4.1) → green-1 (10.128.8.1) tcp/22`. */
  readonly packet: string;
  readonly promised: string;
  readonly found: string;
  readonly hops: readonly Hop[];
  /** The device that it turned on, and its line. */
  readonly device: string;
  readonly line: ConfigLine | undefined;
}

/** A packet of which the devices do something else than what was promised. */
export interface Difference extends Fault {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Which flows are looked at. */
export interface Selection {
  readonly fromHosts: readonly (Flows & { readonly source: Endpoint })[];
  /** From beyond each external network. */
  readonly fromBeyond: Flows;
}

/** Whom something is sent to. */
export interface Flows {
  readonly targets: readonly Endpoint[];
  /** Whether the free addresses of a network are left out, because those of another one stand for them. */
  readonly isSpared: (network: string) => boolean;
}

/** All flows between all hosts. */
export const everyFlow = ({ endpoints }: Directory): Selection => ({
  fromHosts: endpoints
    .filter(({ kind }) => kind === 'machine')
    .map((source) => ({ source, targets: endpoints, isSpared: () => false })),
  fromBeyond: { targets: endpoints, isSpared: () => false },
});

/**
 * Holds what is promised against what the devices do. Each packet that is followed stands for all that are treated alike;
 * between two of them nothing is left out.
 */
export function* differences(
  routing: Routing,
  directory: Directory,
  promises: readonly Promise[],
  selection: Selection,
): Generator<Difference> {
  const proof = new Proof(routing, directory, new PromiseBook(promises));
  for (const { source, ...flows } of selection.fromHosts) {
    yield* proof.toHosts(source, flows);
    yield* proof.toOutside(source, flows);
  }
  for (const external of directory.externals) {
    for (const target of selection.fromBeyond.targets) yield* proof.fromBeyond(external.name, target);
    for (const source of outsideOf(directory, external)) yield* proof.toOutside(source, selection.fromBeyond);
  }
}

/** Addresses that are treated alike, but for those among them that hosts have. */
interface Run {
  high: bigint;
  readonly promises: FlowPromises;
  readonly way: string | undefined;
}

type Sent = Required<Omit<Question, 'origin' | 'source' | 'destination'>>;

/** What becomes of a packet, and what ought to. */
interface Judged {
  readonly protocol: Protocol;
  readonly port: number;
  readonly expected: Expected;
  readonly found: Judgement;
}

/** All that was found of packets to one port, which stands for others. */
export class Followed implements Alike {
  public constructor(public readonly findings: readonly Judgement[]) {}

  public isAlike(port: number): boolean {
    return this.findings.every(({ packet }) => packet.port.isAlike(port));
  }

  public lastAlike(port: number): number {
    return Math.min(...this.findings.map(({ packet }) => packet.port.lastAlike(port)));
  }
}

/** The runs of ports that are promised the same. */
function runsOf(promises: FlowPromises, protocol: Protocol): readonly PortRange[] {
  if (protocol === 'icmp') return [{ first: 0, last: 0 }];
  const edges = [...new Set(promises.edges(protocol))].filter((edge) => edge > 1 && edge <= PORT_RANGE.last);
  const firsts = [1, ...edges.sort((a, b) => a - b)];
  return firsts.map((first, index) => ({ first, last: (firsts[index + 1] ?? PORT_RANGE.last + 1) - 1 }));
}

class Proof {
  /** Where what is promised may change. */
  readonly #edges: Readonly<Record<Family, Boundaries>> = { ipv4: new Boundaries(), ipv6: new Boundaries() };
  readonly #strays = new Set<string>();
  #last: { readonly from: Endpoint; readonly to: Endpoint; readonly found: Judgement } | undefined;

  public constructor(
    private readonly routing: Routing,
    private readonly directory: Directory,
    private readonly book: PromiseBook,
  ) {
    for (const prefix of book.prefixes) this.#edges[prefix.family].add(prefix);
    for (const prefix of routing.hostRoutes) {
      // A route to an address that nobody is known to have is looked at by itself.
      if (directory.tryEndpointAt(prefix.first) !== undefined) continue;
      this.#edges[prefix.family].add(prefix);
      this.#strays.add(prefix.toString());
    }
  }

  public *toHosts(source: Endpoint, { targets }: Flows): Generator<Difference> {
    for (const to of targets) {
      if (to.name === source.name || to.address.family !== source.address.family) continue;
      if (this.#meansAnother(source, to)) continue;
      for (const one of this.#judgements(source, to, this.book.between(source, to)))
        yield* this.#compare(source, to, one);
    }
  }

  /** Where several have an address, whether it is somebody else whom the source finds there: in its own network, or by what is promised to it. */
  #meansAnother(source: Endpoint, to: Endpoint): boolean {
    const home = this.directory.homeOf(source);
    if (to.network === home) return false;
    return this.directory
      .sharing(to.address)
      .some((other) => other !== to && (other.network === home || this.book.between(source, other).opens));
  }

  /** To each address that is no host's, in runs that are treated alike. */
  public *toOutside(source: Endpoint, { isSpared }: Flows): Generator<Difference> {
    const { family } = source.address;
    const last = HIGHEST[family];
    let judged: Run | undefined;
    for (let next = 0n; next <= last;) {
      const address = Address.of(family, next);
      if (isSpared(this.directory.tryNetworkAt(address) ?? '')) {
        next = this.directory.lastAlike(address) + 1n;
        continue;
      }
      if (this.directory.tryEndpointAt(address) !== undefined) {
        next += 1n;
        continue;
      }
      const way = this.#wayTo(source, address);
      const to: Endpoint = { kind: 'beyond', name: way ?? 'the world', network: way ?? '', address };
      const promises = this.book.between(source, to);
      let high = this.#lastAlike(address);
      // Behind addresses of hosts a run goes on as it began.
      const isAlike = judged !== undefined && promises.areSame(judged.promises) && way === judged.way;
      if (judged !== undefined && isAlike && next <= judged.high && !this.#isStray(address)) {
        next = (judged.high < high ? judged.high : high) + 1n;
        continue;
      }
      judged = { high: this.directory.lastAlike(address), promises, way };
      for (const one of this.#judgements(source, to, promises)) {
        const { destination } = one.found.packet;
        if (destination.high < judged.high) judged.high = destination.high;
        if (this.directory.isInside(address) && isAnswerOfSwitch(one)) continue;
        yield* this.#compare(source, to, one);
      }
      if (judged.high < high) high = judged.high;
      next = high + 1n;
    }
  }

  /** What is sent from beyond a network. */
  public *fromBeyond(network: string, to: Endpoint): Generator<Difference> {
    const { family } = to.address;
    const destinations = this.directory.externals.find(({ name }) => name === network)?.destinations ?? [];
    for (const prefix of destinations.filter((one) => one.family === family)) {
      const last = prefix.last.value;
      for (let next = prefix.first.value; next <= last;) {
        const from: Endpoint = { kind: 'beyond', name: network, network, address: Address.of(family, next) };
        // Whoever out there says to be one of ours gets no answer; that what it sends may arrive is no way in.
        if (this.directory.isInside(from.address)) {
          next = this.directory.lastAlike(from.address) + 1n;
          continue;
        }
        const promises = this.book.between(from, to);
        let high = this.#lastAlike(from.address);
        if (high > last) high = last;
        for (const one of this.#judgements(from, to, promises)) {
          const { source } = one.found.packet;
          if (source.high < high) high = source.high;
          yield* this.#compare(from, to, one);
        }
        next = high + 1n;
      }
    }
  }

  /** One packet for all that are promised and treated alike: of each protocol, to each port, and from each port. */
  *#judgements(from: Endpoint, to: Endpoint, promises: FlowPromises): Generator<Judged> {
    for (const protocol of PROTOCOLS) {
      const known: Followed[] = [];
      const follow = (port: number): Followed => this.#follow(from, to, protocol, port);
      for (const promised of runsOf(promises, protocol)) {
        const expected = promises.expect(protocol, promised.first);
        for (const { run, alike } of runsAlike(known, promised, follow)) {
          for (const found of alike.findings) {
            // What only looks as if it belonged to a connection may pass where connections do.
            if (!(found.packet.bare && expected.allowed)) yield { protocol, port: run.first, expected, found };
          }
        }
      }
    }
  }

  /** What becomes of all packets to a port. */
  #follow(from: Endpoint, to: Endpoint, protocol: Protocol, port: number): Followed {
    const judged = (opener: number, bare = false): Judgement => this.#judge(from, to, { protocol, port, opener, bare });
    const usual = judged(OPENED_FROM);
    const findings = [usual];
    const openers = [usual.packet.opener];
    // Whoever sends chooses the port that he sends from, and may leave out what opens a connection.
    for (const opener of portsUnlike(openers, PORT_RANGE)) {
      const found = judged(opener);
      findings.push(found);
      openers.push(found.packet.opener);
    }
    if (usual.packet.asked.bare && protocol === 'tcp') findings.push(judged(OPENED_FROM, true));
    return new Followed(findings);
  }

  /** The last address behind this one that promises and networks do not tell from it. */
  #lastAlike(address: Address): bigint {
    const { family, value } = address;
    const alike = this.directory.lastAlike(address);
    return this.#edges[family].around(value, value, alike)[1];
  }

  #isStray(address: Address): boolean {
    return this.#strays.size > 0 && this.#strays.has(Prefix.host(address).toString());
  }

  #judge(from: Endpoint, to: Endpoint, sent: Sent): Judgement {
    const last = this.#last;
    const isUsual = sent.opener === OPENED_FROM && !sent.bare;
    // Where nobody asked for the protocol, the next one is treated alike.
    if (isUsual && last?.from === from && last.to === to && !last.found.packet.asked.protocol) return last.found;
    const origin = originOf(this.routing, from);
    const found = judge(this.routing, { origin, source: from.address, destination: to.address, ...sent });
    if (isUsual) this.#last = { from, to, found };
    return found;
  }

  #wayTo(source: Endpoint, address: Address): string | undefined {
    return this.directory.isInside(address)
      ? undefined
      : this.directory.tryWayOut(this.directory.homeOf(source), address);
  }

  *#compare(from: Endpoint, to: Endpoint, judged: Judged): Generator<Difference> {
    yield* this.#visible(from, to, judged);
    const { protocol, port, expected, found } = judged;
    const wanted = expectedText(from, expected);
    const is = foundText(to, this.#mayLeave(from, to, expected), found);
    if (wanted === is) return;
    const { end, line } = turningPoint(expected, found);
    yield {
      statement: this.#statementOf(from, to, expected),
      packet: `${describeEndpoint(from)} → ${describeEndpoint(to)} ${packetText(judged)}`,
      from,
      to,
      protocol,
      port,
      promised: `${wanted}: ${expected.because}`,
      found: is,
      hops: found.arrives === 'never' || found.answered ? found.hops : [...found.hops, ...found.back],
      device: end,
      line,
    };
  }

  /** Who is hidden from a network is not only unreachable from there: no route leads to him. */
  *#visible(from: Endpoint, to: Endpoint, { protocol, port, found }: Judged): Generator<Difference> {
    const { end, hops } = found;
    if (end.kind !== 'dropped' || to.kind !== 'machine' || protocol !== 'icmp') return;
    const [network, stoppedAt] = [this.directory.homeOf(to), this.routing.boxes.get(end.at)];
    if (to.network !== network || stoppedAt?.role !== 'firewall' || hops.length === 0) return;
    // By another network, which it is not hidden from, a route may well lead there.
    if (hops.some(({ isCrossing }) => isCrossing)) return;
    if (!this.directory.firewallsOf(network).some(({ name }) => name === end.at)) return;
    if (!this.book.isHidden(network, this.directory.homeOf(from), to.address.family)) return;
    const { last, line } = whoLetsIn(this.routing, stoppedAt, to);
    yield {
      statement: 'No route leads to a network that is hidden.',
      packet: `${describeEndpoint(from)} → ${describeEndpoint(to)} ${protocol}`,
      from,
      to,
      protocol,
      port,
      promised: `no route: ${network} is hidden`,
      found: `a route leads to ${end.at}, which drops the packet`,
      hops,
      device: last,
      line: line ?? end.line,
    };
  }

  /**
   * What is sent to a host and leaves the fabric instead has not got to the host, whom nobody outside has. But what is of a network
   * that the sender's own firewall is in must not leave: docs/devices.md.
   */
  #mayLeave(from: Endpoint, to: Endpoint, { allowed }: Expected): boolean {
    if (allowed || (to.kind === 'beyond' && !this.directory.isInside(to.address))) return false;
    return !this.directory.isBehindFirewallOf(this.directory.homeOf(from), to.address);
  }

  #statementOf(from: Endpoint, to: Endpoint, expected: Expected): string {
    if (expected.allowed) return 'What is promised arrives, is seen as promised, and is answered.';
    const home = this.directory.homeOf(from);
    if (to.kind === 'machine' && this.directory.firewallsOf(home).length > 0 && this.directory.homeOf(to) !== home) {
      return 'There is no path between two consumers, nor from a network that sees its consumers translated.';
    }
    return 'What is not promised does not arrive.';
  }
}

/** A switch answers ICMP at the links to routers of others that it is on, as every router does. */
const isAnswerOfSwitch = ({ found: { end }, protocol }: Judged): boolean =>
  end.kind === 'delivered' && end.at.isSwitch && protocol === 'icmp';

/** The line by which a firewall takes the route of a host behind it into another VRF. */
function whoLetsIn(
  routing: Routing,
  firewall: Box,
  { address }: Endpoint,
): { last: string; line: ConfigLine | undefined } {
  const routes = [...firewall.vrfs.values()].flatMap((vrf) => routing.bestFor(vrf, address.family, address.value));
  return { last: firewall.name, line: routes.find(({ through }) => through.includes(firewall))?.line };
}

/** Where packets of an endpoint start. */
export function originOf(routing: Routing, { kind, name, network, address }: Endpoint): Origin {
  if (kind === 'beyond') return { kind, network };
  const box = routing.boxes.get(name);
  if (box === undefined) throw new Error(`invariant: ${name} is no device`);
  // A firewall sends from the VRF that it has the address in.
  const vrf = [...box.vrfs.values()].find((one) => one.owns(address.family, address.value)) ?? box.underlay;
  return { kind: 'host', box, vrf };
}

function packetText({ protocol, port, found: { packet } }: Judged): string {
  if (protocol === 'icmp') return protocol;
  const { value } = packet.opener;
  const opener = value === OPENED_FROM ? '' : ` from port ${value}`;
  return `${protocol}/${port}${opener}${packet.bare ? ' without SYN' : ''}`;
}

/** Such as `blue-1 (10.128.4.1)`. */
export const describeEndpoint = ({ kind, name, address }: Endpoint): string =>
  `${kind === 'beyond' ? `beyond ${name}` : name} (${address.toString()})`;

function expectedText(from: Endpoint, { allowed, seenAs, via }: Expected): string {
  if (!allowed) return 'does not arrive';
  const seen = seenAs === 'original' ? from.address.toString() : (seenAs ?? '');
  return `arrives as ${seen}${via.length === 0 ? '' : ` through ${via.join(', ')}`} and is answered`;
}

function foundText(to: Endpoint, mayLeave: boolean, found: Judgement): string {
  if (found.arrives === 'never' || (mayLeave && found.end.kind === 'beyond')) return 'does not arrive';
  if (found.arrives === 'sometimes') return 'arrives on some of its ways, and not on others';
  const elsewhere = whereElse(to, found.end);
  if (elsewhere !== undefined) return `arrives at ${elsewhere}`;
  const through = firewallsIn(found, to);
  return [
    `arrives as ${found.seenAs?.toString() ?? 'one address or another'}`,
    through.length === 0 ? '' : ` through ${through.join(', ')}`,
    found.answered ? ' and is answered' : ', and the answer does not come back',
  ].join('');
}

/** Where a packet arrived, if that is not where it was sent to. */
export function whereElse(to: Endpoint, end: End): string | undefined {
  switch (end.kind) {
    case 'delivered':
      return end.at.name === to.name ? undefined : end.at.name;
    case 'beyond':
      return to.kind === 'beyond' && to.network === end.network ? undefined : `somebody beyond ${end.network}`;
    case 'dropped':
      return undefined;
  }
}

/** The firewalls that let it through, in order. */
export function firewallsIn({ hops, end }: Judgement, to: Endpoint): readonly string[] {
  const passed = hops.filter(({ isCrossing }) => isCrossing).map(({ device }) => device);
  return [...new Set(passed)].filter((name) => !(end.kind === 'delivered' && name === to.name));
}

/** The device and line that a difference turned on: what let through too much, or what stopped something. */
function turningPoint(
  { allowed }: Expected,
  { end, hops, backEnd, arrives }: Judgement,
): { readonly end: string; readonly line: ConfigLine | undefined } {
  if (end.kind === 'dropped') return { end: end.at, line: end.line };
  if (allowed && arrives === 'always' && backEnd?.kind === 'dropped') return { end: backEnd.at, line: backEnd.line };
  const decided = hops.filter(({ line }) => line !== undefined);
  const last = decided.filter(({ line }) => line?.file === 'nftables.conf').at(-1) ?? decided.at(-1);
  return { end: last?.device ?? '', line: last?.line };
}
