import type { CompiledPartition } from '../../lib/compile';
import { deriveDevices, type DeviceConfig } from '../../lib/device';
import { type Difference, Directory, type Fault, knownOf, Reachability, snapshotOf } from '../../lib/reachability';
import { describeFlow, type Flow, flowsOf, probe, textOfOutcome } from './agreement';
import { Simulation } from './brute-force';
import { compileWorld, type World } from './fabrics';
import { GUARDS, KINDS, type Mutation, mutationsOf } from './mutations';

/** How many mistakes of each kind are planted in each fabric. */
const MOST = Number(process.env['REACHABILITY_MUTATIONS'] ?? 1);

const NONE = { used: false, allow: 0, nat: 0 };
const ALL = { used: true, allow: 0, nat: 0 };

const BASE: World = {
  frr: 1,
  racks: 1,
  leaves: 1,
  spines: 1,
  borders: 1,
  routers: 1,
  internetNat: true,
  internetIpv6: true,
  companyNat: false,
  dmz: false,
  dmzLent: false,
  services: [
    { nat: false, machines: 1, families: 'both', firewall: false },
    { nat: true, machines: 1, families: 'ipv4', firewall: true },
  ],
  tenants: [
    {
      machines: 2,
      families: 'global',
      firewall: true,
      rack: 0,
      services: [ALL, { ...ALL, allow: 1 }],
      internet: ALL,
      company: { ...ALL, allow: 1 },
      throughDmz: false,
      lent: true,
    },
    {
      machines: 1,
      families: 'both',
      firewall: true,
      rack: 0,
      services: [{ ...ALL, allow: 3 }, ALL],
      internet: { ...ALL, allow: 1, nat: 4 },
      company: NONE,
      throughDmz: false,
      lent: false,
    },
  ],
};

/** Where each kind of mistake matters: services of both kinds, the internet, a company, an address lent; and a DMZ. */
const FABRICS: Readonly<Record<string, World>> = {
  'two services and the internet': BASE,
  // There a leaf does not tell prefixes apart, so that all depends on no-export.
  'FRR before 10': { ...BASE, frr: 0, tenants: BASE.tenants.slice(0, 1) },
  'a DMZ': {
    ...BASE,
    leaves: 2,
    internetIpv6: false,
    dmz: true,
    services: [{ nat: false, machines: 0, families: 'ipv4', firewall: false }],
    tenants: BASE.tenants
      .slice(0, 1)
      .map((tenant) => ({ ...tenant, families: 'ipv4', company: NONE, throughDmz: true, lent: false })),
  },
};

/** Shows in routes, not in packets: the firewall drops what the routes would lead to it. */
const HIDING = 'no-export is missing';
const { [HIDING]: _, ...PACKETS } = KINDS;

interface Score {
  planted: number;
  changing: number;
  reported: number;
}

const scores = new Map<string, Score>();

function plant(
  compiled: CompiledPartition,
  mutations: readonly Mutation[],
  outcomes: (devices: readonly DeviceConfig[]) => ReadonlyMap<string, string>,
): readonly string[] {
  const { plan, promises } = compiled;
  const before = outcomes(deriveDevices(plan));
  return mutations.flatMap(({ kind, what, devices }) => {
    const score = scores.get(kind) ?? { planted: 0, changing: 0, reported: 0 };
    scores.set(kind, score);
    score.planted += 1;
    const after = outcomes(devices);
    const changes = [...after].filter(([flow, outcome]) => before.get(flow) !== outcome);
    const [changed] = changes.filter(([flow, outcome]) => !isNowhere(outcome) || !isNowhere(before.get(flow) ?? ''));
    const [fault] = new Reachability(() => snapshotOf(plan, devices), knownOf(plan), promises).faults();
    if (changed === undefined) {
      // What changes nothing may not be reported either; what is reported may be a packet that is not among the flows.
      if (fault === undefined || changes.length > 0 || kind in GUARDS) return [];
      return differs(plan, devices, fault) ? [] : [`${kind}: ${what}: reports ${fault.packet}, and nothing changes`];
    }
    score.changing += 1;
    if (fault !== undefined && fault.device !== '' && fault.packet !== '') {
      score.reported += 1;
      return [];
    }
    const [flow, outcome] = changed;
    return [`${kind}: ${what}: ${flow} goes from ${before.get(flow) ?? ''} to ${outcome}, and nothing is reported`];
  });
}

/** Flows of which something is promised: nothing is of what a firewall sends itself. */
const promisedOf = (directory: Directory, ports: 1 | 3): readonly Flow[] =>
  flowsOf(directory, ports).filter(({ from }) => from.kind !== 'firewall');

/** What is sent to a host and leaves the fabric instead is as little there as what is dropped. */
const isNowhere = (outcome: string): boolean => outcome === 'never' || outcome === 'outside';

/** Whether something else becomes of the packet of a fault than before, if only that it is dropped elsewhere. */
function differs(plan: CompiledPartition['plan'], changed: readonly DeviceConfig[], fault: Fault): boolean {
  const { from, to, protocol, port } = fault as Difference;
  const [before, after] = [deriveDevices(plan), changed].map((devices) =>
    JSON.stringify(probe(new Simulation(snapshotOf(plan, devices)), { from, to, protocol, port })),
  );
  return before !== after;
}

const outcomesOf = (simulation: Simulation, flows: readonly Flow[]): ReadonlyMap<string, string> =>
  new Map(
    flows.map((flow) => {
      const outcome = probe(simulation, flow);
      const isOutside = flow.to.kind !== 'beyond' && outcome.at?.startsWith('beyond ') === true;
      return [describeFlow(flow), isOutside ? 'outside' : textOfOutcome(outcome)];
    }),
  );

/** Who sees a route to whom: a network that is hidden must not be seen, although its firewall would drop what is sent there. */
const routesOf = (simulation: Simulation, { endpoints }: Directory): ReadonlyMap<string, string> =>
  new Map(
    endpoints
      .filter(({ kind }) => kind === 'machine')
      .flatMap(({ name }) =>
        endpoints.map(({ name: other, address }) => [
          `the route of ${name} to ${other} ${address.toString()}`,
          simulation.knows(name, address) ? 'there' : 'not there',
        ]),
      ),
  );

describe.each(Object.entries(FABRICS))('in a fabric with %s', (_, world) => {
  const compiled = compileWorld(world);
  const { plan } = compiled.partitions[0]!;
  const directory = new Directory(knownOf(plan));
  const devices = deriveDevices(plan);

  test('every single mistake that changes what packets do is reported with a packet, and no other', () => {
    const flows = promisedOf(directory, 3);
    const outcomes = (changed: readonly DeviceConfig[]): ReadonlyMap<string, string> =>
      outcomesOf(new Simulation(snapshotOf(plan, changed)), flows);
    expect(plant(compiled.partitions[0]!, mutationsOf(devices, PACKETS, MOST), outcomes)).toEqual([]);
  }, 3_600_000);

  test('so is a network that is no longer hidden', () => {
    const { [HIDING]: hiding = () => [] } = KINDS;
    const outcomes = (changed: readonly DeviceConfig[]): ReadonlyMap<string, string> =>
      routesOf(new Simulation(snapshotOf(plan, changed)), directory);
    expect(plant(compiled.partitions[0]!, mutationsOf(devices, { [HIDING]: hiding }, 3 * MOST), outcomes)).toEqual([]);
  }, 3_600_000);

  test('so is every mistake of a guard that lets an attack through', () => {
    const flows = promisedOf(directory, 1);
    const outcomes = (changed: readonly DeviceConfig[]): ReadonlyMap<string, string> =>
      underAttack(compiled.partitions[0]!, changed, flows);
    expect(plant(compiled.partitions[0]!, mutationsOf(devices, GUARDS, 3 * MOST), outcomes)).toEqual([]);
  }, 3_600_000);
});

/** Every machine announces an address of the next one, every firewall one of each network it is connected to; and all send as others. */
function underAttack(
  { plan }: CompiledPartition,
  devices: readonly DeviceConfig[],
  flows: readonly Flow[],
): ReadonlyMap<string, string> {
  const directory = new Directory(knownOf(plan));
  const victims = directory.endpoints.filter(({ kind }) => kind === 'machine');
  const attacked = devices.map((config): DeviceConfig => {
    const { stanzas } = config.interfaces;
    const own = directory.endpoints.filter(({ name }) => name === config.device.name);
    const stolen = (name: string): readonly string[] => {
      const firewalls = own.filter(({ kind }) => kind === 'firewall');
      const there = stanzas.find((one) => one.name === name)?.attributes.map(({ value }) => value.split('/')[0]) ?? [];
      const networks = firewalls
        .filter(({ address }) => there.includes(address.toString()))
        .map(({ network }) => network);
      return victims
        .filter(({ name: victim, network }) =>
          name === 'lo'
            ? own.some(({ kind }) => kind === 'machine') && victim !== config.device.name
            : networks.includes(network),
        )
        .map(({ address }) => `${address.toString()}/${address.family === 'ipv4' ? 32 : 128}`);
    };
    return {
      ...config,
      interfaces: {
        ...config.interfaces,
        stanzas: stanzas.map((stanza) => ({
          ...stanza,
          attributes: [...stanza.attributes, ...stolen(stanza.name).map((value) => ({ keyword: 'address', value }))],
        })),
      },
    };
  });
  const simulation = new Simulation(snapshotOf(plan, attacked));
  const honest = new Simulation(snapshotOf(plan, devices));
  const spoofs = directory.endpoints.flatMap((attacker): readonly (readonly [string, string])[] =>
    victims
      .filter(({ name, address }) => name !== attacker.name && address.family === attacker.address.family)
      .flatMap((victim) =>
        directory.endpoints
          .filter(
            ({ name, address }) =>
              name !== attacker.name && name !== victim.name && address.family === victim.address.family,
          )
          .map((target): readonly [string, string] => {
            const vrf = plan.networks.find(({ name }) => name === attacker.network)?.vni;
            const from =
              attacker.kind === 'machine'
                ? { device: attacker.name }
                : { device: attacker.name, vrf: `vrf${vrf ?? 0}` };
            const outcome = honest.try({
              from,
              source: victim.address,
              target: target.address,
              protocol: 'udp',
              port: 7777,
            });
            return [
              `${attacker.name} in ${attacker.network} as ${victim.name} → ${target.name} ${target.address.toString()}`,
              textOfOutcome(outcome),
            ];
          }),
      ),
  );
  return new Map([...outcomesOf(simulation, flows), ...spoofs]);
}

afterAll(() => {
  const rows = [...scores].map(
    ([kind, { planted, changing, reported }]) => `  ${reported} of ${changing} reported (${planted} planted): ${kind}`,
  );
  const [changing, reported] = [...scores.values()].reduce(
    ([all, found], one) => [all + one.changing, found + one.reported],
    [0, 0],
  );
  process.stdout.write(
    `\nmutation score ${reported} of ${changing}, ${((100 * reported) / changing).toFixed(0)} %\n${rows.join('\n')}\n`,
  );
  expect([...scores.values()].filter((score) => score.changing > 0).length).toBeGreaterThanOrEqual(12);
  expect(reported).toBe(changing);
});
