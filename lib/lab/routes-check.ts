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
  const extra = routes.filter(({ vni, prefix }) => !(permitted.get(vni) ?? []).some((one) => permits(one, prefix)));
  return {
    name: 'routes',
    statement: STATEMENTS.routes,
    passed: needs.length - missing.length + routes.length - extra.length,
    mismatches: [
      ...missing.map((need) => missingMismatch(need, routes)),
      ...extra.map((route) => extraMismatch(route, lab)),
    ],
    notes: [],
    seconds: secondsSince(start),
  };
}

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
  const hosts = (party: Manifest['promises'][number]['from']): readonly Prefix[] => {
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
function permittedOf({ networks, promises }: Manifest): ReadonlyMap<number, readonly Prefix[]> {
  const permitted = new Map<string, Prefix[]>(
    networks.map(({ name, prefixes, destinationPrefixes }) => [
      name,
      [...prefixes, ...destinationPrefixes].map(parsePrefix),
    ]),
  );
  // The hosts of a network may have addresses that are lent to them by another one.
  for (const { from, to, verdict, seenAs } of promises) {
    if (verdict !== 'allowed') continue;
    permitted.get(from.name)?.push(...to.prefixes.map(parsePrefix));
    if (seenAs === 'original') permitted.get(to.name)?.push(...from.prefixes.map(parsePrefix));
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

export function parseRoutes(text: string): readonly EvpnRoute[] {
  const table = JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, RouteText | string>> | number>>;
  return Object.values(table).flatMap((routes) => {
    if (typeof routes === 'number') return [];
    return Object.entries(routes).flatMap(([key, route]) => {
      const parts = /^\[5\]:\[\d+\]:\[(\d+)\]:\[([0-9a-fA-F.:]+)\]$/.exec(key);
      if (parts === null || typeof route === 'string') return [];
      const [, length = '', address = ''] = parts;
      const paths = (route.paths ?? []).flat();
      const prefix = Prefix.around(Address.parse(address), Number(length));
      const vnis = new Set(paths.flatMap(({ extendedCommunity }) => targetsIn(extendedCommunity?.string ?? '')));
      const nextHops = [...new Set(paths.flatMap(({ nexthops = [] }) => nexthops.map(({ ip }) => ip)))];
      return [...vnis].map((vni) => ({ vni, prefix, nextHops }));
    });
  });
}

const targetsIn = (communities: string): readonly number[] =>
  [...communities.matchAll(/\bRT:\d+:(\d+)\b/g)].map(([, vni]) => Number(vni));

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
