import type { Address, Prefix } from '../net';
import { groupBy, mapIn, push } from '../model';
import type { NftChain, NftHook, NftMatch, NftRule, NftRuleset } from '../language/nftables';
import { type ConfigLine, nftLine, nftPolicyLine } from './config-line';
import { Field, OPENED_FROM, type Packet, Port } from './packet';

/** What connection tracking says of a packet. */
export type ConnectionState = 'new' | 'established' | 'invalid' | 'untracked';

/** A packet at a hook. */
export interface Seen {
  readonly packet: Packet;
  readonly iif: string;
  /** Empty where it is not known yet, or where there is none. */
  readonly oif: string;
  readonly state: ConnectionState;
  /** What is in it, if it is a packet of VXLAN. */
  readonly tunneled: { readonly vni: number; readonly packet: Packet } | undefined;
}

/** What a hook does with a packet. Without a ruleset, everything is accepted. */
export interface FilterVerdict {
  readonly kind: 'accept' | 'drop' | 'snat' | 'masquerade';
  /** The new source, of `snat`. */
  readonly address: Address | undefined;
  /** What decided; undefined where no chain is hooked in. */
  readonly line: ConfigLine | undefined;
  /** Whether connection tracking was told to leave the packet alone. */
  readonly untracked: boolean;
}

/** A verdict, made once for all packets that it is given on. */
class Verdict {
  public readonly tracked: FilterVerdict;
  public readonly untracked: FilterVerdict;

  public constructor(kind: FilterVerdict['kind'], address: Address | undefined, line: ConfigLine | undefined) {
    this.tracked = { kind, address, line, untracked: false };
    this.untracked = { kind, address, line, untracked: true };
  }
}

const NO_CHAIN = new Verdict('accept', undefined, undefined);

/** The nftables ruleset of a device, evaluated rule by rule. */
export class PacketFilter {
  readonly #chains: ReadonlyMap<string, NftChain>;
  /** The chains at each hook, in the order in which packets meet them. */
  readonly #hooked: ReadonlyMap<string, readonly HookedChain[]>;
  readonly #narrowed = new Map<NftChain, RulesByInterface>();
  readonly #verdicts = new Map<NftChain, Map<NftRule | NftHook, Verdict>>();

  public constructor(
    private readonly device: string,
    ruleset: NftRuleset | undefined,
  ) {
    const chains = ruleset?.chains ?? [];
    this.#chains = new Map(chains.map((chain) => [chain.name, chain]));
    const hooked = chains.flatMap((chain) => (chain.hook === undefined ? [] : [{ ...chain, hook: chain.hook }]));
    hooked.sort((a, b) => rankOf(a) - rankOf(b));
    this.#hooked = groupBy(hooked, ({ hook }) => hook.hook);
  }

  /** What is accepted by one chain is asked of the next one. */
  public at(hook: NftHook['hook'], seen: Seen): FilterVerdict {
    const marks = { untracked: false };
    let last = NO_CHAIN;
    for (const chain of this.#hooked.get(hook) ?? []) {
      last = this.#run(chain, seen, marks) ?? this.#policyOf(chain);
      if (last.tracked.kind !== 'accept') break;
    }
    return marks.untracked ? last.untracked : last.tracked;
  }

  /** The rules at a hook that a packet which came in by the interface can meet; undefined where no chain is hooked in. */
  public tryRulesAt(hook: NftHook['hook'], iif: string): readonly NftRule[] | undefined {
    return this.#hooked.get(hook)?.flatMap((chain) => this.#rulesFor(chain, iif));
  }

  public tryChain(name: string): NftChain | undefined {
    return this.#chains.get(name);
  }

  #run(chain: NftChain, seen: Seen, marks: { untracked: boolean }): Verdict | undefined {
    for (const rule of this.#rulesFor(chain, seen.iif)) {
      if (!areAllMet(rule.matches, seen)) continue;
      const { verdict } = rule;
      switch (verdict.kind) {
        case 'notrack':
          marks.untracked = true;
          continue;
        case 'jump': {
          const target = this.#chains.get(verdict.chain);
          const inner = target === undefined ? undefined : this.#run(target, seen, marks);
          if (inner !== undefined) return inner;
          continue;
        }
        case 'snat':
          return this.#once(chain, rule, () => new Verdict('snat', verdict.address, this.#line(chain, rule)));
        case 'accept':
        case 'drop':
        case 'masquerade':
          return this.#once(chain, rule, () => new Verdict(verdict.kind, undefined, this.#line(chain, rule)));
      }
    }
    return undefined;
  }

  #line({ name }: NftChain, rule: NftRule): ConfigLine {
    return nftLine(this.device, name, rule);
  }

  #policyOf(chain: HookedChain): Verdict {
    const { name, hook } = chain;
    return this.#once(chain, hook, () => {
      return new Verdict(hook.policy, undefined, nftPolicyLine(this.device, name, hook.policy));
    });
  }

  /** The verdict of a rule, or of the hook for what no rule decides. */
  #once(chain: NftChain, of: NftRule | NftHook, make: () => Verdict): Verdict {
    const known = mapIn(this.#verdicts, chain);
    let verdict = known.get(of);
    if (verdict === undefined) known.set(of, (verdict = make()));
    return verdict;
  }

  #rulesFor(chain: NftChain, iif: string): readonly NftRule[] {
    let narrowed = this.#narrowed.get(chain);
    if (narrowed === undefined) this.#narrowed.set(chain, (narrowed = new RulesByInterface(chain.rules)));
    return narrowed.of(iif);
  }
}

/** The rules of a chain that a packet which came in by an interface can meet at all. */
class RulesByInterface {
  /** The places of those that name the interface, and under the empty name, of those that ask for none. */
  readonly #places = new Map<string, number[]>();
  readonly #known = new Map<string, readonly NftRule[]>();

  public constructor(private readonly rules: readonly NftRule[]) {
    for (const [place, { matches }] of rules.entries()) {
      const asked = matches.find((match) => match.kind === 'iif' && !match.negated);
      for (const name of asked?.kind === 'iif' ? new Set(asked.names) : ['']) push(this.#places, name, place);
    }
  }

  public of(iif: string): readonly NftRule[] {
    let known = this.#known.get(iif);
    if (known === undefined) this.#known.set(iif, (known = this.#find(iif)));
    return known;
  }

  #find(iif: string): readonly NftRule[] {
    const places = [...(this.#places.get('') ?? []), ...(iif === '' ? [] : (this.#places.get(iif) ?? []))];
    return places
      .sort((a, b) => a - b)
      .flatMap((place) => this.rules[place] ?? [])
      .filter(({ matches }) => matches.every((match) => match.kind !== 'iif' || isIif(match, iif)));
  }
}

type HookedChain = NftChain & { readonly hook: NftHook };

/** By name, as nft knows them: nft(8), standard priority names. */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

const rankOf = ({ hook: { priority } }: HookedChain): number => PRIORITIES[priority] ?? Number(priority);

const isIif = ({ names, negated }: NftMatch & { kind: 'iif' }, iif: string): boolean => names.includes(iif) !== negated;

function areAllMet(all: readonly NftMatch[], seen: Seen): boolean {
  for (const match of all) if (!matches(match, seen)) return false;
  return true;
}

function matches(match: NftMatch, { packet, iif, oif, state, tunneled }: Seen): boolean {
  switch (match.kind) {
    case 'iif':
      return isIif(match, iif);
    case 'oif':
      return match.names.includes(oif);
    case 'source':
      return packet.family === match.family && isAmong(packet.source, match.prefixes) !== match.negated;
    case 'destination':
      return packet.family === match.family && isAmong(packet.destination, match.prefixes);
    case 'family':
      return packet.family === match.family;
    case 'icmp':
      packet.asked.protocol = true;
      return packet.protocol === 'icmp';
    case 'ports': {
      packet.asked.protocol = true;
      if (packet.protocol !== match.protocol) return false;
      if (match.ports.length === 0) return true;
      const port = (match.side === 'destination') !== packet.reply ? packet.port : packet.opener;
      return match.ports.some((range) => port.in(range));
    }
    case 'tcp-answer':
      packet.asked.protocol = true;
      packet.asked.bare = true;
      return packet.protocol === 'tcp' && (packet.reply || packet.bare);
    case 'connection':
      return state !== 'untracked' && match.states.includes(state);
    case 'other-vni':
      return tunneled !== undefined && !match.vnis.includes(tunneled.vni);
    case 'tunneled-other':
      // Only IPv4 and IPv6 are followed here.
      return false;
    case 'tunneled-outside': {
      if (tunneled === undefined || tunneled.vni !== match.vni || tunneled.packet.family !== match.family) return false;
      return !isAmong(tunneled.packet[match.side], match.prefixes);
    }
  }
}

const isAmong = (field: Field, prefixes: readonly Prefix[]): boolean => prefixes.some((prefix) => field.in(prefix));

type Outer = Omit<Seen, 'iif' | 'oif' | 'state'>;

const outerPackets = new WeakMap<Address, Outer>();

/**
 * A packet of VXLAN from the end of a tunnel to another one. What is around it is the same wherever it goes, and nobody asks how
 * far it was narrowed.
 */
export function outerPacket(from: Address): Outer {
  let outer = outerPackets.get(from);
  if (outer === undefined) outerPackets.set(from, (outer = makeOuter(from)));
  return outer;
}

function makeOuter({ family, value }: Address): Outer {
  const packet: Packet = {
    family,
    source: Field.of(family, value),
    destination: Field.of(family, 0n),
    protocol: 'udp',
    port: new Port(4789),
    opener: new Port(OPENED_FROM),
    reply: false,
    bare: false,
    asked: { protocol: false, bare: false },
  };
  return { packet, tunneled: undefined };
}
