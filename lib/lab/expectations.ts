import { Prefix } from '../net';
import type { Manifest } from '../manifest';
import type { Endpoint } from './endpoints';

export type Protocol = 'icmp' | 'tcp' | 'udp';
type Promised = Manifest['promises'][number];

/** One flow, and what the fabric promises of it. */
export interface Expectation {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  /** Of tcp and udp; 0 for icmp. */
  readonly port: number;
  readonly allowed: boolean;
  /** The address that the far side sees; undefined where nothing arrives. */
  readonly seenAs: string | undefined;
  readonly via: string | undefined;
  readonly because: string;
}

/** A port that no promise names, unless one does. */
export const ANY_PORT = 7777;

/**
 * Every flow between two hosts that is worth a try, with what is promised: all pairs, both families, all protocols, the ports
 * at both ends of each promised range and the one after it. What no promise names is denied.
 */
export function expectationsOf(promises: readonly Promised[], endpoints: readonly Endpoint[]): readonly Expectation[] {
  const index = indexOf(promises);
  return endpoints
    .filter(({ kind }) => kind !== 'firewall')
    .flatMap((from) => {
      // Only promises of this source are looked at, for each of its destinations.
      const own = index.filter(({ from: party }) => covers(party, from));
      return endpoints
        .filter((to) => to.family === from.family && isPair(from, to))
        .flatMap((to) => {
          const relevant = own
            .filter(({ to: party }) => covers(party, to))
            .sort((a, b) => rankOf(b, to) - rankOf(a, to));
          return flowsOf(relevant).map(({ protocol, port }) => expectationOf(from, to, protocol, port, relevant));
        });
    });
}

const isPair = (from: Endpoint, to: Endpoint): boolean =>
  from.name !== to.name && !(from.kind === 'beyond' && to.kind === 'beyond');

interface Party {
  readonly kind: Promised['from']['kind'];
  readonly name: string;
  readonly prefixes: readonly Prefix[];
}

interface Indexed {
  readonly promise: Promised;
  readonly from: Party;
  readonly to: Party;
}

function indexOf(promises: readonly Promised[]): readonly Indexed[] {
  const party = ({ kind, name, prefixes }: Promised['from']): Party => ({
    kind,
    name,
    prefixes: prefixes.map((text) => Prefix.parse(text.includes('/') ? text : hostPrefix(text))),
  });
  return promises.map((promise) => ({ promise, from: party(promise.from), to: party(promise.to) }));
}

const hostPrefix = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** Whether a party of a promise means this endpoint. A network means its machines; its firewalls are hosts of their own. */
function covers({ kind, name, prefixes }: Party, endpoint: Endpoint): boolean {
  const holds = (): boolean => prefixes.some((prefix) => prefix.holds(endpoint.address));
  switch (kind) {
    case 'anything-else':
      return true;
    case 'host':
      return holds();
    case 'firewalls':
      return endpoint.kind === 'firewall' && endpoint.network === name && holds();
    case 'network':
      return endpoint.kind === 'machine' && endpoint.network === name && holds();
    case 'beyond':
      return endpoint.kind === 'beyond' && endpoint.network === name && holds();
  }
}

/** The promise that says most exactly what is meant decides. */
function rankOf({ promise, from, to }: Indexed, endpoint: Endpoint): number {
  const kinds: readonly Party['kind'][] = ['anything-else', 'network', 'beyond', 'firewalls', 'host'];
  const length = Math.max(0, ...to.prefixes.filter((one) => one.holds(endpoint.address)).map((one) => one.length));
  // A firewall's own addresses are not among "the other firewalls".
  const own = to.kind === 'firewalls' && isInTheWay(promise, endpoint) ? -10_000 : 0;
  return own + 1000 * kinds.indexOf(to.kind) + 4 * length + kinds.indexOf(from.kind);
}

/** The firewalls that a packet passes are not among "the other firewalls". */
const isInTheWay = ({ via }: Promised, { name }: Endpoint): boolean => via?.split(', ').includes(name) === true;

function flowsOf(relevant: readonly Indexed[]): readonly { readonly protocol: Protocol; readonly port: number }[] {
  const ports = (protocol: 'tcp' | 'udp'): readonly number[] => {
    const named = relevant
      .filter(({ promise }) => promise.protocol === protocol)
      .flatMap(({ promise }) => promise.ports)
      .flatMap(edgesOf);
    return [...new Set([ANY_PORT, ...named])];
  };
  return [
    { protocol: 'icmp', port: 0 },
    ...ports('tcp').map((port) => ({ protocol: 'tcp' as const, port })),
    ...ports('udp').map((port) => ({ protocol: 'udp' as const, port })),
  ];
}

function edgesOf(range: string): readonly number[] {
  const [first = 0, last = first] = range.split('-').map(Number);
  return [first, last, last + 1].filter((port) => port <= 65_535);
}

function expectationOf(
  from: Endpoint,
  to: Endpoint,
  protocol: Protocol,
  port: number,
  relevant: readonly Indexed[],
): Expectation {
  const flow = { from, to, protocol, port };
  const decides = relevant.find((one) => isAbout(one, protocol, port, to));
  if (decides === undefined) {
    return { ...flow, allowed: false, seenAs: undefined, via: undefined, because: 'nothing is promised' };
  }
  const { verdict, seenAs, via, because } = decides.promise;
  const seen = seenAs === 'original' ? from.address.toString() : (seenAs ?? undefined);
  return { ...flow, allowed: verdict === 'allowed', seenAs: seen, via: via ?? undefined, because };
}

function isAbout({ promise, to: party }: Indexed, protocol: Protocol, port: number, to: Endpoint): boolean {
  if (party.kind === 'firewalls' && isInTheWay(promise, to)) return false;
  if (promise.protocol !== 'any' && promise.protocol !== protocol) return false;
  return promise.ports.length === 0 || promise.ports.some((range) => holdsPort(range, port));
}

function holdsPort(range: string, port: number): boolean {
  const [first = 0, last = first] = range.split('-').map(Number);
  return first <= port && port <= last;
}
