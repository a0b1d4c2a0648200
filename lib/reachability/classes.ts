import { Address, type Family, Prefix } from '../net';
import { groupBy } from '../model';
import type { Endpoint, Party, Promise } from '../promises';
import {
  type Digest,
  digestFirewall,
  digestMachine,
  digestRest,
  mark,
  MARK,
  MARKED,
  type Marked,
  type SharedDigest,
} from './digest';
import type { Directory, KnownHost } from './known';
import { PrefixIndex } from './prefix-index';
import type { Selection } from './proof';
import type { Routing } from './routing';

/** Hosts that nothing tells apart but their own addresses and numbers. */
export interface HostClass {
  readonly members: readonly KnownHost[];
}

/** Networks that nothing tells apart: their hosts, firewalls and promises are alike. */
export interface NetworkClass {
  readonly members: readonly NetworkUnit[];
}

/** A network with what is in it. */
export interface NetworkUnit {
  readonly network: string;
  readonly machines: readonly HostClass[];
  readonly firewalls: readonly KnownHost[];
}

/**
 * Puts alike what the devices and promises treat alike. Equal are two hosts if all that is configured on them, and for them on
 * their leaves, is equal but for numbers and addresses that nobody else mentions; these must stand at the same places, and lie in
 * the same prefixes of others. So what was found out of one holds for all, and what is configured differently is looked at by
 * itself.
 */
export function classify(
  routing: Routing,
  directory: Directory,
  promises: readonly Promise[],
): readonly NetworkClass[] {
  const parts = directory.known.hosts.flatMap((host): readonly Part[] => {
    const box = routing.boxes.get(host.name);
    if (box === undefined) return [];
    const marked: Marked = { prefixes: [] };
    const digest = host.kind === 'machine' ? digestMachine(routing, box, marked) : digestFirewall(routing, box, marked);
    return [
      {
        host,
        digest: [
          digest,
          {
            set: host.addresses.map(
              ({ network, address }) => `${network === host.network ? 'own' : network} ${mark(address.toString())}`,
            ),
          },
        ],
        prefixes: marked.prefixes,
      },
    ];
  });
  const marked: Marked = { prefixes: [] };
  const switches = [...routing.boxes.values()].flatMap((box): readonly Owned[] =>
    box.isSwitch ? [[`switch ${box.name}`, digestRest(routing, box, marked)]] : [],
  );
  const shared = new SharedPrefixes(directory, promises, [
    ...marked.prefixes,
    ...parts.flatMap((part) => part.prefixes),
  ]);
  const inParts = new Owners([...switches, ...parts.map(({ host, digest }): Owned => [host.name, digest])]);
  const units = groupBy(parts, ({ host }) => host.network);
  const drafts = [...units].map(([network, own]) => {
    const machines = [
      ...groupBy(
        own.filter(({ host }) => host.kind === 'machine'),
        (part) => canonical(part.digest, part.host.name, inParts, part.prefixes, shared),
      ),
    ];
    const firewalls = own.filter(({ host }) => host.kind === 'firewall');
    const prefixes = own.flatMap((part) => part.prefixes);
    const said = promiseDigest(network, own, promisesOf(promises).get(network) ?? []);
    const configured: Digest = [{ set: machines.map(([text]) => text) }, firewalls.map((part) => part.digest)];
    const unit: NetworkUnit = {
      network,
      machines: machines.map(([, members]) => ({ members: members.map(({ host }) => host) })),
      firewalls: firewalls.map(({ host }) => host),
    };
    return { unit, configured, said, prefixes };
  });
  // What others are promised about a network does not make its addresses theirs.
  const inUnits = new Owners([...switches, ...drafts.map(({ unit, configured }): Owned => [unit.network, configured])]);
  const classes = groupBy(drafts, ({ unit, configured, said, prefixes }) =>
    canonical([configured, said], unit.network, inUnits, prefixes, shared),
  );
  return [...classes.values()].map((members) => ({ members: members.map(({ unit }) => unit) }));
}

interface Part {
  readonly host: KnownHost;
  readonly digest: Digest;
  readonly prefixes: readonly Prefix[];
}

/**
 * The flows between one host of each class and another one of each: of the first network of each class of networks, and for
 * hosts of that class of a second one, too. Of a host's own network there are two of each class of hosts, as it is one itself.
 */
export function selectionOf(classes: readonly NetworkClass[]): Selection {
  const places = new Map(
    classes.flatMap(({ members }) => members.map(({ network }, place) => [network, { members, place }] as const)),
  );
  const sparedFor = (own: NetworkClass['members'] | undefined) => (network: string) => {
    const found = places.get(network);
    return found !== undefined && found.place >= (found.members === own ? 2 : 1);
  };
  const ofFirst = classes.map(({ members: [first] }) => endpointsIn(first, 1));
  const fromHosts = classes.flatMap(({ members }, index): Selection['fromHosts'] => {
    const [first, second] = members;
    const elsewhere = ofFirst.filter((_, other) => other !== index).flat();
    const targets = [...endpointsIn(first, 2), ...endpointsIn(second, 1), ...elsewhere];
    const sources = (first?.machines ?? []).flatMap((machines) => machines.members.slice(0, 1)).flatMap(endpointsOf);
    return sources.map((source) => ({ source, targets, isSpared: sparedFor(members) }));
  });
  return { fromHosts, fromBeyond: { targets: ofFirst.flat(), isSpared: sparedFor(undefined) } };
}

/** The endpoints of a network: so many machines of each class, and all firewalls. */
const endpointsIn = (unit: NetworkUnit | undefined, count: number): readonly Endpoint[] =>
  unit === undefined
    ? []
    : [...unit.machines.flatMap(({ members }) => members.slice(0, count)), ...unit.firewalls].flatMap(endpointsOf);

export const endpointsOf = ({ name, kind, addresses }: KnownHost): readonly Endpoint[] =>
  addresses.map(({ network, address }) => ({ kind, name, network, address }));

const promiseIndexes = new WeakMap<readonly Promise[], ReadonlyMap<string, readonly Promise[]>>();

/** By network or host: the promises that it is on one side of. */
export function promisesOf(promises: readonly Promise[]): ReadonlyMap<string, readonly Promise[]> {
  const known = promiseIndexes.get(promises);
  if (known !== undefined) return known;
  const sides = promises.flatMap((promise) => {
    const names = new Set([promise.from.name, promise.to.name]);
    return [...names].map((name) => ({ name, promise }));
  });
  const made = new Map(
    [...groupBy(sides, ({ name }) => name)].map(([name, own]) => [name, own.map(({ promise }) => promise)]),
  );
  promiseIndexes.set(promises, made);
  return made;
}

function promiseDigest(network: string, parts: readonly Part[], promises: readonly Promise[]): Digest {
  const roles = new Map(parts.map(({ host }) => [host.name, `own ${host.kind}`]));
  roles.set(network, 'own network');
  const role = (name: string): string => roles.get(name) ?? name;
  const party = ({ kind, name, prefixes }: Party): Digest => [kind, role(name), { set: prefixes.map(markPrefixText) }];
  return {
    set: promises.map(({ from, to, family, protocol, ports, verdict, seenAs, via }): Digest => [
      party(from),
      party(to),
      `${family} ${protocol} ${ports.join(',')} ${verdict}`,
      seenAs === undefined || seenAs === 'original' ? (seenAs ?? '-') : mark(seenAs),
      (via ?? '').split(', ').map(role),
    ]),
  };
}

function markPrefixText(text: string): string {
  const [address = '', length] = text.split('/');
  return length === '0' ? text : `${mark(address)}/${length ?? ''}`;
}

type Owned = readonly [owner: string, digest: Digest];

/** Who mentions what is marked. */
class Owners {
  /** By token; undefined for several owners. */
  readonly #ofTokens = new Map<string, string | undefined>();
  /** Likewise by part; what is marked in a part of several owners is nobody's own. */
  readonly #ofParts = new Map<SharedDigest, string | undefined>();
  readonly #texts = new Map<SharedDigest, string>();

  public constructor(digests: readonly Owned[]) {
    for (const [owner, digest] of digests) this.#visit(owner, digest);
  }

  public isOf(owner: string, token: string): boolean {
    return this.#ofTokens.get(token) === owner;
  }

  /** The text of a part, printed once where several owners share it. */
  public textOf(part: SharedDigest, owner: string): string {
    if (this.#ofParts.get(part) === owner) return flatten(part.shared, owner, this);
    let text = this.#texts.get(part);
    if (text === undefined) this.#texts.set(part, (text = flatten(part.shared, owner, this)));
    return text;
  }

  #visit(owner: string, digest: Digest): void {
    if (typeof digest === 'string') {
      if (!digest.includes(MARK)) return;
      for (const [, token = ''] of digest.matchAll(MARKED)) {
        if (!this.#ofTokens.has(token)) this.#ofTokens.set(token, owner);
        else if (this.#ofTokens.get(token) !== owner) this.#ofTokens.set(token, undefined);
      }
    } else if ('shared' in digest) this.#visitShared(owner, digest);
    else for (const inner of 'set' in digest ? digest.set : digest) this.#visit(owner, inner);
  }

  /** Twice at most: for the first owner, and for the second one, behind whom nothing in it is anybody's own. */
  #visitShared(owner: string, part: SharedDigest): void {
    const isNew = !this.#ofParts.has(part);
    const before = this.#ofParts.get(part);
    if (!isNew && (before === undefined || before === owner)) return;
    this.#ofParts.set(part, isNew ? owner : undefined);
    this.#visit(owner, part.shared);
  }
}

/** The text of a digest in which what only its owner mentions is numbered, and said where it lies. */
function canonical(
  digest: Digest,
  owner: string,
  owners: Owners,
  own: readonly Prefix[],
  shared: SharedPrefixes,
): string {
  const text = flatten(digest, owner, owners);
  const numbers = new Map<string, number>();
  const nameOf = (token: string): string => {
    if (!owners.isOf(owner, token)) return mark(token);
    let number = numbers.get(token);
    if (number === undefined) numbers.set(token, (number = numbers.size));
    return `§${number}`;
  };
  const named = text.replace(MARKED, (_, token: string) => nameOf(token));
  const distinct = [...new Map(own.map((prefix) => [prefix.toString(), prefix])).values()];
  const places = [...numbers.keys()].map((token) => {
    if (!/[.:]/.test(token)) return '';
    const address = Address.parse(token);
    const around = [...distinct.filter((prefix) => prefix.holds(address)), ...shared.holding(address)];
    const names = around.map((prefix) => {
      const first = prefix.first.toString();
      const name = numbers.has(first) ? `§${numbers.get(first) ?? ''}` : mark(first);
      return `${name}/${prefix.length}`;
    });
    return [...new Set(names)].sort().join(' ');
  });
  return `${named}\n${places.join('\n')}`;
}

/** What stands in a set is put in the order of its text without what is own. */
function flatten(digest: Digest, owner: string, owners: Owners): string {
  if (typeof digest === 'string') return digest;
  if ('shared' in digest) return owners.textOf(digest, owner);
  if (!('set' in digest)) return `[${digest.map((inner) => flatten(inner, owner, owners)).join(',')}]`;
  const [only, ...rest] = digest.set;
  if (only === undefined || rest.length === 0) return only === undefined ? '{}' : `{${flatten(only, owner, owners)}}`;
  const masked = digest.set.map((inner) => {
    const text = flatten(inner, owner, owners);
    if (!text.includes(MARK)) return { text, key: text };
    return {
      text,
      key: text.replace(MARKED, (whole, token: string) => (owners.isOf(owner, token) ? '‹›' : whole)),
    };
  });
  masked.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return `{${masked.map(({ text }) => text).join(',')}}`;
}

/** Prefixes that devices, networks and promises have to do with: hosts in them are told from hosts outside of them. */
class SharedPrefixes {
  readonly #index: Readonly<Record<Family, PrefixIndex<Prefix>>> = {
    ipv4: new PrefixIndex('ipv4'),
    ipv6: new PrefixIndex('ipv6'),
  };

  public constructor(directory: Directory, promises: readonly Promise[], marked: readonly Prefix[]) {
    const { networks, inside } = directory.known;
    const known = [...networks.flatMap((network) => [...network.prefixes, ...network.destinations]), ...inside];
    const all = new Map([...known, ...marked, ...promisedIn(promises)].map((prefix) => [prefix.toString(), prefix]));
    for (const prefix of all.values())
      if (!prefix.isDefault && !prefix.isHost) this.#index[prefix.family].add(prefix, prefix);
  }

  public holding(address: Address): readonly Prefix[] {
    return this.#index[address.family].holding(address.value);
  }
}

function promisedIn(promises: readonly Promise[]): readonly Prefix[] {
  const texts = new Set(promises.flatMap(({ from, to }) => [...from.prefixes, ...to.prefixes]));
  return [...texts].flatMap((text) => (text.includes('/') ? [Prefix.parse(text)] : []));
}
