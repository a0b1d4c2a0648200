import { Address, type Family, Prefix } from '../../net';
import { UnknownLine } from '../parse-error';
import type {
  Action,
  AsPathList,
  BgpInstance,
  CommunityList,
  EvpnFamily,
  ExtendedCommunityList,
  FrrConfig,
  FrrVrf,
  Neighbor,
  NeighborPolicy,
  PrefixList,
  PrefixListEntry,
  RouteMap,
  RouteMapAction,
  RouteMapEntry,
  RouteMapMatch,
  UnicastFamily,
} from './config';

/** What is read may still be added to. */
type Open<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

interface OpenUnicast extends Omit<Open<UnicastFamily>, 'neighbors'> {
  neighbors: Open<NeighborPolicy>[];
}

interface OpenEvpn extends Omit<Open<EvpnFamily>, 'neighbors'> {
  neighbors: Open<NeighborPolicy>[];
}

interface OpenInstance extends Omit<Open<BgpInstance>, 'unicast' | 'evpn'> {
  unicast: OpenUnicast[];
  evpn: OpenEvpn | undefined;
}

/** The tree of an `frr.conf` that `printFrr` wrote. @throws UnknownLine */
export function parseFrr(text: string): FrrConfig {
  const reading = new Reading();
  for (const [index, line] of text.split('\n').entries()) {
    if (!reading.take(line)) throw new UnknownLine(line, index + 1);
  }
  return reading.config();
}

/** Lines that say nothing of what the tree holds. */
const FIXED = new Set([
  'frr defaults datacenter',
  'log syslog informational',
  'service integrated-vtysh-config',
  'exit',
  'exit-vrf',
  'exit-address-family',
  '!',
  '',
  'bgp bestpath as-path multipath-relax',
]);

class Reading {
  readonly #remarks: string[] = [];
  readonly #prefixLists = new Map<string, Open<PrefixList>>();
  readonly #communityLists: CommunityList[] = [];
  readonly #extendedCommunityLists: ExtendedCommunityList[] = [];
  readonly #asPathLists: AsPathList[] = [];
  readonly #routeMaps = new Map<string, Open<RouteMap>>();
  readonly #vrfs: Open<FrrVrf>[] = [];
  readonly #instances = new Map<string | undefined, OpenInstance>();
  #version = '';
  #hostname = '';
  #entry: Open<RouteMapEntry> | undefined;
  #vrf: Open<FrrVrf> | undefined;
  #instance: OpenInstance | undefined;
  #family: OpenUnicast | OpenEvpn | undefined;

  public config(): FrrConfig {
    return {
      version: this.#version,
      hostname: this.#hostname,
      remarks: this.#remarks,
      prefixLists: [...this.#prefixLists.values()],
      communityLists: this.#communityLists,
      extendedCommunityLists: this.#extendedCommunityLists,
      asPathLists: this.#asPathLists,
      routeMaps: [...this.#routeMaps.values()],
      vrfs: this.#vrfs,
      bgp: [...this.#instances.values()],
    };
  }

  /** Whether the line could be read. */
  public take(whole: string): boolean {
    const line = whole.trim();
    if (line === 'exit-address-family') this.#family = undefined;
    if (FIXED.has(line)) return true;
    if (!whole.startsWith(' '))
      [this.#entry, this.#vrf, this.#instance, this.#family] = [undefined, undefined, undefined, undefined];
    if (this.#entry !== undefined) return this.#takeEntryLine(this.#entry, line);
    if (this.#vrf !== undefined) return takeVrfLine(this.#vrf, line);
    if (this.#instance !== undefined) return this.#takeInstanceLine(this.#instance, line);
    return this.#takeHead(line);
  }

  #takeHead(line: string): boolean {
    const [, remark] = /^! (.*)$/.exec(line) ?? [];
    const [, version] = /^frr version (\S+)$/.exec(line) ?? [];
    const [, hostname] = /^hostname (\S+)$/.exec(line) ?? [];
    const [, , vrf] = /^(vrf) (\S+)$/.exec(line) ?? [];
    if (remark !== undefined) this.#remarks.push(remark);
    else if (version !== undefined) this.#version = version;
    else if (hostname !== undefined) this.#hostname = hostname;
    else if (vrf !== undefined) this.#vrfs.push((this.#vrf = { name: vrf, vni: 0, blackholes: [] }));
    else return this.#takeList(line) || this.#takeMapHead(line) || this.#takeInstanceHead(line);
    return true;
  }

  #takeList(line: string): boolean {
    const [, keyword, name = '', sequence, action, prefix = '', le] =
      /^(ip|ipv6) prefix-list (\S+) seq (\d+) (permit|deny) (\S+)(?: le (\d+))?$/.exec(line) ?? [];
    if (keyword !== undefined) {
      const entry: PrefixListEntry = {
        sequence: Number(sequence),
        action: action as Action,
        prefix: Prefix.parse(prefix),
        le: le === undefined ? undefined : Number(le),
      };
      const key = `${keyword} ${name}`;
      const list = this.#prefixLists.get(key);
      if (list === undefined) this.#prefixLists.set(key, { name, family: familyOf(keyword), entries: [entry] });
      else list.entries.push(entry);
      return true;
    }
    const [, kind, listName = '', pattern = ''] =
      /^bgp (community-list standard|extcommunity-list expanded|as-path access-list) (\S+) seq 5 permit (.+)$/.exec(
        line,
      ) ?? [];
    switch (kind) {
      case 'community-list standard':
        this.#communityLists.push({ name: listName, community: pattern });
        return true;
      case 'extcommunity-list expanded':
        this.#extendedCommunityLists.push({ name: listName, pattern });
        return true;
      case 'as-path access-list':
        this.#asPathLists.push({ name: listName, pattern });
        return true;
      case undefined:
      default:
        return false;
    }
  }

  #takeMapHead(line: string): boolean {
    const [, name, action, sequence] = /^route-map (\S+) (permit|deny) (\d+)$/.exec(line) ?? [];
    if (name === undefined) return false;
    this.#entry = { sequence: Number(sequence), action: action as Action, matches: [], actions: [] };
    const map = this.#routeMaps.get(name);
    if (map === undefined) this.#routeMaps.set(name, { name, entries: [this.#entry] });
    else map.entries.push(this.#entry);
    return true;
  }

  #takeInstanceHead(line: string): boolean {
    const [, asn, vrf] = /^router bgp (\d+)(?: vrf (\S+))?$/.exec(line) ?? [];
    if (asn === undefined) return false;
    const known = this.#instances.get(vrf);
    this.#instance = known ?? {
      asn: Number(asn),
      vrf,
      routerId: Address.of('ipv4', 0n),
      peerGroups: [],
      neighbors: [],
      unicast: [],
      evpn: undefined,
      enforceFirstAs: undefined,
    };
    this.#instances.set(vrf, this.#instance);
    return true;
  }

  #takeEntryLine(entry: Open<RouteMapEntry>, line: string): boolean {
    const match = tryMatch(line);
    const action = tryAction(line);
    if (match !== undefined) entry.matches.push(match);
    else if (action !== undefined) entry.actions.push(action);
    else return false;
    return true;
  }

  #takeInstanceLine(instance: OpenInstance, line: string): boolean {
    const [, family] = /^address-family (ipv[46]) unicast$/.exec(line) ?? [];
    if (family !== undefined) {
      const made: OpenUnicast = {
        family: family as Family,
        redistributeConnected: undefined,
        networks: [],
        neighbors: [],
        importVrfs: [],
        importMap: undefined,
      };
      instance.unicast.push(made);
      this.#family = made;
      return true;
    }
    if (line === 'address-family l2vpn evpn') {
      instance.evpn = {
        neighbors: [],
        advertiseAllVni: false,
        advertise: [],
        routeDistinguisher: undefined,
        routeTarget: undefined,
      };
      this.#family = instance.evpn;
      return true;
    }
    if (this.#family === undefined) return takeSpeakerLine(instance, line);
    if (takePolicyLine(this.#family.neighbors, line)) return true;
    return 'family' in this.#family ? takeUnicastLine(this.#family, line) : takeEvpnLine(this.#family, line);
  }
}

const familyOf = (keyword: string | undefined): Family => (keyword === 'ip' ? 'ipv4' : 'ipv6');

function takeVrfLine(vrf: Open<FrrVrf>, line: string): boolean {
  const [, prefix] = /^ip(?:v6)? route (\S+) blackhole$/.exec(line) ?? [];
  const [, vni] = /^vni (\d+)$/.exec(line) ?? [];
  if (prefix !== undefined) vrf.blackholes.push(Prefix.parse(prefix));
  else if (vni !== undefined) vrf.vni = Number(vni);
  else return false;
  return true;
}

function takeSpeakerLine(instance: OpenInstance, line: string): boolean {
  const [, routerId] = /^bgp router-id (\S+)$/.exec(line) ?? [];
  const [, name = '', what] = /^neighbor (\S+) (.+)$/.exec(line) ?? [];
  if (routerId !== undefined) instance.routerId = Address.parse(routerId);
  else if (line === 'no bgp enforce-first-as') instance.enforceFirstAs = false;
  else if (what === undefined) return false;
  else if (what === 'peer-group') instance.peerGroups.push({ name });
  else if (what === 'remote-as external' || /^timers \d+ \d+$/.test(what)) return true;
  else {
    const neighbor = tryNeighbor(name, what);
    if (neighbor === undefined) return false;
    instance.neighbors.push(neighbor);
  }
  return true;
}

function tryNeighbor(name: string, what: string): Neighbor | undefined {
  const [, peerGroup] = /^interface peer-group (\S+)$/.exec(what) ?? [];
  const [, asn] = /^remote-as (\d+)$/.exec(what) ?? [];
  if (peerGroup !== undefined) return { kind: 'unnumbered', interface: name, peerGroup };
  return asn === undefined ? undefined : { kind: 'numbered', address: Address.parse(name), asn: Number(asn) };
}

function takePolicyLine(policies: Open<NeighborPolicy>[], line: string): boolean {
  const [, no, activated] = /^(no )?neighbor (\S+) activate$/.exec(line) ?? [];
  if (activated !== undefined) {
    policies.push({
      neighbor: activated,
      activate: no === undefined,
      allowasIn: undefined,
      routeMapIn: undefined,
      routeMapOut: undefined,
    });
    return true;
  }
  const [, name, word, value = '', way] =
    /^neighbor (\S+) (allowas-in|route-map) (\S+)(?: (in|out))?$/.exec(line) ?? [];
  const policy = policies.find(({ neighbor }) => neighbor === name);
  if (policy === undefined) return false;
  if (word === 'allowas-in') policy.allowasIn = Number(value);
  else if (way === 'in') policy.routeMapIn = value;
  else policy.routeMapOut = value;
  return true;
}

function takeUnicastLine(unicast: OpenUnicast, line: string): boolean {
  const [, network] = /^network (\S+)$/.exec(line) ?? [];
  const [, redistributed, routeMap] = /^(redistribute connected)(?: route-map (\S+))?$/.exec(line) ?? [];
  const [, importMap] = /^import vrf route-map (\S+)$/.exec(line) ?? [];
  const [, importVrf] = /^import vrf (\S+)$/.exec(line) ?? [];
  if (network !== undefined) unicast.networks.push(Prefix.parse(network));
  else if (redistributed !== undefined) unicast.redistributeConnected = { routeMap };
  else if (importMap !== undefined) unicast.importMap = importMap;
  else if (importVrf !== undefined) unicast.importVrfs.push(importVrf);
  else return false;
  return true;
}

function takeEvpnLine(evpn: OpenEvpn, line: string): boolean {
  const [, family] = /^advertise (ipv[46]) unicast$/.exec(line) ?? [];
  const [, distinguisher] = /^rd (\S+)$/.exec(line) ?? [];
  const [, target] = /^route-target (?:import|export) (\S+)$/.exec(line) ?? [];
  if (line === 'advertise-all-vni') evpn.advertiseAllVni = true;
  else if (family !== undefined) evpn.advertise.push(family as Family);
  else if (distinguisher !== undefined) evpn.routeDistinguisher = distinguisher;
  // One for import and one for export, both the same: else it is none of ours.
  else if (target !== undefined && (evpn.routeTarget ?? target) === target) evpn.routeTarget = target;
  else return false;
  return true;
}

function tryMatch(line: string): RouteMapMatch | undefined {
  const [, keyword, list] = /^match (ip|ipv6) address prefix-list (\S+)$/.exec(line) ?? [];
  if (list !== undefined) return { kind: 'prefix-list', family: familyOf(keyword), list };
  if (line === 'match evpn route-type prefix') return { kind: 'evpn-prefix-route' };
  if (line === 'match evpn default-route') return { kind: 'evpn-default-route' };
  const [, what, value = ''] =
    /^match (source-vrf|interface|as-path|evpn vni|community|extcommunity) (\S+)$/.exec(line) ?? [];
  switch (what) {
    case 'source-vrf':
      return { kind: what, vrf: value };
    case 'interface':
      return { kind: what, name: value };
    case 'as-path':
    case 'community':
      return { kind: what, list: value };
    case 'extcommunity':
      return { kind: 'extended-community', list: value };
    case 'evpn vni':
      return { kind: 'evpn-vni', vni: Number(value) };
    case undefined:
    default:
      return undefined;
  }
}

function tryAction(line: string): RouteMapAction | undefined {
  if (line === 'set community no-export additive') return { kind: 'no-export' };
  const [, community] = /^set community (\S+)$/.exec(line) ?? [];
  if (community !== undefined) return { kind: 'community', community };
  const [, preference] = /^set local-preference (\d+)$/.exec(line) ?? [];
  return preference === undefined ? undefined : { kind: 'local-preference', preference: Number(preference) };
}
