/** A BGP session that does not survive a change of frr.conf. */
export interface SessionReset {
  /** `default` outside of all VRFs. */
  readonly vrf: string;
  /** A port, or an address. */
  readonly neighbor: string;
  readonly reason: string;
}

interface Instance {
  readonly asn: string;
  readonly routerId: string;
  readonly groups: ReadonlyMap<string, Settings>;
  readonly neighbors: ReadonlyMap<string, Settings>;
  /** Whether IPv4 is spoken with whom nothing is said about. */
  readonly ipv4: boolean;
}

interface Settings {
  group: string | undefined;
  /** By the first words: `remote-as` is `external`. */
  readonly words: Map<string, string>;
  /** By address family: whether it is spoken. */
  readonly families: Map<string, boolean>;
}

/** What FRR takes over without a new session. */
const SOFT = new Set(['description', 'timers', 'bfd', 'advertisement-interval', 'maximum-prefix', 'shutdown-message']);

/**
 * The sessions that FRR resets when it goes from one frr.conf to the other, in the order of the first: those of which what
 * is told when a session is opened differs, and those that vanish. Sessions that are new are none of them.
 */
export function resetSessions(before: string, after: string): readonly SessionReset[] {
  const next = instancesOf(after);
  return [...instancesOf(before)].flatMap(([vrf, instance]) =>
    [...instance.neighbors.keys()].flatMap((neighbor) => {
      const reason = whyReset(neighbor, instance, next.get(vrf));
      return reason === undefined ? [] : [{ vrf, neighbor, reason }];
    }),
  );
}

/** The sessions of an frr.conf, for when FRR is restarted. */
export const allSessions = (text: string, reason: string): readonly SessionReset[] =>
  [...instancesOf(text)].flatMap(([vrf, { neighbors }]) =>
    [...neighbors.keys()].map((neighbor) => ({ vrf, neighbor, reason })),
  );

function whyReset(name: string, before: Instance, after: Instance | undefined): string | undefined {
  if (after === undefined) return 'its VRF speaks BGP no more';
  if (before.asn !== after.asn) return `the own AS changes from ${before.asn} to ${after.asn}`;
  if (before.routerId !== after.routerId)
    return `the router id changes from ${before.routerId || 'none'} to ${after.routerId || 'none'}`;
  const [old, fresh] = [before.neighbors.get(name), after.neighbors.get(name)];
  if (old === undefined || fresh === undefined) return 'it vanishes';
  if (old.group !== fresh.group)
    return `its peer group changes from ${old.group ?? 'none'} to ${fresh.group ?? 'none'}`;
  const [oldWords, freshWords] = [effectiveWords(old, before), effectiveWords(fresh, after)];
  const word = firstDifferent(oldWords, freshWords);
  if (word !== undefined)
    return `${word} changes from ${oldWords.get(word) ?? 'none'} to ${freshWords.get(word) ?? 'none'}`;
  const [oldFamilies, freshFamilies] = [effectiveFamilies(old, before), effectiveFamilies(fresh, after)];
  const family = firstDifferent(oldFamilies, freshFamilies);
  return family === undefined
    ? undefined
    : `${family} is ${freshFamilies.get(family) === true ? 'spoken from now on' : 'spoken no more'}`;
}

/** The first key, by name, that the maps do not agree on. */
function firstDifferent<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): string | undefined {
  return [...new Set([...one.keys(), ...other.keys()])].sort().find((key) => one.get(key) !== other.get(key));
}

const groupOf = ({ group }: Settings, { groups }: Instance): Settings | undefined => groups.get(group ?? '');

/** What is said of a neighbor itself goes before what is said of its group. */
const effectiveWords = (settings: Settings, instance: Instance): ReadonlyMap<string, string> =>
  new Map([...(groupOf(settings, instance)?.words ?? []), ...settings.words]);

/** Only those that are spoken. */
const effectiveFamilies = (settings: Settings, instance: Instance): ReadonlyMap<string, true> =>
  new Map(
    [
      ...new Map([
        ['ipv4 unicast', instance.ipv4],
        ...(groupOf(settings, instance)?.families ?? []),
        ...settings.families,
      ]),
    ].flatMap(([family, spoken]) => (spoken ? [[family, true] as const] : [])),
  );

/** Every `router bgp` of an frr.conf, by VRF. */
function instancesOf(text: string): ReadonlyMap<string, Instance> {
  const instances = new Map<string, Block>();
  let block: Block | undefined;
  for (const line of text.split('\n')) {
    const words = line.trim().split(/ +/);
    if (/^\S/.test(line) && !line.startsWith('!')) {
      block = tryOpen(words, instances);
    } else if (block !== undefined) {
      readLine(block, words);
    }
  }
  return instances;
}

interface Block extends Instance {
  routerId: string;
  ipv4: boolean;
  family: string | undefined;
  readonly groups: Map<string, Settings>;
  readonly neighbors: Map<string, Settings>;
}

/** The block that a line begins, or goes on with: FRR takes one in several parts. */
function tryOpen(
  [router, bgp, asn, , vrf = 'default']: readonly string[],
  instances: Map<string, Block>,
): Block | undefined {
  if (router !== 'router' || bgp !== 'bgp' || asn === undefined) return undefined;
  const known = instances.get(vrf);
  if (known !== undefined) return known;
  const block = { asn, routerId: '', ipv4: true, family: undefined, groups: new Map(), neighbors: new Map() };
  instances.set(vrf, block);
  return block;
}

function readLine(block: Block, words: readonly string[]): void {
  const no = words[0] === 'no';
  const [what, name, ...rest] = no ? words.slice(1) : words;
  switch (what) {
    case 'address-family':
      block.family = [name, ...rest].join(' ');
      return;
    case 'exit-address-family':
      block.family = undefined;
      return;
    case 'bgp':
      if (name === 'router-id') block.routerId = rest.join(' ');
      if (name === 'default' && rest[0] === 'ipv4-unicast') block.ipv4 = !no;
      return;
    case 'neighbor':
      if (name !== undefined) readNeighbor(block, name, no, rest);
      return;
    case undefined:
    default:
      return;
  }
}

function readNeighbor(block: Block, name: string, no: boolean, [word = '', ...rest]: readonly string[]): void {
  if (word === 'peer-group' && rest.length === 0) {
    block.groups.set(name, settingsOf(block.groups, name));
    return;
  }
  const settings = settingsOf(block.groups.has(name) ? block.groups : block.neighbors, name);
  if (block.family !== undefined) {
    if (word === 'activate') settings.families.set(block.family, !no);
    return;
  }
  const said = word === 'interface' ? rest : [word, ...rest];
  if (word === 'interface') settings.words.set(word, 'unnumbered');
  if (said[0] === 'peer-group') settings.group = said[1];
  else if (said[0] !== undefined && !SOFT.has(said[0]))
    settings.words.set(said[0], no ? 'no' : said.slice(1).join(' '));
}

function settingsOf(all: Map<string, Settings>, name: string): Settings {
  const settings = all.get(name) ?? { group: undefined, words: new Map(), families: new Map() };
  all.set(name, settings);
  return settings;
}
