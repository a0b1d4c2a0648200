import { Address, type Family, Prefix } from '../net';
import { type Check, type Mismatch, STATEMENTS } from './checks';
import type { Endpoint } from './endpoints';
import { ANY_PORT, type Expectation } from './expectations';
import type { Lab } from './lab';
import { sviName, vrfName } from '../device/names';
import { type Arrival, forge, type Forged } from './probing';
import { uplinksOf } from './topology';
import { deadline, isOver, secondsSince } from './waiting';

/**
 * Attacks that a leaf must stop, each with a control that shows that it would have been noticed: every machine sends with
 * addresses of others, over each of its links by itself, and announces addresses of others; every firewall announces an
 * address of a network it is connected to which is not its own. All is taken back afterwards.
 */
export async function checkGuards(
  lab: Lab,
  endpoints: readonly Endpoint[],
  expectations: readonly Expectation[],
): Promise<Check> {
  const start = performance.now();
  const sent = await checkSources(lab, endpoints, expectations);
  const announced = await checkAnnouncements(lab, endpoints);
  return {
    name: 'guards',
    statement: STATEMENTS.guards,
    passed: sent.passed + announced.passed,
    mismatches: [...sent.mismatches, ...announced.mismatches],
    notes: [...sent.notes, ...announced.notes],
    seconds: secondsSince(start),
  };
}

type Outcome = Pick<Check, 'passed' | 'mismatches' | 'notes'>;

interface Spoof {
  readonly machine: Endpoint;
  readonly target: Endpoint;
  readonly port: string;
  readonly leaf: string;
  readonly source: string;
  /** Whose address it is; undefined for the control, with the machine's own. */
  readonly whose: string | undefined;
}

async function checkSources(
  lab: Lab,
  endpoints: readonly Endpoint[],
  expectations: readonly Expectation[],
): Promise<Outcome> {
  const spoofs = endpoints
    .filter(({ kind }) => kind === 'machine')
    .flatMap((machine) => spoofsOf(machine, lab, endpoints, expectations));
  const arrivals = await forge(lab, spoofs.map(forgedOf));
  const mismatches: Mismatch[] = [];
  const notes = new Set<string>();
  let passed = 0;
  spoofs.forEach((spoof, index) => {
    const arrived = arrivals[index] ?? [];
    if (spoof.whose !== undefined ? arrived.length === 0 : arrived.length > 0) passed++;
    else mismatches.push(spoofMismatch(spoof, arrived));
  });
  for (const { name, family } of endpoints.filter(({ kind }) => kind === 'machine')) {
    if (!spoofs.some(({ machine }) => machine.name === name && machine.family === family)) {
      notes.add(`${name} reaches nobody by ${family}: no spoofed source was tried`);
    }
  }
  return { passed, mismatches, notes: [...notes] };
}

function spoofsOf(
  machine: Endpoint,
  { topology }: Lab,
  endpoints: readonly Endpoint[],
  expectations: readonly Expectation[],
): readonly Spoof[] {
  const target = targetOf(machine, expectations);
  if (target === undefined) return [];
  const others = endpoints.filter(
    ({ kind, family, name }) => kind === 'machine' && family === machine.family && name !== machine.name,
  );
  const fakes = [
    others.find(({ network, name }) => network === machine.network && name !== target.name),
    others.find(({ network }) => network !== machine.network),
  ].filter((one) => one !== undefined);
  return uplinksOf(topology, machine.node).flatMap(({ own, far }) => {
    const base = { machine, target, port: own.port, leaf: far.node };
    return [
      { ...base, source: machine.address.toString(), whose: undefined },
      ...fakes.map(({ address, name }) => ({ ...base, source: address.toString(), whose: name })),
    ];
  });
}

/** Somebody whom the machine reaches, best of all without a firewall in the path, which would stop it, too. */
function targetOf(machine: Endpoint, expectations: readonly Expectation[]): Endpoint | undefined {
  const reached = expectations.filter(
    ({ from, to, allowed, protocol, port }) =>
      from === machine && allowed && protocol === 'udp' && port === ANY_PORT && to.kind === 'machine',
  );
  return (reached.find(({ via }) => via === undefined) ?? reached[0])?.to;
}

const forgedOf = ({ machine, target, port, source, whose }: Spoof): Forged => ({
  node: machine.node,
  port,
  source,
  target,
  expected: whose === undefined,
});

function spoofMismatch({ machine, target, port, leaf, source, whose }: Spoof, arrived: readonly Arrival[]): Mismatch {
  const where = arrived.map(({ node, source: seen }) => `${node} got it, from ${seen}`).join(', ');
  if (whose === undefined) {
    return {
      what: `${machine.name} sends by ${port} with its own address ${source}`,
      promised: `arrives at ${target.name}`,
      seen: 'did not arrive',
      devices: [leaf],
      evidence: [`the wire leads to ${leaf}`],
    };
  }
  return {
    what: `${machine.name} sends by ${port} with ${source}, an address of ${whose}`,
    promised: `dropped by ${leaf}`,
    seen: where,
    devices: [leaf],
    evidence: [`${leaf} let it in, at the other end of ${machine.name} ${port}`],
  };
}

// ---- announcements

interface Claim {
  readonly node: string;
  readonly role: 'machine' | 'firewall';
  /** The interface whose addresses are announced. */
  readonly interface: string;
  readonly address: Address;
  readonly network: string;
}

/** How long a wrong route may take to show, once its sender has announced it: longer than any of it took to spread. */
const SPREADING_SECONDS = 4;

async function checkAnnouncements(lab: Lab, endpoints: readonly Endpoint[]): Promise<Outcome> {
  const { manifest } = lab.output;
  const filtersPrefixes = Number(manifest.frr.split('.')[0]) >= 10;
  const claims = claimsOf(lab, endpoints).filter(({ role }) => role === 'machine' || filtersPrefixes);
  const notes = filtersPrefixes
    ? []
    : [
        `FRR ${manifest.frr} cannot filter EVPN routes by prefix (decision 0006): what firewalls announce was not tried`,
      ];
  if (claims.length === 0) return { passed: 0, mismatches: [], notes };
  const change = (action: 'add' | 'del'): Promise<unknown> => Promise.resolve(changeAddresses(lab, claims, action));
  await change('add');
  try {
    const unheard = await waitForAnnouncements(lab, claims);
    await spread();
    const holders = await holdersOf(lab, claims);
    const mismatches = claims.flatMap((claim) => {
      if (unheard.has(claim)) {
        return [
          {
            ...describe(claim),
            seen: 'its own BGP never announced it: nothing is proven',
            devices: [claim.node],
            evidence: [],
          },
        ];
      }
      const routes = holders.get(claim) ?? new Map<string, string>();
      if (routes.size === 0) return [];
      const known = [...routes.keys()];
      const first = takersOf(lab, claim, routes);
      return [
        {
          ...describe(claim),
          seen: `${known.length} devices have a route to it`,
          devices: [...first, ...known.filter((node) => !first.includes(node))],
          evidence: [
            `${first.join(' and ') || 'no leaf of its own'} took it from ${claim.node}`,
            `known to ${known.join(', ')}`,
          ],
        },
      ];
    });
    return { passed: claims.length - mismatches.length, mismatches, notes };
  } finally {
    await change('del');
  }
}

/** The leaves that took the route from its sender: theirs leads out of the port, or into the tunnel, to the sender. */
function takersOf({ topology, output }: Lab, { node }: Claim, routes: ReadonlyMap<string, string>): readonly string[] {
  const loopback = output.manifest.devices.find(({ name }) => name === node)?.loopback;
  return uplinksOf(topology, node)
    .map(({ far }) => far)
    .filter(({ node: leaf, port }) => {
      const words = (routes.get(leaf) ?? '').split(' ');
      return words.includes(port) || (loopback !== null && loopback !== undefined && words.includes(loopback));
    })
    .map(({ node: leaf }) => leaf);
}

const describe = ({ node, address, network }: Claim): Pick<Mismatch, 'what' | 'promised'> => ({
  what: `${node} announces ${address.toString()} in ${network}, which is not its own`,
  promised: 'its leaves refuse the route',
});

function claimsOf({ output: { manifest }, topology }: Lab, endpoints: readonly Endpoint[]): readonly Claim[] {
  const networks = new Map(manifest.networks.map((network) => [network.name, network]));
  const used = new Set(endpoints.map(({ address }) => address.toString()));
  /** The last address of the network that nobody has and nobody else claims. */
  const takeFree = (network: string, family: Family): Address | undefined => {
    const prefix = (networks.get(network)?.prefixes ?? []).map(Prefix.parse).find((one) => one.family === family);
    if (prefix === undefined) return undefined;
    const { first, last } = prefix.usable;
    for (let value = last.value; value >= first.value; value--) {
      const address = Address.of(family, value);
      if (used.has(address.toString())) continue;
      used.add(address.toString());
      return address;
    }
    return undefined;
  };
  return manifest.hosts.flatMap(({ name, kind, network, addresses }): readonly Claim[] => {
    if (kind === 'machine') {
      const families = [...new Set(addresses.map(({ family }) => family))];
      return families.flatMap((family) => {
        const address = takeFree(network, family);
        return address === undefined ? [] : [{ node: name, role: 'machine', interface: 'lo', address, network }];
      });
    }
    if (!topology.nodes.some((node) => node.name === name)) return [];
    return addresses.flatMap(({ network: connected, family }) => {
      const vni = networks.get(connected)?.vni;
      const address = takeFree(connected, family);
      if (vni === undefined || address === undefined) return [];
      return [{ node: name, role: 'firewall', interface: sviName({ vni }), address, network: connected }];
    });
  });
}

async function changeAddresses(lab: Lab, claims: readonly Claim[], action: 'add' | 'del'): Promise<void> {
  const lines = claims.map(({ node, interface: name, address }) => {
    const nodad = address.family === 'ipv6' && action === 'add' ? ' nodad' : '';
    return `ip -n ${node} address ${action} ${Prefix.host(address).toString()} dev ${name}${nodad}`;
  });
  const ran = await lab.session.run(undefined, ['sh', '-e'], `${lines.join('\n')}\n`);
  if (ran.exit !== 0) throw new Error(`the addresses of an attack could not be changed: ${ran.err.trim()}`);
}

/** Those claims that the sender itself has not announced when the time is over. */
async function waitForAnnouncements(lab: Lab, claims: readonly Claim[]): Promise<ReadonlySet<Claim>> {
  const limit = deadline('announcements', 20);
  let waiting = [...claims];
  do {
    const said = new Map<string, string>();
    for (const role of ['machine', 'firewall'] as const) {
      const names = new Set(waiting.filter((claim) => claim.role === role).map(({ node }) => node));
      const nodes = [...names].map((name) => lab.findNode(name));
      for (const { node, out } of await lab.onEach(nodes, ADVERTISED[role], 'vtysh')) said.set(node, out);
    }
    waiting = waiting.filter(({ node, address }) => !announces(said.get(node) ?? '', address));
  } while (waiting.length > 0 && !isOver(limit));
  return new Set(waiting);
}

/** What a host tells its first leaf: routes of its own, or EVPN. */
const ADVERTISED = {
  machine: [
    ['vtysh', '-c', 'show bgp ipv4 unicast neighbors lan0 advertised-routes json'],
    ['-c', 'show bgp ipv6 unicast neighbors lan0 advertised-routes json'],
  ].flat(),
  firewall: ['vtysh', '-c', 'show bgp l2vpn evpn neighbors lan0 advertised-routes json'],
};

const announces = (said: string, address: Address): boolean =>
  said.includes(`"${Prefix.host(address).toString()}"`) || said.includes(`:[${address.toString()}]"`);

const spread = (): Promise<void> => new Promise((done) => setTimeout(done, SPREADING_SECONDS * 1000));

/** By claim, the nodes that have a route to it in the network it was claimed in, and that route. */
async function holdersOf(lab: Lab, claims: readonly Claim[]): Promise<ReadonlyMap<Claim, ReadonlyMap<string, string>>> {
  const { networks, hosts } = lab.output.manifest;
  const networkOfVrf = new Map(networks.map(({ name, vni }) => [vrfName({ vni }), name]));
  const networkOfHost = new Map(hosts.map(({ name, network }) => [name, network]));
  const byPlace = new Map(claims.map((claim) => [`${claim.network} ${claim.address.toString()}`, claim]));
  const holders = new Map<Claim, Map<string, string>>();
  for (const { node, out } of await lab.onEach(lab.nodes, ['sh', '-c', ROUTES_BY_VRF], 'ip')) {
    for (const line of out.split('\n')) {
      const [vrf = '', target = '', ...rest] = line.trim().split(/\s+/);
      // A machine has no VRF: all it knows is of its network.
      const network = vrf === 'main' ? networkOfHost.get(node) : networkOfVrf.get(vrf);
      const claim = byPlace.get(`${network ?? ''} ${target}`);
      if (claim === undefined || claim.node === node) continue;
      holders.set(claim, (holders.get(claim) ?? new Map<string, string>()).set(node, [target, ...rest].join(' ')));
    }
  }
  return holders;
}

const ROUTES_BY_VRF = [
  'for family in -4 -6; do ip -o $family route show table main | sed "s/^/main /"',
  'for vrf in $(ip -br link show type vrf | cut -d" " -f1); do ip -o $family route show vrf $vrf | sed "s/^/$vrf /"; done; done',
].join('; ');
