import type { Family, Prefix } from '../net';
import type { PrefixList, PrefixListEntry, RouteMapEntry, RouteMapMatch } from '../language/frr';
import type { Box } from './box';
import { type ConfigLine, frrLine, prefixListLine } from './config-line';

/** A route on its way, as route maps see it. */
export interface Told {
  readonly prefix: Prefix;
  readonly communities: readonly string[];
  readonly noExport: boolean;
  /** 100 unless a map set it. */
  readonly preference: number;
  /** Whether it starts at the device itself: then its AS path is empty. */
  readonly own: boolean;
  /** The interface that a connected route is of. */
  readonly interface: string | undefined;
  /** The VRF that a leaked route comes from. */
  readonly sourceVrf: string | undefined;
  /** Of a route in EVPN. */
  readonly evpn: { readonly vni: number; readonly extended: string } | undefined;
}

/** What a route is preferred by unless a map says otherwise. */
const USUAL_PREFERENCE = 100;

const NO_COMMUNITIES: readonly string[] = [];

/**
 * A route before any map.
 * @param own whether it starts at the device itself
 * @param port the interface that it is of, if it is a connected one
 */
export const toldOf = (prefix: Prefix, own = false, port?: string): Told => ({
  prefix,
  communities: NO_COMMUNITIES,
  noExport: false,
  preference: USUAL_PREFERENCE,
  own,
  interface: port,
  sourceVrf: undefined,
  evpn: undefined,
});

/** A route as the other side of an eBGP session hears it, which is told of no preference (RFC 4271 section 5.1.5). */
export const asHeard = ({ prefix, communities, noExport, sourceVrf, evpn }: Told): Told => ({
  prefix,
  communities,
  noExport,
  preference: USUAL_PREFERENCE,
  own: false,
  interface: undefined,
  sourceVrf,
  evpn,
});

/** A route of a VRF as it is told in EVPN; and when it has come through EVPN, without what that said of it. */
export const withEvpn = (
  { prefix, communities, noExport, preference, interface: port }: Told,
  evpn: Told['evpn'],
): Told => ({
  prefix,
  communities,
  noExport,
  preference,
  own: false,
  interface: port,
  sourceVrf: undefined,
  evpn,
});

/** What a route map makes of a route. */
export interface MapVerdict {
  /** The route as it is afterwards; undefined if it is denied. */
  readonly told: Told | undefined;
  /** What decided; undefined where there is no map. */
  readonly line: ConfigLine | undefined;
}

/** @param name undefined for no map: everything passes */
export function applyMap(box: Box, name: string | undefined, told: Told): MapVerdict {
  if (name === undefined) return { told, line: undefined };
  const map = box.tryMap(name);
  // FRR denies everything where a map is named that there is not.
  if (map === undefined) return { told: undefined, line: frrLine(box.name, `route-map ${name}`) };
  for (const entry of map.entries) {
    const found = tryMatches(box, entry.matches, told);
    if (found === undefined) continue;
    const head = `route-map ${name} ${entry.action} ${entry.sequence}`;
    const line = found.line ?? frrLine(box.name, head);
    return entry.action === 'deny'
      ? { told: undefined, line }
      : { told: changed(told, entry), line: noExportLine(box, head, entry) ?? line };
  }
  return { told: undefined, line: frrLine(box.name, `route-map ${name}`, 'no entry matches, which denies') };
}

const noExportLine = (box: Box, head: string, { actions }: RouteMapEntry): ConfigLine | undefined =>
  actions.some(({ kind }) => kind === 'no-export')
    ? frrLine(box.name, 'set community no-export additive', head)
    : undefined;

function changed(told: Told, { actions }: RouteMapEntry): Told {
  let after = told;
  for (const action of actions) {
    switch (action.kind) {
      case 'no-export':
        after = { ...after, noExport: true };
        break;
      case 'community':
        after = { ...after, noExport: false, communities: [action.community] };
        break;
      case 'local-preference':
        after = { ...after, preference: action.preference };
        break;
    }
  }
  return after;
}

interface Matched {
  readonly line: ConfigLine | undefined;
}

const MATCHED: Matched = { line: undefined };
const matchedIf = (is: boolean): Matched | undefined => (is ? MATCHED : undefined);

/** The first line that decided; undefined if not all of them match. */
function tryMatches(box: Box, matches: readonly RouteMapMatch[], told: Told): Matched | undefined {
  let first = MATCHED;
  for (const match of matches) {
    const found = tryMatch(box, match, told);
    if (found === undefined) return undefined;
    if (first.line === undefined) first = found;
  }
  return first;
}

function tryMatch(box: Box, match: RouteMapMatch, told: Told): Matched | undefined {
  const { frr } = box.trees;
  switch (match.kind) {
    case 'prefix-list': {
      // Before FRR 10, a prefix list never matches an EVPN route: docs/decisions/0006-leaf-filters-on-evpn.md.
      if (told.evpn !== undefined && box.frrMajor < 10) return undefined;
      const list = listOf(box, match.family, match.list);
      const entry = list === undefined ? undefined : tryEntry(list, told.prefix);
      if (list === undefined || entry?.action !== 'permit') return undefined;
      return { line: prefixListLine(box.name, list, entry) };
    }
    case 'source-vrf':
      return matchedIf(told.sourceVrf === match.vrf);
    case 'interface':
      return matchedIf(told.interface === match.name);
    case 'as-path': {
      const pattern = frr.asPathLists.find(({ name }) => name === match.list)?.pattern;
      return matchedIf(pattern !== undefined && isLike(pattern, told.own ? '' : '65000'));
    }
    case 'evpn-vni':
      return matchedIf(told.evpn?.vni === match.vni);
    case 'evpn-prefix-route':
      return matchedIf(told.evpn !== undefined);
    case 'evpn-default-route':
      return matchedIf(told.evpn !== undefined && told.prefix.isDefault);
    case 'community': {
      const community = frr.communityLists.find(({ name }) => name === match.list)?.community;
      return matchedIf(community !== undefined && told.communities.includes(community));
    }
    case 'extended-community': {
      const pattern = frr.extendedCommunityLists.find(({ name }) => name === match.list)?.pattern;
      return matchedIf(pattern !== undefined && isLike(pattern, told.evpn?.extended ?? ''));
    }
  }
}

const patterns = new Map<string, RegExp>();

/** The same few patterns are asked again and again. */
function isLike(pattern: string, text: string): boolean {
  let known = patterns.get(pattern);
  if (known === undefined) patterns.set(pattern, (known = new RegExp(pattern)));
  return known.test(text);
}

const lists = new WeakMap<Box, Readonly<Record<Family, ReadonlyMap<string, PrefixList>>>>();

/** The prefix list of a name: FRR keeps those of either family apart. */
export function listOf(box: Box, family: Family, name: string): PrefixList | undefined {
  let known = lists.get(box);
  if (known === undefined) {
    const { prefixLists } = box.trees.frr;
    const of = (one: Family): ReadonlyMap<string, PrefixList> =>
      new Map(prefixLists.flatMap((list) => (list.family === one ? [[list.name, list]] : [])));
    known = { ipv4: of('ipv4'), ipv6: of('ipv6') };
    lists.set(box, known);
  }
  return known[family].get(name);
}

function tryEntry({ family, entries }: PrefixList, prefix: Prefix): PrefixListEntry | undefined {
  if (family !== prefix.family) return undefined;
  return entries.find((entry) =>
    entry.le === undefined ? entry.prefix.equals(prefix) : entry.prefix.contains(prefix) && prefix.length <= entry.le,
  );
}
