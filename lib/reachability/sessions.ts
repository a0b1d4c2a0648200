import { push } from '../model';
import type { Box, SessionKind, SessionPolicy } from './box';
import type { ConfigLine } from './config-line';
import { applyMap, asHeard, type Told, withEvpn } from './route-map';

/** What is at the other end of a cable. */
export interface Peer {
  readonly box: Box;
  readonly port: string;
}

/** A session between two devices that comes up, as the one sees it that tells a route. */
interface Session {
  readonly from: Box;
  readonly to: Box;
  /** The port of the one that tells. */
  readonly port: string;
  readonly out: SessionPolicy;
  readonly in: SessionPolicy;
}

/** The two ends of a session, as far as they filter. */
export type SessionPolicies = Pick<Session, 'from' | 'to' | 'out' | 'in'>;

/** A route that got to a device, or what stopped it. */
export interface Arrival {
  readonly told: Told | undefined;
  readonly line: ConfigLine | undefined;
}

/** Where a route entered among the switches. */
interface Entered {
  /** The switches that it enters by. */
  readonly entries: ReadonlyMap<Box, Told>;
  /** What stopped it, if it enters by none. */
  readonly line: ConfigLine | undefined;
  /** What others hear from each of them, as far as that was asked. */
  readonly passedOn: Map<Box, Told | undefined>;
}

/**
 * Where routes of the underlay's sessions get to. Switches pass on what they hear, so a route that one of them took gets to
 * all that are joined by sessions; firewalls hang from the leaves and pass on nothing.
 */
export class Sessions {
  /** By device: the sessions in which it tells. */
  readonly #fromSwitch = new Map<Box, Session[]>();
  readonly #fromFirewall = new Map<Box, Session[]>();
  readonly #toFirewall = new Map<Box, Session[]>();
  readonly #parts = new Map<Box, Box>();
  /** By route as one device tells it: many ask how it gets to them. */
  readonly #entered = new WeakMap<Told, Entered>();
  /** Whether all switches treat routes of one another alike; then it is enough to ask one. */
  readonly #alike: boolean;
  /** How often a route may come by again where it is allowed least. */
  readonly #leastAllowed: number;

  public constructor(
    private readonly kind: SessionKind,
    cables: readonly (readonly [Peer, Peer])[],
  ) {
    for (const [one, other] of cables) {
      for (const [near, far] of [
        [one, other],
        [other, one],
      ] as const) {
        const session = trySession(kind, near, far);
        if (session === undefined) continue;
        const { from, to } = session;
        if (from.isSwitch && to.isSwitch) {
          push(this.#fromSwitch, from, session);
          this.#join(from, to);
        } else if (from.isSwitch) push(this.#toFirewall, to, session);
        else push(this.#fromFirewall, from, session);
      }
    }
    const all = [...this.#fromSwitch.values()].flat();
    this.#alike = new Set(all.map(filterText)).size <= 1 && !all.some(countsHops);
    this.#leastAllowed = Math.min(...all.map((session) => session.in.allowasIn));
  }

  /** The leaves that tell a firewall, each with its port there. */
  public leavesOf(firewall: Box): readonly Peer[] {
    return (this.#toFirewall.get(firewall) ?? []).map(({ from, port }) => ({ box: from, port }));
  }

  /**
   * How a route of one device arrives at another.
   * @param told an object of its own for each device that tells it, and each number of passes
   * @param passes how many firewalls took it from one network into another before; each time it comes by the same switches
   */
  public arrival(from: Box, to: Box, told: Told, passes: number): Arrival {
    let entered = this.#entered.get(told);
    if (entered === undefined) this.#entered.set(told, (entered = this.#enter(from, told, passes)));
    if (entered.entries.size === 0) return { told: undefined, line: entered.line };
    if (to.isSwitch) return { told: this.#spread(entered, to, passes), line: undefined };
    let stopped: ConfigLine | undefined;
    for (const session of this.#toFirewall.get(to) ?? []) {
      const heard = this.#spread(entered, session.from, passes);
      if (heard === undefined) continue;
      const passed = pass(session, relayed(heard, session.from === from, session.from));
      if (passed.told !== undefined) return passed;
      stopped ??= passed.line;
    }
    return { told: undefined, line: stopped };
  }

  #enter(from: Box, told: Told, passes: number): Entered {
    if (from.isSwitch)
      return { entries: new Map([[from, told]]), line: undefined, passedOn: new Map<Box, Told | undefined>() };
    const entries = new Map<Box, Told>();
    let line: ConfigLine | undefined;
    for (const session of this.#fromFirewall.get(from) ?? []) {
      if (this.kind === 'evpn' && session.in.allowasIn < passes) continue;
      const passed = pass(session, told);
      if (passed.told !== undefined) entries.set(session.to, { ...passed.told, own: false });
      else line ??= passed.line;
    }
    return { entries, line, passedOn: new Map<Box, Told | undefined>() };
  }

  #spread({ entries, passedOn }: Entered, to: Box, passes: number): Told | undefined {
    const direct = entries.get(to);
    if (direct !== undefined) return direct;
    if (this.kind === 'evpn' && this.#leastAllowed < passes) return undefined;
    if (!this.#alike) return this.#walk(entries, to);
    for (const [box, told] of entries) {
      if (this.#partOf(box) !== this.#partOf(to)) continue;
      if (!passedOn.has(box)) passedOn.set(box, this.#passOn(box, told));
      const passed = passedOn.get(box);
      if (passed !== undefined) return passed;
    }
    return undefined;
  }

  /** What all other switches hear of a route that a switch has, where they are alike. */
  #passOn(box: Box, told: Told): Told | undefined {
    const [session] = this.#fromSwitch.get(box) ?? [];
    return session && pass(session, told).told;
  }

  /** Switch by switch, where they differ. */
  #walk(entries: ReadonlyMap<Box, Told>, to: Box): Told | undefined {
    const known = new Map(entries);
    const queue = [...entries.keys()];
    for (let box = queue.shift(); box !== undefined; box = queue.shift()) {
      const told = known.get(box);
      if (box === to || told === undefined) return told;
      for (const session of this.#fromSwitch.get(box) ?? []) {
        const passed = known.has(session.to) ? undefined : pass(session, told).told;
        if (passed === undefined) continue;
        known.set(session.to, passed);
        queue.push(session.to);
      }
    }
    return undefined;
  }

  /** What a switch's place among the others comes to: equal for all that hear the same. */
  public placeOf(box: Box): string {
    return this.#alike ? this.#partOf(box).name : box.name;
  }

  /** The settings of a session between a firewall and a leaf, in both directions; empty where there is none. */
  public policiesOf(firewall: Box, leaf: Box): readonly SessionPolicies[] {
    const there = (this.#fromFirewall.get(firewall) ?? []).filter(({ to }) => to === leaf);
    const back = (this.#toFirewall.get(firewall) ?? []).filter(({ from }) => from === leaf);
    return [...there, ...back];
  }

  #join(one: Box, other: Box): void {
    this.#parts.set(this.#partOf(one), this.#partOf(other));
  }

  #partOf(box: Box): Box {
    let part = box;
    for (let above = this.#parts.get(part); above !== undefined && above !== part; above = this.#parts.get(part)) {
      part = above;
    }
    if (part !== box) this.#parts.set(box, part);
    return part;
  }
}

function trySession(kind: SessionKind, near: Peer, far: Peer): Session | undefined {
  const out = tryPolicyAt(kind, near);
  const heard = tryPolicyAt(kind, far);
  if (out === undefined || heard === undefined) return undefined;
  return { from: near.box, to: far.box, port: near.port, out, in: heard };
}

/** Sessions of the underlay are those of ports outside of all VRFs. */
function tryPolicyAt(kind: SessionKind, { box, port }: Peer): SessionPolicy | undefined {
  const vrf = box.tryVrfOf(port);
  return vrf === box.underlay ? vrf.tryPolicy(port, kind) : undefined;
}

function pass({ from, to, out, in: heard }: Session, told: Told): Arrival {
  if (told.noExport) return { told: undefined, line: undefined };
  const sent = applyMap(from, out.routeMapOut, told);
  return sent.told === undefined ? sent : applyMap(to, heard.routeMapIn, asHeard(sent.told));
}

/** What a session filters by: sessions of the same text treat every route alike. */
const filterText = (session: Session): string =>
  session.out.routeMapOut === undefined && session.in.routeMapIn === undefined
    ? ''
    : JSON.stringify(endsOf(session).map(([box, name]) => [name, box.frrMajor, box.tryMap(name), listsOf(box, name)]));

/** Whether it makes a difference to a map by how many switches a route came before. */
const countsHops = (session: Session): boolean =>
  endsOf(session).some(([box, name]) =>
    box
      .tryMap(name)
      ?.entries.some(
        ({ matches, actions }) =>
          matches.some(({ kind }) => kind === 'as-path') || actions.some(({ kind }) => kind === 'no-export'),
      ),
  );

const endsOf = ({ from, to, out, in: heard }: Session): readonly (readonly [Box, string])[] => [
  [from, out.routeMapOut ?? ''],
  [to, heard.routeMapIn ?? ''],
];

/** The texts of all lists that a map names. */
const listsOf = ({ trees: { frr } }: Box, map: string): readonly string[] => {
  const named = new Set(
    (frr.routeMaps.find(({ name }) => name === map)?.entries ?? []).flatMap(({ matches }) =>
      matches.flatMap((match) => ('list' in match ? [match.list] : [])),
    ),
  );
  return [
    ...frr.prefixLists.flatMap(({ family, name, entries }) =>
      entries.map(({ action, prefix, le }) => [name, family, action, prefix.toString(), le ?? ''] as const),
    ),
    ...frr.asPathLists.map(({ name, pattern }) => [name, 'as-path', pattern] as const),
    ...frr.communityLists.map(({ name, community }) => [name, 'community', community] as const),
    ...frr.extendedCommunityLists.map(({ name, pattern }) => [name, 'extended community', pattern] as const),
  ]
    .filter(([name]) => named.has(name))
    .map((words) => words.join(' '));
};

/** FRR 10 drops the community for VXLAN from routes that it passes on, and writes it first on its own. */
function relayed(told: Told, own: boolean, by: Box): Told {
  if (told.evpn === undefined) return told;
  const [target = '', ...rest] = told.evpn.extended.split(' ');
  const others = rest.filter((word) => word !== 'ET:8');
  const words = own ? ['ET:8', target, ...others] : [target, ...(by.frrMajor >= 10 ? [] : ['ET:8']), ...others];
  return withEvpn(told, { vni: told.evpn.vni, extended: words.join(' ') });
}
