import fc from 'fast-check';
import { barriersOf, rolloutOrder, type RolloutOrder, type Step } from '../../lib/terraform';
import { rollout } from '../rules/model';

// What a rollout promises, for any fabric that can be wired up.

interface Fabric {
  readonly steps: readonly Step[];
  readonly order: RolloutOrder;
  /** How many cables hosts have. */
  readonly cables: number;
}

const limit = fc.integer({ min: 1, max: 4 });

const fabric: fc.Arbitrary<Fabric> = fc
  .record({
    spines: fc.integer({ min: 0, max: 6 }),
    racks: fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 6 }),
    borderLeaves: fc.integer({ min: 0, max: 3 }),
    hosts: fc.array(
      fc.record({
        kind: fc.constantFrom('firewalls' as const, 'machines' as const),
        network: fc.integer({ min: 1, max: 3 }),
        rack: fc.nat(5),
        both: fc.boolean(),
      }),
      { maxLength: 16 },
    ),
    canaries: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(60), { maxLength: 12 })),
    limits: fc.record({
      spines: limit,
      borderLeaves: limit,
      leaves: limit,
      firewalls: limit,
      machines: fc.option(limit, { nil: undefined }),
    }),
  })
  .map(({ spines, racks, borderLeaves, hosts, canaries, limits }) => {
    const leavesOf = (rack: number): readonly string[] =>
      Array.from({ length: racks[rack] ?? 0 }, (_, index) => `rack${rack}-leaf${index + 1}`);
    const bare = [
      ...numbered('spine', spines).map((name) => ({ name, kind: 'spines' as const, group: 'spines', wiredTo: [] })),
      ...racks.flatMap((_, rack) =>
        leavesOf(rack).map((name) => ({ name, kind: 'leaves' as const, group: `rack${rack}`, wiredTo: [] })),
      ),
      ...numbered('border', borderLeaves).map((name) => ({
        name,
        kind: 'borderLeaves' as const,
        group: 'border leaves',
        wiredTo: [],
      })),
      ...hosts.map(({ kind, network, rack, both }, index) => ({
        name: `host${index}`,
        kind,
        group: `${kind} ${network}`,
        wiredTo: leavesOf(rack % Math.max(racks.length, 1)).slice(0, both ? 2 : 1),
      })),
    ];
    const steps = bare.map((step, index): Step => ({
      ...step,
      atOnce: limits[step.kind] ?? Infinity,
      isCanary: canaries.includes(index),
    }));
    const named = steps.filter(({ isCanary }) => isCanary).map(({ name }) => name);
    return {
      steps,
      order: rolloutOrder(steps, barriersOf(rollout(limits, named))),
      cables: steps.reduce((sum, { wiredTo }) => sum + wiredTo.length, 0),
    };
  });

const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

/** All that each device or barrier waits for, directly or not. Fails where something waits for itself. */
function closureOf({ devices, barriers }: RolloutOrder): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map(
    [...devices, ...barriers].map(([name, waits]) => [name, [...waits.devices, ...waits.barriers] as string[]]),
  );
  const closed = new Map<string, ReadonlySet<string>>();
  const visit = (name: string, above: readonly string[]): ReadonlySet<string> => {
    if (above.includes(name)) throw new Error(`a circle: ${[...above, name].join(' → ')}`);
    const known = closed.get(name);
    if (known !== undefined) return known;
    const next = graph.get(name);
    if (next === undefined) throw new Error(`${name} is waited for, and is nothing`);
    const all = new Set(next.flatMap((other) => [other, ...visit(other, [...above, name])]));
    closed.set(name, all);
    return all;
  };
  for (const name of graph.keys()) visit(name, []);
  return closed;
}

const hold = (property: (fabric: Fabric) => void): void =>
  fc.assert(fc.property(fabric, property), { numRuns: 1000, seed: 20261124 });

test('nothing waits for itself, and every device has its turn', () => {
  hold(({ steps, order }) => {
    closureOf(order);
    expect([...order.devices.keys()].sort()).toEqual(steps.map(({ name }) => name).sort());
  });
});

/** The most devices of a list of which none waits for another: the list less a largest matching (Dilworth, König). */
function widthOf(names: readonly string[], closure: ReadonlyMap<string, ReadonlySet<string>>): number {
  const matched = new Map<string, string>();
  const tryMatch = (from: string, seen: Set<string>): boolean =>
    names.some((to) => {
      if (closure.get(to)?.has(from) !== true || seen.has(to)) return false;
      seen.add(to);
      const holder = matched.get(to);
      if (holder !== undefined && !tryMatch(holder, seen)) return false;
      matched.set(to, from);
      return true;
    });
  return names.length - names.filter((from) => tryMatch(from, new Set())).length;
}

test('of devices that stand in for one another, never more than allowed go at once', () => {
  let atLimit = 0;
  hold(({ steps, order }) => {
    const closure = closureOf(order);
    for (const group of new Set(steps.map((step) => step.group))) {
      const members = steps.filter((step) => step.group === group);
      const width = widthOf(
        members.map(({ name }) => name),
        closure,
      );
      expect(width).toBeLessThanOrEqual(members[0]!.atOnce);
      if (width === members[0]!.atOnce && members.length > width) atLimit += 1;
    }
  });
  expect(atLimit).toBeGreaterThan(1000);
});

test('canaries go before all others', () => {
  let pairs = 0;
  hold(({ steps, order }) => {
    const closure = closureOf(order);
    for (const canary of steps.filter(({ isCanary }) => isCanary)) {
      expect(closure.get(canary.name)?.size).toBeLessThan(steps.length);
      for (const other of steps.filter(({ isCanary }) => !isCanary)) {
        expect([canary.name, other.name, closure.get(other.name)?.has(canary.name)]).toEqual([
          canary.name,
          other.name,
          true,
        ]);
        pairs += 1;
      }
    }
  });
  expect(pairs).toBeGreaterThan(5000);
});

test('leaves go after the spines, hosts after the leaves that they are wired to: canaries among themselves, and the others', () => {
  hold(({ steps, order }) => {
    const closure = closureOf(order);
    for (const step of steps) {
      const before = steps.filter(
        (other) =>
          other.isCanary === step.isCanary &&
          (step.wiredTo.includes(other.name) ||
            (other.kind === 'spines' && (step.kind === 'leaves' || step.kind === 'borderLeaves'))),
      );
      for (const { name } of before) expect([step.name, closure.get(step.name)?.has(name)]).toEqual([step.name, true]);
    }
  });
});

test('racks do not wait for one another', () => {
  hold(({ steps, order }) => {
    const closure = closureOf(order);
    const leaves = steps.filter(({ kind }) => kind === 'leaves');
    for (const a of leaves) {
      for (const b of leaves) {
        if (a.group !== b.group && a.isCanary === b.isCanary) expect(closure.get(a.name)?.has(b.name)).toBe(false);
      }
    }
  });
});

test('there are few waits: the chains, the cables, and one for each device besides', () => {
  hold(({ steps, order, cables }) => {
    const waits = [...order.devices.values(), ...order.barriers.values()];
    const count = waits.reduce((sum, { devices, barriers }) => sum + devices.length + barriers.length, 0);
    expect(count).toBeLessThanOrEqual(2 * steps.length + cables + 10);
  });
});

test('two thousand racks with a thousand canaries have few waits, too', () => {
  const steps = [
    ...numbered('spine', 64).map((name) => ({
      name,
      kind: 'spines' as const,
      group: 'spines',
      atOnce: 32,
      wiredTo: [],
    })),
    ...numbered('rack', 2000).flatMap((rack) =>
      [1, 2].map((leaf) => ({
        name: `${rack}-leaf${leaf}`,
        kind: 'leaves' as const,
        group: rack,
        atOnce: 1,
        wiredTo: [],
      })),
    ),
  ].map((step, index): Step => ({ ...step, isCanary: index % 4 === 0 }));
  const { devices, barriers } = rolloutOrder(steps, ['canary-spines', 'canaries', 'spines']);
  const waits = [...devices.values(), ...barriers.values()];
  expect(waits.reduce((sum, one) => sum + one.devices.length + one.barriers.length, 0)).toBeLessThan(
    2.5 * steps.length,
  );
});
