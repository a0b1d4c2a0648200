import { FAMILIES, type Family, type PortRange, type Prefix } from '../net';
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

/** What one network may open to another one: of all hosts alike, or undefined where they differ. */
type Cell = AllowedFlow | undefined;

function networksOf({ directory }: Reachability): readonly string[] {
  return directory.known.networks
    .filter(({ name, kind }) => kind === 'external' || directory.hostsOf(name).length > 0)
    .map(({ name }) => name);
}

function cellOf(reachability: Reachability, from: string, to: string, family: Family, told: readonly Prefix[]): Cell {
  const nothing: AllowedFlow = { from, to, family, services: [], seenAs: '' };
  const [one, other] = [tryAsk(reachability, from, told), tryAsk(reachability, to, told)];
  if (one === undefined || other === undefined) return nothing;
  const flows = pairsOf(one, other)
    .filter(([a, b]) => a.address.family === family && (a.kind !== 'beyond' || b.kind !== 'beyond'))
    .map(([a, b]) => flowOf(reachability, a, b));
  const [first] = flows;
  if (first === undefined) return nothing;
  const same = flows.every(
    ({ services, seenAs }) => printServices(services) === printServices(first.services) && seenAs === first.seenAs,
  );
  return same ? { ...nothing, ...first } : undefined;
}

/** Host by host, where hosts of one network are treated differently. */
function hostFlows(
  reachability: Reachability,
  from: string,
  to: string,
  family: Family,
  told: readonly Prefix[],
): readonly AllowedFlow[] {
  return everyEndpoint(reachability, from, told).flatMap((a) =>
    everyEndpoint(reachability, to, told)
      .filter((b) => a.name !== b.name && a.address.family === family && b.address.family === family)
      .map((b) => ({ from: nameOf(a), to: nameOf(b), family, ...flowOf(reachability, a, b) })),
  );
}

function everyEndpoint(reachability: Reachability, network: string, told: readonly Prefix[]): readonly Endpoint[] {
  const { directory } = reachability;
  if (directory.tryNetwork(network)?.kind === 'external') return tryAsk(reachability, network, told)?.endpoints ?? [];
  const machines = directory.hostsOf(network).filter(({ kind }) => kind === 'machine');
  return machines.flatMap(endpointsOf).filter((endpoint) => endpoint.network === network);
}

/** Beyond a network, addresses differ and have no names. */
const nameOf = ({ kind, name, address }: Endpoint): string =>
  kind === 'beyond' ? `${name} (${address.toString()})` : name;

function flowOf(reachability: Reachability, from: Endpoint, to: Endpoint): Pick<AllowedFlow, 'services' | 'seenAs'> {
  const allowed = [...verdicts(reachability, from, to, EVERYTHING)].filter((one) => one.allowed);
  const seen = allowed.map(({ sourceSeen = '' }) => (sourceSeen === from.address.toString() ? 'original' : sourceSeen));
  return { services: allowed.map(({ service }) => service), seenAs: [...new Set(seen)].join(', ') };
}

/** What is gained and lost from the one to the other, network by network; host by host where hosts of a network differ. */
export function compareFlows(before: Reachability, after: Reachability): readonly FlowChange[] {
  const names = [...new Set([...networksOf(before), ...networksOf(after)])];
  return names.flatMap((from) =>
    names.flatMap((to) =>
      FAMILIES.flatMap((family) => {
        const told = [before, after].flatMap((one) => [...one.promisedAbout(from), ...one.promisedAbout(to)]);
        const [was, is] = [cellOf(before, from, to, family, told), cellOf(after, from, to, family, told)];
        if (was !== undefined && is !== undefined) return compareFlow(was, is);
        const [old, fresh] = [before, after].map(
          (one) => new Map(hostFlows(one, from, to, family, told).map((flow) => [`${flow.from} ${flow.to}`, flow])),
        );
        const keys = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])];
        return keys.flatMap((key) => {
          const [one, other] = [old?.get(key), fresh?.get(key)];
          const known = one ?? other;
          if (known === undefined) return [];
          const nothing: AllowedFlow = { ...known, services: [], seenAs: '' };
          return compareFlow(one ?? nothing, other ?? nothing);
        });
      }),
    ),
  );
}

function compareFlow(was: AllowedFlow, is: AllowedFlow): readonly FlowChange[] {
  const { from, to, family } = was;
  const gained = printServices(without(is.services, was.services));
  const lost = printServices(without(was.services, is.services));
  const isBoth = was.services.length > 0 && is.services.length > 0;
  const seenAs = isBoth && was.seenAs !== is.seenAs ? { before: was.seenAs, after: is.seenAs } : undefined;
  return gained === '' && lost === '' && seenAs === undefined ? [] : [{ from, to, family, gained, lost, seenAs }];
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
