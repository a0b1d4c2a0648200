import { type Family, Prefix } from '../net';
import { groupBy } from '../model';
import { type Endpoint, type Party, type Promise, readPrefix } from '../promises';
import { arranged, type Digest, digestOf, type DigestWriter, MARK, namedDigestOf, type Token, Tokens } from './digest';
import { Digests } from './digests';
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
  const tokens = new Tokens();
  const digests = new Digests(routing, tokens);
  const parts = directory.known.hosts.flatMap((host): readonly Part[] => {
    const box = routing.boxes.get(host.name);
    if (box === undefined) return [];
    const digest = namedDigestOf(tokens, (to) => {
      if (host.kind === 'machine') digests.writeMachine(to, box);
      else digests.writeFirewall(to, box);
      to.set(host.addresses, (one, { network, address }) => {
        one.text(network === host.network ? 'own' : network);
        one.prefix(Prefix.host(address));
      });
    });
    return [{ host, digest }];
  });
  const switches = [...routing.boxes.values()].flatMap((box): readonly Owned[] =>
    box.isSwitch ? [[`switch ${box.name}`, digestOf(tokens, (to) => digests.writeRest(to, box))]] : [],
  );
  const promised = readPrefixes(promises);
  const shared = new SharedPrefixes(tokens, [
    ...directory.known.networks.flatMap((network) => [...network.prefixes, ...network.destinations]),
    ...directory.known.inside,
    ...promised.values(),
    ...switches.flatMap(([, { prefixes }]) => prefixes),
    ...parts.flatMap(({ digest }) => digest.prefixes),
  ]);
  const ofParts = new Owners([...switches, ...parts.map(({ host, digest }): Owned => [host.name, digest])]);
  const drafts = [...groupBy(parts, ({ host }) => host.network)].map(([network, own]) => {
    const canonical = own.flatMap(({ host, digest }) =>
      host.kind === 'machine' ? [{ host, digest: canonicalOf(digest, host.name, ofParts, shared) }] : [],
    );
    const machines = [...groupBy(canonical, ({ digest }) => keyOf(digest)).values()];
    const firewalls = own.filter(({ host }) => host.kind === 'firewall');
    const configured = digestOf(tokens, (to) => {
      to.set(
        machines.flatMap(([first]) => first ?? []),
        (one, { digest }) => one.digest(digest),
      );
      to.list(firewalls, ({ digest }) => to.digest(digest));
    });
    const unit: NetworkUnit = {
      network,
      machines: machines.map((members) => ({ members: members.map(({ host }) => host) })),
      firewalls: firewalls.map(({ host }) => host),
    };
    const whole = digestOf(tokens, (to) => {
      to.digest(configured);
      writePromises(to, network, own, promisesOf(promises).get(network) ?? [], promised);
    });
    return { unit, configured, whole };
  });
  // What others are promised about a network does not make its addresses theirs.
  const ofUnits = new Owners([...switches, ...drafts.map(({ unit, configured }): Owned => [unit.network, configured])]);
  const classes = groupBy(drafts, ({ unit, whole }) => keyOf(canonicalOf(whole, unit.network, ofUnits, shared)));
  return [...classes.values()].map((members) => ({ members: members.map(({ unit }) => unit) }));
}

interface Part {
  readonly host: KnownHost;
  readonly digest: Digest;
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

function writePromises(
  to: DigestWriter,
  network: string,
  parts: readonly Part[],
  promises: readonly Promise[],
  read: ReadonlyMap<string, Prefix>,
): void {
  const roles = new Map(parts.map(({ host }) => [host.name, `own ${host.kind}`]));
  roles.set(network, 'own network');
  const role = (name: string): string => roles.get(name) ?? name;
  const write = (one: DigestWriter, text: string): void => {
    const prefix = read.get(text);
    if (prefix === undefined) one.text(text);
    else one.prefix(prefix);
  };
  const writeParty = (one: DigestWriter, { kind, name, prefixes }: Party): void => {
    one.text(`${kind} ${role(name)}`);
    one.set(prefixes, write);
  };
  to.set(promises, (one, { from, to: far, family, protocol, ports, verdict, seenAs = '-', via = '' }) => {
    writeParty(one, from);
    writeParty(one, far);
    one.text(`${family} ${protocol} ${ports.join(',')} ${verdict}`);
    write(one, seenAs);
    one.text(via.split(', ').map(role).join(', '));
  });
}

/** Every prefix and address that promises name, by its text. */
function readPrefixes(promises: readonly Promise[]): ReadonlyMap<string, Prefix> {
  const texts = new Set(
    promises.flatMap(({ from, to, seenAs }) => [
      ...from.prefixes,
      ...to.prefixes,
      ...(seenAs === undefined || seenAs === 'original' ? [] : [seenAs]),
    ]),
  );
  return new Map([...texts].map((text) => [text, readPrefix(text)]));
}

type Owned = readonly [owner: string, digest: Digest];

/** Who mentions what is marked. */
class Owners {
  /** By token; null for several owners. */
  readonly #owners: (string | null | undefined)[] = [];

  public constructor(digests: readonly Owned[]) {
    for (const [owner, { tokens }] of digests) {
      for (const token of tokens) {
        const known = this.#owners[token];
        if (known === undefined) this.#owners[token] = owner;
        else if (known !== owner) this.#owners[token] = null;
      }
    }
  }

  public isOf(owner: string, token: Token): boolean {
    return this.#owners[token] === owner;
  }
}

const keyOf = ({ shape, tokens }: Digest): string => `${shape} ${tokens.join(' ')}`;

/** A digest in which what only its owner mentions is numbered, and said where it lies; the rest are its tokens. */
function canonicalOf(digest: Digest, owner: string, owners: Owners, shared: SharedPrefixes): Digest {
  const numbers = new Map<Token, number>();
  const others: Token[] = [];
  let shape = digest.shape;
  const write = (token: Token): void => {
    const number = numbers.get(token);
    if (number !== undefined) shape += `§${number}`;
    else {
      others.push(token);
      shape += MARK;
    }
  };
  for (const token of arranged(digest, (one) => (owners.isOf(owner, one) ? -1 : one))) {
    if (owners.isOf(owner, token) && !numbers.has(token)) numbers.set(token, numbers.size);
    write(token);
  }
  for (const token of numbers.keys()) {
    shape += '\n';
    for (const { first, length } of shared.around(token)) {
      write(first);
      shape += `/${length} `;
    }
  }
  return { shape: shared.tokens.nameOf(shape), tokens: others, ties: [], prefixes: [] };
}

/** A prefix by the token of its first address. */
interface Around {
  readonly first: Token;
  readonly length: number;
}

/** Prefixes that devices, networks and promises have to do with: hosts in them are told from hosts outside of them. */
class SharedPrefixes {
  readonly #index: Readonly<Record<Family, PrefixIndex<Prefix>>> = {
    ipv4: new PrefixIndex('ipv4'),
    ipv6: new PrefixIndex('ipv6'),
  };
  readonly #around = new Map<Token, readonly Around[]>();

  public constructor(
    public readonly tokens: Tokens,
    prefixes: readonly Prefix[],
  ) {
    const all = new Map(prefixes.map((prefix) => [prefix.toString(), prefix]));
    for (const prefix of all.values())
      if (!prefix.isDefault && !prefix.isHost) this.#index[prefix.family].add(prefix, prefix);
  }

  /** Those that hold an address, the longest first; none for a number. */
  public around(token: Token): readonly Around[] {
    const address = this.tokens.tryAddress(token);
    if (address === undefined) return [];
    let around = this.#around.get(token);
    if (around === undefined) {
      around = this.#index[address.family]
        .holding(address.value)
        .map(({ first, length }) => ({ first: this.tokens.ofAddress(first), length }));
      this.#around.set(token, around);
    }
    return around;
  }
}
