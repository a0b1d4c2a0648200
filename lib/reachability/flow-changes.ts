import { FAMILIES, type Family, type PortRange } from '../net';
import type { Endpoint } from '../promises';
import { EVERYTHING, pairsOf, printServices, type Service, tryAsk, verdicts } from './ask';
import { endpointsOf } from './classes';
import type { Reachability } from './prove';

/** What may be opened from one network to another one in one address family, or from one host to another where hosts differ. */
export interface AllowedFlow {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
  readonly services: readonly Service[];
  /** `original`, or the addresses that the far side sees. */
  readonly seenAs: string;
}

/** How what may be opened changes between two fabrics. */
export interface FlowChange {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
  /** Such as `tcp/443`; empty for nothing. */
  readonly gained: string;
  readonly lost: string;
  /** The source seen, before and after; undefined where that stays, or nothing is left. */
  readonly seenAs: { readonly before: string; readonly after: string } | undefined;
}

/** Everything that may be opened, by its ends. */
export function allowedFlows(reachability: Reachability): ReadonlyMap<string, AllowedFlow> {
  const { directory } = reachability;
  const names = directory.known.networks
    .filter(({ name, kind }) => kind === 'external' || directory.hostsOf(name).length > 0)
    .map(({ name }) => name);
  const flows = new Map<string, AllowedFlow>();
  for (const from of names) {
    for (const to of names) {
      for (const flow of between(reachability, from, to)) flows.set(`${flow.from} ${flow.to} ${flow.family}`, flow);
    }
  }
  return flows;
}

function* between(reachability: Reachability, from: string, to: string): Generator<AllowedFlow> {
  const [one, other] = [tryAsk(reachability, from), tryAsk(reachability, to)];
  if (one === undefined || other === undefined) return;
  const pairs = pairsOf(one, other).filter(([a, b]) => a.kind !== 'beyond' || b.kind !== 'beyond');
  for (const family of FAMILIES) {
    const own = pairs
      .filter(([{ address }]) => address.family === family)
      .map(([a, b]) => ({ a, b, ...flowOf(reachability, a, b) }));
    const [first] = own;
    if (first === undefined || own.every(({ services }) => services.length === 0)) continue;
    const same = own.every(({ services }) => printServices(services) === printServices(first.services));
    if (same) yield { from, to, family, services: first.services, seenAs: first.seenAs };
    else yield* byHost(reachability, from, to, family);
  }
}

/** Host by host, where hosts of one network are treated differently. */
function* byHost(reachability: Reachability, from: string, to: string, family: Family): Generator<AllowedFlow> {
  for (const a of everyEndpoint(reachability, from)) {
    for (const b of everyEndpoint(reachability, to)) {
      if (a.name === b.name || a.address.family !== family || b.address.family !== family) continue;
      const flow = flowOf(reachability, a, b);
      if (flow.services.length > 0) yield { from: a.name, to: b.name, family, ...flow };
    }
  }
}

function everyEndpoint(reachability: Reachability, network: string): readonly Endpoint[] {
  const { directory } = reachability;
  if (directory.tryNetwork(network)?.kind === 'external') return tryAsk(reachability, network)?.endpoints ?? [];
  const machines = directory.hostsOf(network).filter(({ kind }) => kind === 'machine');
  return machines.flatMap(endpointsOf).filter((endpoint) => endpoint.network === network);
}

function flowOf(reachability: Reachability, from: Endpoint, to: Endpoint): Pick<AllowedFlow, 'services' | 'seenAs'> {
  const allowed = [...verdicts(reachability, from, to, EVERYTHING)].filter((one) => one.allowed);
  const seen = allowed.map(({ sourceSeen = '' }) => (sourceSeen === from.address.toString() ? 'original' : sourceSeen));
  return { services: allowed.map(({ service }) => service), seenAs: [...new Set(seen)].join(', ') };
}

/** What is gained and lost from the one to the other, in the order of the first one. */
export function compareFlows(before: Reachability, after: Reachability): readonly FlowChange[] {
  const [old, fresh] = [allowedFlows(before), allowedFlows(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): readonly FlowChange[] => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const { from, to, family } = was ?? is ?? { from: '', to: '', family: 'ipv4' };
    const gained = printServices(without(is?.services ?? [], was?.services ?? []));
    const lost = printServices(without(was?.services ?? [], is?.services ?? []));
    const seenAs =
      was === undefined || is === undefined || was.seenAs === is.seenAs
        ? undefined
        : { before: was.seenAs, after: is.seenAs };
    return gained === '' && lost === '' && seenAs === undefined ? [] : [{ from, to, family, gained, lost, seenAs }];
  });
}

/** The services of the first list that are not in the second one. */
function without(services: readonly Service[], others: readonly Service[]): readonly Service[] {
  return services.flatMap(({ protocol, ports }) => {
    let rest: readonly PortRange[] = [ports];
    for (const other of others) {
      if (other.protocol === protocol) rest = rest.flatMap((range) => cut(range, other.ports));
    }
    return rest.map((range): Service => ({ protocol, ports: range }));
  });
}

function cut(range: PortRange, away: PortRange): readonly PortRange[] {
  if (away.last < range.first || away.first > range.last) return [range];
  return [
    ...(range.first < away.first ? [{ first: range.first, last: away.first - 1 }] : []),
    ...(range.last > away.last ? [{ first: away.last + 1, last: range.last }] : []),
  ];
}
