import { vrfName } from '../device/names';
import { describeFlow, type Mismatch } from './checks';
import type { Expectation } from './expectations';
import type { Lab } from './lab';
import { agrees, probeOf, type Seen } from './probing';
import { uplinksOf } from './topology';

/** A packet that was seen on a wire or an interface. */
interface Sighting {
  readonly at: number;
  readonly node: string;
  readonly interface: string;
  readonly way: 'in' | 'out';
  readonly source: string;
  readonly target: string;
  readonly tunnel: string | null;
}

/** How long a flow is sent and listened to once more. */
const TRACE_SECONDS = 4;

/** A flow that is not as promised: sent once more, with an ear on every interface, the counters and the routes on its way. */
export async function explainFlow(lab: Lab, seen: Seen): Promise<Mismatch> {
  const { expectation } = seen;
  const before = await countersOf(lab);
  const sightings = await trace(lab, expectation);
  const after = await countersOf(lab);
  const drops = expectation.allowed ? grownDrops(before, after, new Set(pathOf(lab, expectation))) : [];
  const routes = expectation.allowed ? await routesOf(lab, expectation) : [];
  const devices = suspects(lab, expectation, sightings, drops, routes);
  return {
    ...summaryOf(seen),
    devices,
    evidence: [
      ...sightings.map(printSighting),
      ...(sightings.length === 0 ? ['no packet of it was seen anywhere'] : []),
      ...drops.map(({ node, rule, packets }) => `${node} dropped ${packets} packets meanwhile: ${rule}`),
      ...routes.map(({ node, line }) => `${node}: ${line}`),
    ],
  };
}

/** What was promised of a flow and what was seen of it, without a further look. */
export function summaryOf(seen: Seen): Mismatch {
  const { expectation } = seen;
  return {
    what: describeFlow(expectation),
    promised: describePromise(expectation),
    seen: describeSeen(seen),
    devices: expectation.via === undefined ? [] : expectation.via.split(', '),
    evidence: [],
  };
}

export function describePromise({ allowed, seenAs, via, because }: Expectation): string {
  if (!allowed) return `denied (${because})`;
  return `allowed, seen as ${seenAs ?? '?'}${via === undefined ? '' : `, via ${via}`} (${because})`;
}

export function describeSeen(seen: Seen): string {
  const { sent, arrivals, answered, error, expectation } = seen;
  if (sent === 0) return `nothing could be sent${error === undefined ? '' : ` (${error})`}`;
  if (arrivals.length === 0) return `${sent} sent, none arrived${error === undefined ? '' : ` (${error})`}`;
  const where = arrivals.map(({ node, source }) => `at ${node} as ${source}`).join(' and ');
  const back = answered ? 'answered' : 'not answered';
  return `arrived ${where}, ${back}${agrees(seen) || expectation.allowed ? '' : `; ${sent} sent`}`;
}

async function trace(lab: Lab, expectation: Expectation): Promise<readonly Sighting[]> {
  const { probe, listen } = probeOf(lab, expectation, 4242);
  return lab.program<Sighting>('trace.py', [], {
    nodes: lab.nodes.map(({ name }) => name),
    probe,
    listen,
    seconds: TRACE_SECONDS,
  });
}

function printSighting({ at, node, interface: name, way, source, target, tunnel }: Sighting): string {
  return `${at.toFixed(3)} s ${node} ${name} ${way}: ${source} → ${target}${tunnel === null ? '' : ` in a tunnel from ${tunnel}`}`;
}

// ---- counters

interface Drop {
  readonly node: string;
  readonly rule: string;
  readonly packets: number;
}

type Counters = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** By device, how many packets each rule has dropped. */
async function countersOf(lab: Lab): Promise<Counters> {
  const ran = await lab.onEach(
    lab.nodes.filter(({ hasRuleset }) => hasRuleset),
    ['nft', 'list', 'ruleset'],
    'nft',
  );
  return new Map(ran.map(({ node, out }) => [node, dropsIn(out)]));
}

function dropsIn(ruleset: string): ReadonlyMap<string, number> {
  const drops = new Map<string, number>();
  let chain = '';
  for (const line of ruleset.split('\n').map((one) => one.trim())) {
    chain = /^chain (\S+)/.exec(line)?.[1] ?? chain;
    const parts = /^(.*)counter packets (\d+) bytes \d+ drop$/.exec(line);
    if (parts === null) continue;
    const key = `chain ${chain}: ${parts[1] ?? ''}counter drop`;
    drops.set(key, (drops.get(key) ?? 0) + Number(parts[2]));
  }
  return drops;
}

function grownDrops(before: Counters, after: Counters, path: ReadonlySet<string>): readonly Drop[] {
  return [...after].flatMap(([node, rules]) => {
    if (!path.has(node)) return [];
    return [...rules].flatMap(([rule, count]) => {
      const packets = count - (before.get(node)?.get(rule) ?? 0);
      return packets > 0 ? [{ node, rule, packets }] : [];
    });
  });
}

/** The devices a flow may pass: those beside both ends, and the firewalls it is promised to go through. */
function pathOf({ topology }: Lab, { from, to, via }: Expectation): readonly string[] {
  const beside = (node: string): readonly string[] => uplinksOf(topology, node).map(({ far }) => far.node);
  const firewalls = via === undefined ? [] : via.split(', ');
  return [...new Set([...beside(from.node), ...firewalls, ...firewalls.flatMap(beside), ...beside(to.node)])];
}

// ---- routes

interface RouteLine {
  readonly node: string;
  readonly line: string;
  readonly lacking: boolean;
}

/** What the devices on the way know of both ends, in the VRFs of both networks. */
async function routesOf(lab: Lab, expectation: Expectation): Promise<readonly RouteLine[]> {
  const { from, to, seenAs } = expectation;
  const vrfs = lab.output.manifest.networks
    .filter(({ name }) => name === from.network || name === to.network)
    .map(({ vni }) => vrfName({ vni }));
  // The far side sees a translated address: nobody there needs a route to the original one.
  const targets = [to.address.toString(), seenAs ?? from.address.toString()];
  const family = from.family === 'ipv4' ? '-4' : '-6';
  const looks = vrfs.flatMap((vrf) =>
    targets.map((target) => `echo "${vrf} ${target} $(ip ${family} route get ${target} vrf ${vrf} 2>&1 | head -1)"`),
  );
  const known = `for v in ${vrfs.join(' ')}; do ip link show "$v" >/dev/null 2>&1 && echo "has $v"; done`;
  const nodes = pathOf(lab, expectation).map((name) => lab.findNode(name));
  const ran = await lab.onEach(nodes, ['sh', '-c', [known, ...looks, 'true'].join('; ')], 'ip route get');
  return ran.flatMap(({ node, out }) => {
    const lines = out.split('\n');
    const has = new Set(lines.filter((line) => line.startsWith('has ')).map((line) => line.slice(4)));
    return lines.flatMap((line) => {
      const [vrf = '', target = '', ...answer] = line.trim().split(' ');
      if (!has.has(vrf)) return [];
      const said = answer.join(' ');
      const lacking = /unreachable|RTNETLINK|prohibit/.test(said);
      return [{ node, line: lacking ? `no route to ${target} in ${vrf}` : `in ${vrf}: ${said}`, lacking }];
    });
  });
}

// ---- who it was

/**
 * Where a flow that should arrive was dropped by a rule, else who lacks a route that only it can give, else where it was seen last;
 * where a flow that should not arrive was let through.
 */
function suspects(
  lab: Lab,
  { allowed, from, to, via }: Expectation,
  sightings: readonly Sighting[],
  drops: readonly Drop[],
  routes: readonly RouteLine[],
): readonly string[] {
  const devices = new Set(lab.output.manifest.devices.filter(({ role }) => role !== 'machine').map(({ name }) => name));
  const passed = sightings.map(({ node }) => node).filter((node) => devices.has(node));
  const firewalls = via === undefined ? [] : via.split(', ');
  const lacking = routes.filter((one) => one.lacking).map(({ node }) => node);
  const last = passed.slice(-1);
  const isFirewall = (node: string): boolean =>
    lab.nodes.some(({ name, role }) => name === node && role === 'firewall');
  const ordered = allowed
    ? [
        ...drops.map(({ node }) => node),
        ...firewalls.filter((name) => lacking.includes(name)),
        ...last,
        ...firewalls,
        ...lacking,
      ]
    : [...passed.filter(isFirewall), ...passed];
  const hosts = new Set([from.node, to.node]);
  return [...new Set(ordered)].filter((node) => !hosts.has(node) || isFirewall(node)).slice(0, 5);
}
