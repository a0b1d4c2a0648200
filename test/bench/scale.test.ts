import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenBudgets } from '../../bench/scale/budgets';
import { slowerThan } from '../../bench/scale/compare';
import { NOTHING, Stopwatch } from '../../bench/scale/cost';
import { describeFabric, sizeOf, withOneMore } from '../../bench/scale/described';
import { declareFabric } from '../../bench/scale/fabric';
import { synthesizeBare, takeInventory } from '../../bench/scale/floor';
import { exponentOf, growthOf } from '../../bench/scale/growth';
import type { Measured } from '../../bench/scale/measure';
import { type FabricResult, median, medianOf, type Results } from '../../bench/scale/results';
import { during } from '../../lib/phase';

describe('generated fabrics', () => {
  test('the same seed describes the same fabric, another one another', () => {
    const size = sizeOf(50, 'many');
    expect(describeFabric(size, 1)).toEqual(describeFabric(size, 1));
    expect(describeFabric(size, 2)).not.toEqual(describeFabric(size, 1));
  });

  test.each([
    [10, 'many', 1],
    [50, 'many', 4],
    [200, 'few', 1],
    [1000, 'many', 64],
    [1000, 'few', 2],
  ] as const)('%d leaves, cut into %s partitions, have all that they are to have', (leaves, cut, count) => {
    const size = sizeOf(leaves, cut);
    const partitions = describeFabric(size, 1);
    const sum = (of: (partition: (typeof partitions)[number]) => number): number =>
      partitions.reduce((all, partition) => all + of(partition), 0);
    expect(partitions).toHaveLength(count);
    expect(sum(({ racks }) => racks * 2)).toBe(leaves);
    expect(sum(({ machines }) => machines.length)).toBe(leaves * 20);
    expect(sum(({ tenants }) => tenants + 3)).toBe(leaves * 2);
    // A partition has three networks without one of its own.
    expect(sum(({ firewalls }) => firewalls.length)).toBeGreaterThanOrEqual(leaves - count);
  });

  test('one machine more changes nothing else', () => {
    const before = describeFabric(sizeOf(50, 'many'), 1);
    const [first, ...others] = withOneMore(before);
    expect(others).toEqual(before.slice(1));
    expect({ ...first, machines: first?.machines.slice(0, -1) }).toEqual(before[0]);
    expect(first?.machines.length).toBe(before[0]!.machines.length + 1);
  });
});

describe('the floor', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'floor-')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('writes as many resources, files and bytes as the fabric', () => {
    const place = { outdir: join(folder, 'out'), ledgerDirectory: join(folder, 'lock') };
    declareFabric(describeFabric({ ...sizeOf(20, 'many'), machines: 100 }, 1), place).synth();
    const inventory = takeInventory(place.outdir);
    const bare = join(folder, 'bare');
    synthesizeBare(inventory, bare, new Stopwatch());
    const again = takeInventory(bare);
    expect(again.files).toEqual(inventory.files);
    expect(again.files.length).toBeGreaterThan(500);
    for (const [index, { name, bytes, resources, outputs }] of inventory.stacks.entries()) {
      const floor = again.stacks[index]!;
      expect(Object.keys(floor.resources).sort()).toEqual(Object.keys(resources).sort());
      expect(floor.outputs).toEqual(outputs);
      // What cdktf notes of construct paths differs: the floor has no constructs in between.
      expect(Math.abs(floor.bytes - bytes) / bytes).toBeLessThan(0.1);
      const triggers = (stack: string): unknown =>
        (JSON.parse(readFileSync(join(stack, 'stacks', name, 'cdk.tf.json'), 'utf8')) as Json).resource.terraform_data[
          `device_${name}_spine1`
        ]?.triggers_replace;
      expect(triggers(bare)).toEqual(triggers(place.outdir));
    }
  });
});

interface Json {
  readonly resource: { readonly terraform_data: Readonly<Record<string, { readonly triggers_replace?: unknown }>> };
}

describe('the stopwatch', () => {
  test('a phase costs what it does by itself, and phases within it are its own no more', () => {
    const watch = new Stopwatch();
    const busy = (milliseconds: number): void => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    };
    watch.measure('outer', () => {
      busy(60);
      during('print', () => busy(150));
      during('print', () => busy(50));
    });
    expect([...watch.costs.keys()]).toEqual(['print', 'outer']);
    expect(watch.costs.get('print')?.wall).toBeGreaterThanOrEqual(0.2);
    expect(watch.costs.get('outer')?.wall).toBeGreaterThanOrEqual(0.06);
    expect(watch.costs.get('outer')?.wall).toBeLessThan(0.19);
  });

  test('a phase that fails ends too', () => {
    const watch = new Stopwatch();
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => watch.measure('outer', () => during('rules', fail))).toThrow('no');
    expect([...watch.costs.keys()]).toEqual(['rules', 'outer']);
  });
});

const measured = (phases: Readonly<Record<string, number>>, memory = 0): Measured => ({
  phases: Object.fromEntries(Object.entries(phases).map(([name, cpu]) => [name, { cpu, wall: cpu }])),
  whole: { cpu: Object.values(phases).reduce((sum, cpu) => sum + cpu, 0), wall: 0 },
  memory,
});

function result(leaves: number, phases: Readonly<Record<string, number>>, floor = 100, memory = 0): FabricResult {
  return {
    cut: 'many',
    size: sizeOf(leaves, 'many'),
    first: measured(phases, memory),
    again: measured({}),
    grown: measured({}),
    floor: { ...measured({}), whole: { cpu: floor, wall: 0 } },
    plain: measured(phases),
    output: { files: 0, bytes: 0, resources: 0 },
  };
}

const results = (calibration: number, ...fabrics: readonly FabricResult[]): Results => ({
  machine: { cpu: '', cores: 1, memory: 1, system: '', node: '' },
  rounds: 1,
  calibration,
  fabrics,
});

const SIZES = [50, 100, 200, 1000];
const growing = (cost: (leaves: number) => number): readonly FabricResult[] =>
  SIZES.map((leaves) => result(leaves, { print: cost(leaves) }, 1e6));

describe('growth', () => {
  test.each([
    ['a constant', () => 1, 0],
    ['n', (n: number) => n / 100, 1],
    ['n²', (n: number) => (n / 100) ** 2, 2],
  ])('%s is fitted', (_, cost, exponent) => {
    expect(exponentOf(SIZES.map((leaves) => ({ leaves, cost: cost(leaves) })))).toBeCloseTo(exponent, 5);
  });

  test('ten times the leaves are compared with a tenth of the largest', () => {
    expect(growthOf(growing((n) => n / 100))).toEqual([
      { phase: 'print', exponent: expect.closeTo(1, 5) as number, tenfold: expect.closeTo(10, 5) as number },
    ]);
  });

  test('what costs next to nothing is not fitted', () => {
    expect(growthOf(growing((n) => n / 1e6))).toEqual([]);
  });
});

describe('budgets', () => {
  test('are held by what grows with n', () => {
    expect(brokenBudgets({ fabrics: growing((n) => n / 1000) })).toEqual([]);
  });

  test.each<[string, readonly FabricResult[], readonly string[]]>([
    [
      'a phase that compares all pairs',
      growing((n) => (n / 1000) ** 2 * 4),
      [
        'many: print costs ×100.0 for ten times the leaves, and the budget is ×12',
        'many: print grows as n^2.00, above n·log n',
      ],
    ],
    [
      'a compile that takes too long',
      [result(200, { plan: 0.5, rules: 0.2, derive: 0.2, print: 0.2, promise: 0.1 })],
      ['many: 200 leaves: compile 1.20 s, and the budget is 1 s'],
    ],
    [
      'a process that takes too much memory',
      [result(1000, { plan: 1 }, 100, 1025 * 2 ** 20)],
      ['many: 1000 leaves: memory 1025.00 MiB, and the budget is 1024 MiB'],
    ],
    [
      'a synthesis far above the floor',
      [result(50, { synth: 4 }, 1.9)],
      ['many: 50 leaves: the whole synthesis is 2.11 × the floor, and the budget is 2 × the floor'],
    ],
  ])('%s breaks them', (_, fabrics, expected) => {
    expect(brokenBudgets({ fabrics })).toEqual(expected);
  });
});

describe('the baseline', () => {
  const baseline = results(0.5, result(50, { print: 1, plan: 1 }));

  test('a machine of half the speed is no regression', () => {
    expect(slowerThan(baseline, results(1, result(50, { print: 2, plan: 2 })))).toEqual([]);
  });

  test('a phase that became slower on the same machine is one', () => {
    expect(slowerThan(baseline, results(0.5, result(50, { print: 1.5, plan: 1 })))).toEqual([
      'many: 50 leaves: print takes 3.00 calibration loops, and took 2.00',
    ]);
  });

  test('fabrics that it does not know are left out', () => {
    expect(slowerThan(baseline, results(0.5, result(100, { print: 9 })))).toEqual([]);
  });
});

test('medians are taken of each figure by itself', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2]);
  const runs = [measured({ plan: 1, print: 9 }), measured({ plan: 3, print: 7 }), measured({ plan: 2, print: 8 })];
  expect(medianOf(runs).phases).toEqual(measured({ plan: 2, print: 8 }).phases);
  expect(medianOf([measured({})]).whole).toEqual(NOTHING);
});
