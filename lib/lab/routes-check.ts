import { Address, Prefix } from '../net';
import type { Manifest } from '../manifest';
import { type Check, type Mismatch, STATEMENTS } from './checks';
import { endpointsOf } from './endpoints';
import type { Lab } from './lab';
import { deadline, isOver, secondsSince } from './waiting';

/** A type-5 route, as a spine has it. */
export interface EvpnRoute {
  readonly vni: number;
  readonly prefix: Prefix;
  /** The loopbacks of the devices that announce it. */
  readonly nextHops: readonly string[];
}

const ROUTES = ['vtysh', '-c', 'show bgp l2vpn evpn route type prefix json'];

/**
 * Compares the EVPN routes of a spine, which passes on all of them, with what the promises need: in the VNI of a network a
 * route to each host its own hosts may reach or must answer, and to nothing else. What is missing is waited for.
 */
export async function checkRoutes(lab: Lab, seconds: number): Promise<Check> {
  const start = performance.now();
  const limit = deadline('routes', seconds);
  const spine = lab.nodes.find(({ role }) => role === 'spine')?.name ?? '';
  const needs = needsOf(lab);
  const permitted = permittedOf(lab.output.manifest);
  let routes: readonly EvpnRoute[];
  let missing: readonly Need[];
  do {
    const { out } = await lab.session.run(spine, ROUTES);
    routes = parseRoutes(out);
    const known = new Set(routes.map(({ vni, prefix }) => `${vni} ${prefix.toString()}`));
    missing = needs.filter(({ vni, prefix }) => !known.has(`${vni} ${prefix.toString()}`));
  } while (missing.length > 0 && !isOver(limit));
  const isPermitted = ({ vni, prefix }: Pick<EvpnRoute, 'vni' | 'prefix'>): boolean =>
    (permitted.get(vni) ?? []).some((one) => permits(one, prefix));
  const extra = routes.filter((route) => !isPermitted(route));
  // What a firewall says too much is stopped by its leaves, and must not be said all the same.
  const said = await announcedByFirewalls(lab);
  const tooMuch = said.filter((route) => !isPermitted(route));
  return {
    name: 'routes',
    statement: STATEMENTS.routes,
    passed: needs.length - missing.length + routes.length - extra.length + said.length - tooMuch.length,
    mismatches: [
      ...missing.map((need) => missingMismatch(need, routes)),
      ...extra.map((route) => extraMismatch(route, lab)),
      ...tooMuch.map((route) => tooMuchMismatch(route, lab)),
    ],
    notes: [],
    seconds: secondsSince(start),
  };
}

type Party = Manifest['promises'][number]['from'];

interface Need {
  readonly vni: number;
  readonly network: string;
  readonly prefix: Prefix;
  /** The host that announces it, or the firewall that leaks it; undefined for what comes from a border leaf. */
  readonly by: string | undefined;
  readonly because: string;
}

function needsOf(lab: Lab): readonly Need[] {
  const { manifest } = lab.output;
  const vnis = new Map(manifest.networks.map(({ name, vni }) => [name, vni]));
  const machines = endpointsOf(lab.output, lab.topology).filter(({ kind }) => kind === 'machine');
  const needs = new Map<string, Need>();
  const add = (need: Need): void => void needs.set(`${need.vni} ${need.prefix.toString()}`, need);
  const hosts = (party: Party): readonly Prefix[] => {
    const prefixes = party.prefixes.map(parsePrefix);
    if (party.kind === 'beyond') return prefixes;
    return machines
      .filter(({ network }) => party.kind !== 'network' || network === party.name)
      .filter(({ address }) => prefixes.some((prefix) => prefix.holds(address)))
      .map(({ address }) => Prefix.host(address));
  };
  for (const { network, address, name } of machines) {
    const vni = vnis.get(network);
    if (vni === undefined) continue;
    add({ vni, network, prefix: Prefix.host(address), by: name, because: `${name} has this address` });
  }
  for (const { from, to, verdict, seenAs, via, family } of manifest.promises) {
    if (verdict !== 'allowed' || via === null || to.kind === 'firewalls') continue;
    const because = `${from.name} → ${to.name} ${family} is promised`;
    // Through a DMZ the first firewall answers for what lies behind the second one.
    const by = via.split(', ')[0];
    const there = vnis.get(from.name);
    if (from.kind === 'network' && there !== undefined && to.kind !== 'host') {
      for (const prefix of hosts(to)) add({ vni: there, network: from.name, prefix, by, because });
    }
    const back = vnis.get(to.name);
    if (seenAs === 'original' && from.kind === 'network' && back !== undefined) {
      for (const prefix of hosts(from))
        add({ vni: back, network: to.name, prefix, by, because: `answers to ${from.name} are promised` });
    }
  }
  return [...needs.values()];
}

/** By VNI, all prefixes that its hosts may know: their own, those they may reach, those they must answer. */
function permittedOf({ networks, hosts, promises }: Manifest): ReadonlyMap<number, readonly Prefix[]> {
  const permitted = new Map<string, Prefix[]>(
    networks.map(({ name, prefixes, destinationPrefixes }) => [
      name,
      [...prefixes, ...destinationPrefixes].map(parsePrefix),
    ]),
  );
  // The machines of a network may have addresses that are lent to them by another one.
  const homes = new Map(hosts.filter(({ kind }) => kind === 'machine').map(({ name, network }) => [name, network]));
  const permit = ({ kind, name }: Party, known: Party): void => {
    const network = kind === 'host' ? homes.get(name) : name;
    permitted.get(network ?? '')?.push(...known.prefixes.map(parsePrefix));
  };
  for (const { from, to, verdict, seenAs } of promises) {
    if (verdict !== 'allowed') continue;
    permit(from, to);
    if (seenAs === 'original') permit(to, from);
  }
  return new Map(networks.map(({ name, vni }) => [vni, permitted.get(name) ?? []]));
}

/** A default route permits itself, and not all that lies in it. */
const permits = (permitted: Prefix, route: Prefix): boolean =>
  permitted.isDefault ? permitted.equals(route) : permitted.contains(route);

const parsePrefix = (text: string): Prefix =>
  text.includes('/') ? Prefix.parse(text) : Prefix.host(Address.parse(text));

interface RouteText {
  readonly paths?: readonly (readonly PathText[])[];
}

interface PathText {
  readonly extendedCommunity?: { readonly string: string };
  readonly nexthops?: readonly { readonly ip: string }[];
}

/** By route distinguisher, then by route. */
type RouteTable = Readonly<Record<string, Readonly<Record<string, RouteText | string>> | number>>;

function tryPrefixOf(key: string): Prefix | undefined {
  const [, length, address] = /^\[5\]:\[\d+\]:\[(\d+)\]:\[([0-9a-fA-F.:]+)\]$/.exec(key) ?? [];
  return length === undefined || address === undefined
    ? undefined
    : Prefix.around(Address.parse(address), Number(length));
}

export function parseRoutes(text: string): readonly EvpnRoute[] {
  const table = JSON.parse(text) as RouteTable;
  return Object.values(table).flatMap((routes) => {
    if (typeof routes === 'number') return [];
    return Object.entries(routes).flatMap(([key, route]) => {
      const prefix = tryPrefixOf(key);
      if (prefix === undefined || typeof route === 'string') return [];
      const paths = (route.paths ?? []).flat();
      const vnis = new Set(paths.flatMap(({ extendedCommunity }) => targetsIn(extendedCommunity?.string ?? '')));
      const nextHops = [...new Set(paths.flatMap(({ nexthops = [] }) => nexthops.map(({ ip }) => ip)))];
      return [...vnis].map((vni) => ({ vni, prefix, nextHops }));
    });
  });
}

const targetsIn = (communities: string): readonly number[] =>
  [...communities.matchAll(/\bRT:\d+:(\d+)\b/g)].map(([, vni]) => Number(vni));

/** A route that a firewall tells its leaves. */
interface Announced {
  readonly firewall: string;
  readonly vni: number;
  readonly prefix: Prefix;
}

const OWN_ROUTES = ['vtysh', '-c', 'show bgp l2vpn evpn route type prefix json'];
const TOLD_ROUTES = ['vtysh', '-c', 'show bgp l2vpn evpn neighbors lan0 advertised-routes json'];

async function announcedByFirewalls(lab: Lab): Promise<readonly Announced[]> {
  const firewalls = lab.nodes.filter(({ role }) => role === 'firewall');
  const own = new Map((await lab.onEach(firewalls, OWN_ROUTES, 'vtysh')).map(({ node, out }) => [node, out]));
  const told = await lab.onEach(firewalls, TOLD_ROUTES, 'vtysh');
  return told.flatMap(({ node, out }) => {
    // What is told goes by route distinguisher; the firewall's own table says which VNI that is.
    const vnis = vnisByDistinguisher(own.get(node) ?? '{}');
    const { advertisedRoutes = {} } = JSON.parse(out) as { readonly advertisedRoutes?: RouteTable };
    return Object.entries(advertisedRoutes).flatMap(([distinguisher, routes]) => {
      const vni = vnis.get(distinguisher);
      if (vni === undefined || typeof routes === 'number') return [];
      return Object.keys(routes).flatMap((key) => {
        const prefix = tryPrefixOf(key);
        return prefix === undefined ? [] : [{ firewall: node, vni, prefix }];
      });
    });
  });
}

function vnisByDistinguisher(text: string): ReadonlyMap<string, number> {
  const table = JSON.parse(text) as RouteTable;
  return new Map(
    Object.entries(table).flatMap(([distinguisher, routes]) => {
      const [vni] = parseRoutes(JSON.stringify({ [distinguisher]: routes })).map((route) => route.vni);
      return vni === undefined ? [] : [[distinguisher, vni] as const];
    }),
  );
}

function tooMuchMismatch({ firewall, vni, prefix }: Announced, { output: { manifest } }: Lab): Mismatch {
  const network = manifest.networks.find((one) => one.vni === vni)?.name ?? 'no network';
  return {
    what: `${firewall} announces ${prefix.toString()} in VNI ${vni} (${network})`,
    promised: 'kept to itself: the hosts of that network are promised nothing there',
    seen: 'announced',
    devices: [firewall],
    evidence: [`${firewall} tells its leaves; whether they take it is for their filters`],
  };
}

function missingMismatch({ vni, network, prefix, by, because }: Need, routes: readonly EvpnRoute[]): Mismatch {
  const elsewhere = routes.filter((route) => route.prefix.equals(prefix)).map((route) => route.vni);
  return {
    what: `route to ${prefix.toString()} in VNI ${vni} (${network})`,
    promised: `present: ${because}`,
    seen: 'absent',
    devices: by === undefined ? [] : [by],
    evidence: [
      `no device announces it${by === undefined ? '' : `; it is ${by} that must`}`,
      elsewhere.length === 0 ? 'it is in no other VNI either' : `it is in VNI ${[...new Set(elsewhere)].join(', ')}`,
    ],
  };
}

function extraMismatch({ vni, prefix, nextHops }: EvpnRoute, { output: { manifest } }: Lab): Mismatch {
  const devices = nextHops.map((ip) => manifest.devices.find(({ loopback }) => loopback === ip)?.name ?? ip);
  const network = manifest.networks.find((one) => one.vni === vni)?.name ?? 'no network';
  return {
    what: `route to ${prefix.toString()} in VNI ${vni} (${network})`,
    promised: 'absent: its hosts are promised nothing there',
    seen: 'present',
    devices,
    evidence: devices.map((device) => `${device} announces it`),
  };
}
