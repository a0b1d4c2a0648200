import { type Address, type Family, type PortRange, Prefix } from '../net';
import { groupBy } from '../model';
import type { Party, Promise } from './promise';

/** Somebody who takes part in flows, by one address. */
export interface Endpoint {
  readonly kind: 'machine' | 'firewall' | 'beyond';
  /** The host; of what lies beyond a network, the network's name. */
  readonly name: string;
  /** The network the address is of; of what lies beyond, the network that leads there. */
  readonly network: string;
  readonly address: Address;
}

/** What is promised of one flow. */
export interface Expected {
  readonly allowed: boolean;
  /** The source that the far side sees: `original`, an address; undefined where nothing arrives. */
  readonly seenAs: string | undefined;
  /** The firewalls in the way, in order. */
  readonly via: readonly string[];
  readonly because: string;
}

const NOTHING_PROMISED: Expected = { allowed: false, seenAs: undefined, via: [], because: 'nothing is promised' };

interface ReadParty extends Omit<Party, 'prefixes'> {
  readonly prefixes: readonly Prefix[];
}

interface Entry {
  readonly promise: Promise;
  readonly from: ReadParty;
  readonly to: ReadParty;
  readonly ports: readonly PortRange[];
}

/** The promises of a fabric, to be asked of single flows. The promise that says most exactly what is meant decides. */
export class PromiseBook {
  /** By the name of who sends, then by whom it may be about. */
  readonly #bySides: ReadonlyMap<string, ReadonlyMap<string, readonly Entry[]>>;

  public constructor(promises: readonly Promise[]) {
    const read = (party: Party): ReadParty => ({ ...party, prefixes: party.prefixes.map(readPrefix) });
    const entries = promises.map((promise): Entry => ({
      promise,
      from: read(promise.from),
      to: read(promise.to),
      ports: promise.ports.map(readRange),
    }));
    this.#bySides = new Map(
      [...groupBy(entries, ({ from }) => from.name)].map(([name, own]) => [name, groupBy(own, ({ to }) => sideOf(to))]),
    );
  }

  /** Every prefix that a promise names. */
  public get prefixes(): readonly Prefix[] {
    const entries = [...this.#bySides.values()].flatMap((sides) => [...sides.values()].flat());
    return entries.flatMap(({ from, to }) => [...from.prefixes, ...to.prefixes]);
  }

  /** Whether hosts of the one network are promised to be seen by the other one translated, and in no other way. */
  public isHidden(network: string, from: string, family: Family): boolean {
    const sides = this.#bySides.get(network);
    const seen = [...(sides?.get(`network ${from}`) ?? []), ...(sides?.get(`beyond ${from}`) ?? [])].filter(
      ({ promise }) => promise.family === family && promise.verdict === 'allowed',
    );
    return (
      seen.length > 0 &&
      seen.every(({ promise }) => promise.seenAs !== 'original' && promise.via?.includes(', ') !== true)
    );
  }

  /** What is promised between the two. */
  public between(from: Endpoint, to: Endpoint): FlowPromises {
    const sides = ['anything-else', `host ${to.address.toString()}`, ...KINDS.map((kind) => `${kind} ${to.network}`)];
    const names = from.name === from.network ? [from.name] : [from.name, from.network];
    const relevant = names
      .flatMap((name) => sides.flatMap((side) => this.#bySides.get(name)?.get(side) ?? []))
      .filter((entry) => covers(entry.from, from) && covers(entry.to, to))
      .sort((a, b) => rankOf(b, to) - rankOf(a, to));
    return new FlowPromises(relevant, to);
  }
}

/** The promises about two endpoints, the one that decides first. */
export class FlowPromises {
  public constructor(
    private readonly entries: readonly Entry[],
    private readonly to: Endpoint,
  ) {}

  /** Whether anything is promised to arrive. */
  public get opens(): boolean {
    return this.entries.some(({ promise }) => promise.verdict === 'allowed');
  }

  /** Whether the same promises decide in both. */
  public areSame({ entries }: FlowPromises): boolean {
    return this.entries.length === entries.length && this.entries.every((entry, index) => entry === entries[index]);
  }

  public expect(protocol: 'icmp' | 'tcp' | 'udp', port: number): Expected {
    const { to } = this;
    const found = this.entries.find(
      ({ promise, ports }) =>
        !(promise.to.kind === 'firewalls' && promise.via?.split(', ').includes(to.name) === true) &&
        (promise.protocol === 'any' || promise.protocol === protocol) &&
        (ports.length === 0 || ports.some(({ first, last }) => first <= port && port <= last)),
    );
    if (found === undefined) return NOTHING_PROMISED;
    const { verdict, seenAs, via, because } = found.promise;
    return { allowed: verdict === 'allowed', seenAs, via: via?.split(', ') ?? [], because };
  }

  /** The ports at which what is promised may change: the first of each range, and the one behind it. */
  public edges(protocol: 'tcp' | 'udp'): readonly number[] {
    return this.entries
      .filter(({ promise }) => promise.protocol === protocol)
      .flatMap(({ ports }) => ports.flatMap(({ first, last }) => [first, last + 1]));
  }
}

/** Where a party is found: hosts by their address, of which each has one. */
function sideOf({ kind, name, prefixes }: ReadParty): string {
  if (kind === 'anything-else') return kind;
  return kind === 'host' ? `host ${prefixes[0]?.first.toString() ?? ''}` : `${kind} ${name}`;
}

/** A prefix, or a single address, as promises write them. */
export const readPrefix = (text: string): Prefix =>
  Prefix.parse(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);

function readRange(text: string): PortRange {
  const [first = 0, last = first] = text.split('-').map(Number);
  return { first, last };
}

/** Whether a party means this endpoint. A network means its machines; its firewalls are hosts of their own. */
function covers({ kind, name, prefixes }: ReadParty, endpoint: Endpoint): boolean {
  if (kind === 'anything-else') return true;
  if (kind !== 'host' && (endpoint.kind !== MEANT[kind] || endpoint.network !== name)) return false;
  return prefixes.some((prefix) => prefix.holds(endpoint.address));
}

/** The endpoints of a network that a party means. */
const MEANT = { network: 'machine', firewalls: 'firewall', beyond: 'beyond' } as const;

const KINDS: readonly Party['kind'][] = ['anything-else', 'network', 'beyond', 'firewalls', 'host'];

function rankOf({ from, to }: Entry, { address }: Endpoint): number {
  const length = Math.max(0, ...to.prefixes.filter((one) => one.holds(address)).map((one) => one.length));
  return 1000 * KINDS.indexOf(to.kind) + 4 * length + KINDS.indexOf(from.kind);
}
