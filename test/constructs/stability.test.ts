import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  ExternalNetwork,
  Firewall,
  type INetwork,
  Machine,
  type Partition,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { readTree } from '../examples/files';
import { findingsOf, Scratch } from './app';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface Ledger {
  readonly revision: number;
  readonly pools: Readonly<Record<string, { readonly given: Readonly<Record<string, number | string>> }>>;
}

const ledger = (): Ledger => JSON.parse(readFileSync(join(scratch.lock, 'fra.json'), 'utf8')) as Ledger;

describe('the order of declaration does not matter', () => {
  /** Declares everything, what refers to something after it, else in the order that `shuffle` makes of it. */
  function declare(fra: Partition, shuffle: <T>(list: readonly T[]) => readonly T[]): void {
    const racks = new Map<string, Rack>();
    const networks = new Map<string, INetwork>();
    const tenants = ['blue', 'green', 'red'];
    const external = { prefixes: ['185.1.2.0/24'], nat: true };
    const destinations = ['8.8.8.0/24', '1.1.1.0/24', '9.9.9.0/24', '185.2.0.0/16'];
    const routers = ['isp1', 'isp2', 'isp3'].map((name, index) => ({
      name,
      address: `192.0.2.${2 * index + 1}`,
      asn: 64500,
    }));
    const run = (steps: readonly (() => unknown)[]): void => shuffle(steps).forEach((step) => step());
    run([
      ...['rack1', 'rack2', 'rack3'].map((name) => () => racks.set(name, new Rack(fra, name))),
      ...tenants.map((name) => () => networks.set(name, new PrivateNetwork(fra, name, { project: name }))),
      ...[true, false].map((nat) => () => {
        networks.set(`nat-${nat}`, new SharedNetwork(fra, `nat-${nat}`, { project: 'ops', nat }));
      }),
      () =>
        networks.set(
          'internet',
          new ExternalNetwork(fra, 'internet', {
            ...external,
            destinationPrefixes: [...shuffle(destinations)],
            routers: [...shuffle(routers)],
          }),
        ),
    ]);
    const firewalls = new Map<string, Firewall>();
    run(
      tenants.flatMap((name, index) => [
        () =>
          firewalls.set(
            name,
            new Firewall(fra, `${name}-fw`, { rack: racks.get('rack1')!, primaryNetwork: networks.get(name)! }),
          ),
        ...[1, 2, 3].map((rack) => () => {
          new Machine(fra, `${name}-${rack}`, { rack: racks.get(`rack${rack}`)!, primaryNetwork: networks.get(name)! });
        }),
        () =>
          new Machine(fra, `server-${index}`, { rack: racks.get('rack2')!, primaryNetwork: networks.get('nat-true')! }),
      ]),
    );
    run(
      tenants.flatMap((name) =>
        ['nat-true', 'nat-false', 'internet'].map(
          (network) => () => firewalls.get(name)!.connect(networks.get(network)!),
        ),
      ),
    );
  }

  function synthesize(shuffle: <T>(list: readonly T[]) => readonly T[]): ReadonlyMap<string, string> {
    const app = scratch.app();
    declare(scratch.partition(app), shuffle);
    expect(findingsOf(app)).toEqual([]);
    const tree = readTree(scratch.folder);
    rmSync(scratch.out, { recursive: true });
    rmSync(scratch.lock, { recursive: true });
    return tree;
  }

  test('ten orders, one output and one ledger, to the byte', () => {
    const first = synthesize((list) => list);
    expect(first.size).toBeGreaterThan(90);
    for (let seed = 1; seed <= 10; seed += 1) {
      const shuffle = <T>(list: readonly T[]): readonly T[] =>
        fc.sample(fc.shuffledSubarray([...list], { minLength: list.length }), { numRuns: 1, seed })[0]!;
      const other = synthesize(shuffle);
      expect([...other.keys()]).toEqual([...first.keys()]);
      for (const [file, text] of first) expect([seed, file, other.get(file)]).toEqual([seed, file, text]);
    }
  }, 60_000);
});

describe('numbers stay', () => {
  function synthesize(names: readonly string[], frozenLedger = false): readonly string[] {
    const app = scratch.app();
    const fra = scratch.partition(app, 'fra', { ipv4PrefixLength: 24, frozenLedger });
    const rack = new Rack(fra, 'rack');
    for (const name of names) {
      const network = new PrivateNetwork(fra, name, { project: name });
      if (name.endsWith('5')) new Machine(fra, `${name}-m`, { rack, primaryNetwork: network });
    }
    return findingsOf(app);
  }
  const names = Array.from({ length: 200 }, (_, index) => `net-${index}`);

  test('of 200 networks one goes and two come: no other number changes', () => {
    expect(synthesize(names)).toEqual([]);
    const before = ledger();
    const now = [...names.filter((name) => name !== 'net-77'), 'net-0-a', 'net-zzz'];
    expect(synthesize(now)).toEqual([]);
    const after = ledger();
    expect(Object.keys(before.pools['vni']!.given).length).toBe(200);
    for (const [pool, { given }] of Object.entries(before.pools)) {
      const kept = Object.entries(given).filter(([holder]) => !holder.includes('net-77'));
      expect([
        pool,
        Object.entries(after.pools[pool]!.given).filter(([holder]) => !/net-(0-a|zzz)/.test(holder)),
      ]).toEqual([pool, kept]);
    }
    // What net-77 had is not given to those that came.
    const came = ['net-0-a', 'net-zzz'].map((name) => after.pools['vni']!.given[name]);
    expect(came).toEqual([expect.any(Number), expect.any(Number)]);
    expect(came).not.toContain(before.pools['vni']!.given['net-77']);
  });

  test('and a run that changes nothing does not touch the ledger', () => {
    synthesize(names.slice(0, 20));
    const before = readFileSync(join(scratch.lock, 'fra.json'), 'utf8');
    synthesize(names.slice(0, 20).reverse());
    expect(readFileSync(join(scratch.lock, 'fra.json'), 'utf8')).toBe(before);
  });

  test('a frozen ledger refuses to give and to free, and is left as it is', () => {
    synthesize(names.slice(0, 5));
    const before = readTree(scratch.folder);
    expect(synthesize(names.slice(0, 5), true)).toEqual([]);
    const more = synthesize(names.slice(0, 6), true);
    expect(more.length).toBeGreaterThan(0);
    for (const line of more) expect(line).toMatch(/^fra\/fra ledger\/is-not-changed-when-frozen: /);
    expect(synthesize(names.slice(0, 4), true)).not.toEqual([]);
    expect(readTree(scratch.folder)).toEqual(before);
  });

  test.each([
    ['1', 'ledger/is-not-changed-when-frozen'],
    ['true', 'ledger/is-not-changed-when-frozen'],
    ['yes', 'METAL_FABRIC_FROZEN: "yes" is neither true nor false'],
    ['false', undefined],
    ['', undefined],
  ])('METAL_FABRIC_FROZEN=%s: %s', (said, told) => {
    process.env['METAL_FABRIC_FROZEN'] = said;
    try {
      const app = scratch.app();
      new PrivateNetwork(scratch.partition(app), 'blue', { project: 'blue' });
      const findings = findingsOf(app).join('\n');
      if (told === undefined) expect(findings).toBe('');
      else expect(findings).toContain(told);
    } finally {
      delete process.env['METAL_FABRIC_FROZEN'];
    }
  });
});
