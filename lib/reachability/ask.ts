import { type Address, type Family, FAMILIES, type PortRange, PORT_RANGE, type Prefix, printPortRange } from '../net';
import type { Endpoint } from '../promises';
import { endpointsOf } from './classes';
import { type ConfigLine, printConfigLine } from './config-line';
import { type Judgement, judge } from './judge';
import { type Directory, outsideOf } from './known';
import { type Protocol, PROTOCOLS, runsAlike } from './packet';
import { describeEndpoint, firewallsIn, Followed, originOf, whereElse } from './proof';
import type { Reachability } from './prove';
import type { Hop } from './walk';

/** A protocol, and the ports of it that are meant. */
export interface Service {
  readonly protocol: Protocol;
  /** Of tcp and udp. */
  readonly ports: PortRange;
}

/** What becomes of packets from one address to another one, and why. */
export interface Verdict {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly service: Service;
  /** Whether they arrive, whichever way they take, and are answered. */
  readonly allowed: boolean;
  /** Whether none arrives at all: what is neither allowed nor blocked depends on the way, or gets no answer. */
  readonly blocked: boolean;
  /** The source that the far side sees; undefined where nothing arrives. */
  readonly sourceSeen: string | undefined;
  /** The firewalls on the way, in order. */
  readonly via: readonly string[];
  readonly path: readonly Hop[];
  /** The way of the answer; empty where nothing arrives. */
  readonly back: readonly Hop[];
  /** One sentence. */
  readonly reason: string;
  /** The line that decided; undefined where no line did. */
  readonly line: ConfigLine | undefined;
}

/** Every protocol and port. */
export const EVERYTHING: readonly Service[] = PROTOCOLS.map((protocol) => ({
  protocol,
  ports: protocol === 'icmp' ? { first: 0, last: 0 } : PORT_RANGE,
}));

/** All ports of a protocol unless some are given; everything unless a protocol is. */
export function servicesOf(protocol: Protocol | undefined, ports: PortRange | undefined): readonly Service[] {
  if (protocol === undefined) return EVERYTHING;
  return [{ protocol, ports: protocol === 'icmp' ? { first: 0, last: 0 } : (ports ?? PORT_RANGE) }];
}

export function printService({ protocol, ports }: Service): string {
  if (protocol === 'icmp') return protocol;
  return ports.first === PORT_RANGE.first && ports.last === PORT_RANGE.last
    ? protocol
    : `${protocol}/${printPortRange(ports)}`;
}

/** One verdict for each run of ports that are treated alike. */
export function* verdicts(
  { routing }: Reachability,
  from: Endpoint,
  to: Endpoint,
  services: readonly Service[],
): Generator<Verdict> {
  const origin = originOf(routing, from);
  for (const { protocol, ports } of services) {
    const follow = (port: number): Followed =>
      new Followed([judge(routing, { origin, source: from.address, destination: to.address, protocol, port })]);
    for (const { run, alike } of runsAlike([], ports, follow)) {
      for (const found of alike.findings) yield verdictOf(found, from, to, { protocol, ports: run });
    }
  }
}

function verdictOf(found: Judgement, from: Endpoint, to: Endpoint, service: Service): Verdict {
  const { arrives, answered, end, seenAs, hops, back } = found;
  const there = end.kind !== 'dropped' && whereElse(to, end) === undefined;
  const allowed = arrives === 'always' && answered && there;
  return {
    from,
    to,
    service,
    allowed,
    blocked: arrives === 'never' || !there,
    sourceSeen: there ? seenAs?.toString() : undefined,
    via: firewallsIn(found, to),
    path: hops,
    back: there ? back : [],
    ...reasonOf(found, to, there),
  };
}

function reasonOf(
  { arrives, answered, end, backEnd, hops, seenAs, packet }: Judgement,
  to: Endpoint,
  there: boolean,
): Pick<Verdict, 'reason' | 'line'> {
  if (end.kind === 'dropped') return { reason: `${end.at}: ${end.why}`, line: end.line };
  const line = hops.filter((hop) => hop.line?.file === 'nftables.conf').at(-1)?.line ?? hops.at(-1)?.line;
  if (!there) {
    const address = to.address.toString();
    return end.kind === 'beyond' && to.kind !== 'beyond'
      ? { reason: `it leaves the fabric by ${end.network}, where nobody has ${address}`, line }
      : { reason: `it arrives at ${whereElse(to, end) ?? ''} instead`, line };
  }
  if (arrives === 'sometimes') return { reason: 'it arrives on some of its ways, and not on others', line };
  if (!answered) {
    const why = backEnd?.kind === 'dropped' ? `${backEnd.at}: ${backEnd.why}` : 'it goes elsewhere';
    return {
      reason: `it arrives, and the answer does not come back: ${why}`,
      line: backEnd?.kind === 'dropped' ? backEnd.line : line,
    };
  }
  const translated = seenAs !== undefined && seenAs.value !== packet.source.value;
  return {
    reason: translated ? `it arrives as ${seenAs.toString()}, and is answered` : 'it arrives, and is answered',
    line,
  };
}

/** A question's end: a host, a network, or a single address beyond one. */
export interface Asked {
  /** What it is called. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The hosts of a network that stand for all of them, or what lies beyond it; or the host. Undefined for no such thing.
 * @param told prefixes beyond networks that are told apart
 */
export function tryAsk(reachability: Reachability, name: string, told: readonly Prefix[] = []): Asked | undefined {
  const { directory } = reachability;
  const host = directory.tryHost(name);
  if (host !== undefined) return { name, endpoints: endpointsOf(host) };
  const network = directory.tryNetwork(name);
  if (network === undefined) return undefined;
  if (network.kind === 'external') return { name, endpoints: outsideOf(directory, network, told) };
  const unit = reachability.tryUnit(name);
  const hosts = (unit?.machines ?? []).flatMap(({ members }) => members.slice(0, 2));
  return { name, endpoints: hosts.flatMap(endpointsOf).filter((endpoint) => endpoint.network === name) };
}

/** Both ends of a question. Beyond a network, addresses are told apart that promises about the other end name. */
export function tryAskBoth(reachability: Reachability, from: string, to: string): readonly [Asked, Asked] | undefined {
  const one = tryAsk(reachability, from, reachability.promisedAbout(to));
  const other = tryAsk(reachability, to, reachability.promisedAbout(from));
  return one === undefined || other === undefined ? undefined : [one, other];
}

/**
 * The endpoint of an address: of a host, or of what lies beyond the network that leads there from the other end. Undefined where
 * nobody has it, neither in the fabric nor beyond it.
 * @param from the other end; undefined if the address is the one that sends
 */
export function tryEndpointAt({ directory }: Reachability, address: Address, from?: Endpoint): Endpoint | undefined {
  const host = directory.tryEndpointAt(address);
  if (host !== undefined || directory.isInside(address)) return host;
  const leading = directory.externals
    .flatMap(({ name, destinations }) => destinations.map((prefix) => ({ name, prefix })))
    .filter(({ prefix }) => prefix.holds(address))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const way = from === undefined ? undefined : directory.tryWayOut(directory.homeOf(from), address);
  const network = way ?? leading[0]?.name;
  return network === undefined ? undefined : { kind: 'beyond', name: network, network, address };
}

/** Pairs of the two that can speak at all: of one family, and not the same host. */
export function pairsOf(from: Asked, to: Asked): readonly (readonly [Endpoint, Endpoint])[] {
  return from.endpoints.flatMap((one) =>
    to.endpoints
      .filter(({ address, name }) => address.family === one.address.family && name !== one.name)
      .map((other) => [one, other] as const),
  );
}

/** What one network may open to another one. */
export interface MatrixCell {
  readonly from: string;
  readonly to: string;
  readonly families: Readonly<Partial<Record<Family, CellOfFamily>>>;
}

export interface CellOfFamily {
  /** Such as `all`, `icmp tcp/80,443`; `in part` where hosts or addresses differ; empty for nothing. */
  readonly allowed: string;
  /** `original`, an address, or empty. */
  readonly seenAs: string;
}

/**
 * Who may open what to whom, network by network; external networks stand for what lies beyond them. Cells in which nothing is
 * allowed are left out. Networks that nothing tells apart are computed once.
 */
export function* matrixCells(reachability: Reachability): Generator<MatrixCell> {
  const { directory, classes } = reachability;
  const classOf = new Map(classes.flatMap((one) => one.members.map(({ network }) => [network, one] as const)));
  const names = directory.known.networks
    .filter(({ name, kind }) => kind === 'external' || directory.hostsOf(name).length > 0)
    .map(({ name }) => name);
  const known = new Map<string, MatrixCell['families']>();
  const numbers = new Map([...new Set(classOf.values())].map((one, index) => [one, `${index}`]));
  const keyOf = (name: string): string => {
    const own = classOf.get(name);
    return own === undefined ? name : (numbers.get(own) ?? name);
  };
  for (const from of names) {
    for (const to of names) {
      const key = `${keyOf(from)} ${keyOf(to)} ${from === to}`;
      const there = known.get(key);
      const families = there ?? familiesOf(reachability, from, to);
      known.set(key, families);
      if (Object.values(families).every(({ allowed }) => allowed === '')) continue;
      // Networks that are alike are seen as different addresses all the same.
      yield { from, to, families: there === undefined ? families : ownAddresses(reachability, from, to, families) };
    }
  }
}

function ownAddresses(
  reachability: Reachability,
  from: string,
  to: string,
  families: MatrixCell['families'],
): MatrixCell['families'] {
  const both = tryAskBoth(reachability, from, to);
  if (both === undefined) return families;
  const pairs = pairsOf(...both);
  return Object.fromEntries(
    Object.entries(families).map(([family, cell]) => {
      const pair = pairs.find(([{ address }]) => address.family === family);
      if (cell.seenAs === '' || cell.seenAs === 'original' || pair === undefined) return [family, cell] as const;
      const allowed = [...verdicts(reachability, ...pair, EVERYTHING)].find((verdict) => verdict.allowed);
      return [family, { ...cell, seenAs: allowed?.sourceSeen ?? cell.seenAs }] as const;
    }),
  );
}

function familiesOf(reachability: Reachability, from: string, to: string): MatrixCell['families'] {
  const both = tryAskBoth(reachability, from, to);
  if (both === undefined) return {};
  const pairs = pairsOf(...both).filter(([a, b]) => a.kind !== 'beyond' || b.kind !== 'beyond');
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const own = pairs.filter(([{ address }]) => address.family === family);
      if (own.length === 0) return [];
      const cells = own.map(([a, b]) => cellOf(reachability, a, b));
      const [first] = cells;
      const same = cells.every(({ allowed }) => allowed === first?.allowed);
      return [[family, same && first !== undefined ? first : { allowed: 'in part', seenAs: '' }] as const];
    }),
  );
}

function cellOf(reachability: Reachability, from: Endpoint, to: Endpoint): CellOfFamily {
  const allowed = [...verdicts(reachability, from, to, EVERYTHING)].filter((one) => one.allowed);
  const seen = new Set(
    allowed.map(({ sourceSeen }) => (sourceSeen === from.address.toString() ? 'original' : (sourceSeen ?? ''))),
  );
  return { allowed: printServices(allowed.map(({ service }) => service)), seenAs: [...seen].join(', ') };
}

/** Such as `all`, `icmp tcp/80,443 udp`; empty for none. Runs of ports that touch are one. */
export function printServices(services: readonly Service[]): string {
  const texts = PROTOCOLS.flatMap((protocol) => {
    const runs = services
      .filter((service) => service.protocol === protocol)
      .map(({ ports }) => ports)
      .reduce<readonly PortRange[]>((all, range) => {
        const last = all.at(-1);
        return last?.last === range.first - 1
          ? [...all.slice(0, -1), { first: last.first, last: range.last }]
          : [...all, range];
      }, []);
    if (runs.length === 0) return [];
    const [only, ...more] = runs;
    if (only !== undefined && more.length === 0) return [printService({ protocol, ports: only })];
    return [`${protocol}/${runs.map(printPortRange).join(',')}`];
  });
  return texts.join(' ') === PROTOCOLS.join(' ') ? 'all' : texts.join(' ');
}

/** A verdict as a network engineer reads it. */
export function printVerdict(verdict: Verdict, { known }: Directory): string {
  const { from, to, service, allowed, blocked, sourceSeen, path, back, reason, line } = verdict;
  const word = allowed ? 'allowed' : blocked ? 'denied' : 'broken';
  const seen = sourceSeen === undefined || sourceSeen === from.address.toString() ? '' : `, seen as ${sourceSeen}`;
  const text = [
    `${describeEndpoint(from)} → ${describeEndpoint(to)} ${printService(service)}: ${word}${seen}`,
    `  because  ${reason}`,
    ...(line === undefined ? [] : [`  decided  ${printConfigLine(line)}`]),
    ...section('there', path),
    ...section('back', back),
  ].join('\n');
  // Interfaces are called by VNIs, of which nobody knows the names by heart.
  const vnis = new Set([...text.matchAll(/\b(?:vrf|vlan)(\d+)/g)].map(([, vni]) => Number(vni)));
  const named = known.networks.filter(({ vni }) => vnis.has(vni)).map(({ name, vni }) => `vrf${vni} is ${name}`);
  return named.length === 0 ? text : `${text}\n  ${'where'.padEnd(7)}  ${named.join(', ')}`;
}

const section = (title: string, hops: readonly Hop[]): readonly string[] =>
  hops.map((hop, index) => {
    const head = index === 0 ? title.padEnd(7) : '       ';
    const line = hop.line === undefined ? '' : `\n             ${hop.line.file}: ${hop.line.line}`;
    return `  ${head}  ${hop.device} ${hop.does}${line}`;
  });
