import { type PortRange, Prefix } from '../net';
import { type Flow, type Protocol, ofFamily } from '../model';
import type { Relation } from './relation';

/** Packets that a firewall lets open a connection. */
export interface Passage {
  readonly relation: Relation;
  /** `to`: from the primary network to the connected one; `from`: the other way. */
  readonly direction: 'to' | 'from';
  readonly sources: readonly Prefix[];
  readonly destinations: readonly Prefix[];
  /** Undefined: every protocol. */
  readonly protocol: Protocol | undefined;
  /** Of tcp and udp; empty: every port. */
  readonly ports: readonly PortRange[];
  readonly comment: string | undefined;
}

/** By relation: who promises and who filters ask for the same. */
const passages = new WeakMap<Relation, readonly Passage[]>();

/** What the firewall lets through in this relation: the default, or what `allow` leaves of it. */
export function passagesOf(relation: Relation): readonly Passage[] {
  const known = passages.get(relation) ?? makePassages(relation);
  passages.set(relation, known);
  return known;
}

function makePassages(relation: Relation): readonly Passage[] {
  const { allow } = relation.connection.declared;
  const defaults = defaultPassages(relation);
  if (allow === undefined) return defaults;
  return allow.flatMap((flow) => defaults.flatMap((passage) => tryNarrow(passage, flow) ?? []));
}

function defaultPassages(relation: Relation): readonly Passage[] {
  const { near, far, callers, lent } = relation;
  const open = { relation, protocol: undefined, ports: [], comment: undefined };
  const outward: Passage = {
    ...open,
    direction: 'to',
    sources: merge([...near, ...lent.map(({ host }) => host)]),
    destinations: merge(far),
  };
  return callers.length === 0
    ? [outward]
    : [outward, { ...open, direction: 'from', sources: callers, destinations: near }];
}

function tryNarrow(passage: Passage, flow: Flow): Passage | undefined {
  if (flow.direction !== passage.direction) return undefined;
  const named = farSideOf(flow, passage.relation);
  const far = intersection(passage.direction === 'to' ? passage.destinations : passage.sources, named);
  if (far.length === 0) return undefined;
  return {
    ...passage,
    ...(passage.direction === 'to' ? { destinations: far } : { sources: far }),
    protocol: flow.protocol,
    ports: flow.ports,
    comment: flow.comment,
  };
}

const farSideOf = ({ prefix }: Flow, { connection, family }: Relation): readonly Prefix[] =>
  ofFamily(prefix === undefined ? connection.network.prefixes : [prefix], family);

/** The addresses in both lists, as prefixes that do not overlap. */
export function intersection(a: readonly Prefix[], b: readonly Prefix[]): readonly Prefix[] {
  return merge(a.flatMap((one) => b.flatMap((other) => overlap(one, other) ?? [])));
}

function overlap(a: Prefix, b: Prefix): Prefix | undefined {
  if (a.contains(b)) return b;
  return b.contains(a) ? a : undefined;
}

/** The same addresses in order, without prefixes that lie in another one: nftables refuses overlapping set elements. */
export function merge(prefixes: readonly Prefix[]): readonly Prefix[] {
  if (prefixes.length < 2) return prefixes;
  const merged: Prefix[] = [];
  for (const prefix of [...prefixes].sort(Prefix.compare)) {
    if (merged.at(-1)?.contains(prefix) !== true) merged.push(prefix);
  }
  return merged;
}
