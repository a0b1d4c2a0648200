import { type Check, type Mismatch, STATEMENTS } from './checks';
import type { Lab } from './lab';
import type { Link, LinkEnd } from './topology';
import { deadline, isOver, secondsSince } from './waiting';

const SUMMARY = ['vtysh', '-c', 'show bgp vrf all summary json'];

interface Summary {
  readonly peers?: Readonly<Record<string, { readonly state: string; readonly lastResetDueTo?: string }>>;
}

/** Neighbors by name, with the state in each address family. */
type Neighbors = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Expected {
  readonly end: LinkEnd;
  readonly far: LinkEnd;
  /** The interface, or the address of a numbered neighbor. */
  readonly neighbors: readonly string[];
  readonly families: readonly string[];
}

/** Asks every node for its sessions, again and again until all are established or the time is over. */
export async function checkSessions(lab: Lab, seconds: number): Promise<Check> {
  const start = performance.now();
  const limit = deadline('sessions', seconds);
  const expected = lab.topology.links.flatMap((link) => expectedOf(link, lab));
  let waiting = expected;
  let mismatches: readonly Mismatch[];
  do {
    const nodes = [...new Set(waiting.map(({ end }) => end.node))].map((name) => lab.findNode(name));
    const ran = await lab.onEach(nodes, SUMMARY, 'vtysh');
    const known = new Map(ran.map(({ node, out }) => [node, neighborsOf(out)]));
    const found = waiting.map((one) => ({ one, mismatch: mismatchOf(one, known.get(one.end.node)) }));
    waiting = found.filter(({ mismatch }) => mismatch !== undefined).map(({ one }) => one);
    mismatches = found.flatMap(({ mismatch }) => mismatch ?? []);
  } while (waiting.length > 0 && !isOver(limit));
  return {
    name: 'sessions',
    statement: STATEMENTS.sessions,
    passed: expected.length - waiting.length,
    mismatches,
    notes: [],
    seconds: secondsSince(start),
  };
}

function expectedOf(link: Link, { output: { manifest } }: Lab): readonly Expected[] {
  const { kind, a, b } = link;
  const both = (families: readonly string[]): readonly Expected[] => [
    { end: a, far: b, neighbors: [a.port], families },
    { end: b, far: a, neighbors: [b.port], families },
  ];
  switch (kind) {
    case 'fabric':
    case 'firewall':
      return both(['ipv4Unicast', 'l2VpnEvpn']);
    case 'machine':
    case 'beyond':
      return both([]);
    case 'router': {
      const router = manifest.networks
        .flatMap(({ routers }) => routers)
        .find(({ device, port }) => [a, b].some((end) => end.node === device && end.port === port));
      const [device, stand] = router?.device === a.node ? [a, b] : [b, a];
      const addresses = router?.addresses ?? [];
      return [
        { end: device, far: stand, neighbors: addresses.map(({ address }) => address), families: [] },
        { end: stand, far: device, neighbors: addresses.map(({ local }) => local), families: [] },
      ];
    }
  }
}

function neighborsOf(text: string): Neighbors {
  const neighbors = new Map<string, Map<string, string>>();
  const vrfs = JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, Summary>>>>;
  for (const families of Object.values(vrfs)) {
    for (const [family, { peers = {} }] of Object.entries(families)) {
      for (const [name, { state }] of Object.entries(peers)) {
        const states = neighbors.get(name) ?? new Map<string, string>();
        neighbors.set(name, states.set(family, state));
      }
    }
  }
  return neighbors;
}

function mismatchOf({ end, far, neighbors, families }: Expected, known: Neighbors | undefined): Mismatch | undefined {
  const missing = neighbors.flatMap((name) => {
    const states = known?.get(name) ?? new Map<string, string>();
    const wanted = families.length === 0 ? [...states.keys()] : families;
    if (states.size === 0) return [`${name}: no such neighbor`];
    return wanted
      .filter((family) => states.get(family) !== 'Established')
      .map((family) => `${name} ${family}: ${states.get(family) ?? 'not activated'}`);
  });
  if (missing.length === 0) return undefined;
  return {
    what: `session of ${end.node} with ${far.node}`,
    promised: 'established',
    seen: missing.join(', '),
    devices: [end.node, far.node],
    evidence: missing.map((line) => `${end.node} says: ${line}`),
  };
}
