import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Partition } from '../../lib/model';
import { Address, Prefix } from '../../lib/net';
import { emptyLedger, type Ledger, parseLedger, type Plan, printLedger } from '../../lib/plan';
import { applyEdit, type Edit, edits, EMPTY_WORLD, numbersOf, partitionOf, plan, type World } from './edits';

/** Pools in which random edits soon use up what was never used, so that quarantine is opened. */
const NARROW = {
  pools: { vnis: { first: 100, last: 104 }, vlans: { first: 10, last: 13 }, asns: { first: 1000, last: 1011 } },
  superNetworks: ['10.128.0.0/19', 'fd00:10:128::/61'],
  underlay: '10.0.0.0/28',
};

const WIDE = {};

interface Step {
  readonly declared: Partition;
  readonly before: Ledger;
  readonly after: Ledger;
}

/** What really happened in the runs: a property that holds of nothing must not pass. */
const seen = { given: 0, kept: 0, freed: 0, reused: 0, refused: 0 };

/** Edits one after the other; like users do, what cannot be given is taken back, and the ledger stays as it was. */
function live(all: readonly Edit[], pools: typeof NARROW | typeof WIDE, check: (step: Step) => void): void {
  let world: World = EMPTY_WORLD;
  let before = emptyLedger('par1');
  for (const edit of all) {
    const edited = applyEdit(world, edit);
    const declared = partitionOf(edited, pools);
    const { ledger: after, shortages } = plan(declared, before);
    if (shortages.length > 0) {
      seen.refused += 1;
      continue;
    }
    check({ declared, before, after });
    count(before, after);
    [world, before] = [edited, after];
  }
}

function count(before: Ledger, after: Ledger): void {
  const old = new Set(numbersOf(before).map(String));
  const everFreed = new Set(
    Object.entries(before.pools).flatMap(([pool, { freed }]) => freed.map(({ value }) => `${pool} ${value}`)),
  );
  for (const number of numbersOf(after)) {
    if (old.has(String(number))) seen.kept += 1;
    else if (everFreed.has(`${number[0]} ${number[2]}`)) seen.reused += 1;
    else seen.given += 1;
  }
  seen.freed += Object.values(after.pools).flatMap(({ freed }) => freed).length;
}

const bothKinds = fc.constantFrom<typeof NARROW | typeof WIDE>(NARROW, WIDE);

afterAll(() => {
  expect(seen.given).toBeGreaterThan(3_000);
  expect(seen.kept).toBeGreaterThan(10_000);
  expect(seen.freed).toBeGreaterThan(3_000);
  expect(seen.reused).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(20);
});

test('adding, removing, renaming and connecting one thing never changes the number of another', () => {
  fc.assert(
    fc.property(edits(40), bothKinds, (all, pools) => {
      live(all, pools, ({ before, after }) => {
        const now = new Map(numbersOf(after).map(([pool, holder, value]) => [`${pool} / ${holder}`, value]));
        const changed = numbersOf(before).filter(
          ([pool, holder, value]) => (now.get(`${pool} / ${holder}`) ?? value) !== value,
        );
        expect(changed).toEqual([]);
      });
    }),
    { numRuns: 40 },
  );
});

test('what a change frees is not given to another in the same change', () => {
  fc.assert(
    fc.property(edits(40), fc.constant(NARROW), (all, pools) => {
      live(all, pools, ({ before, after }) => {
        const owners = new Map(numbersOf(before).map(([pool, holder, value]) => [`${pool} ${value}`, holder]));
        const inherited = numbersOf(after).filter(
          ([pool, holder, value]) => (owners.get(`${pool} ${value}`) ?? holder) !== holder,
        );
        expect(inherited).toEqual([]);
      });
    }),
    { numRuns: 40 },
  );
});

test('numbers are distinct, and lie in their pools', () => {
  fc.assert(
    fc.property(edits(40), bothKinds, (all, pools) => {
      live(all, pools, ({ declared, after }) => {
        for (const [pool, { given, freed }] of Object.entries(after.pools)) {
          const values = [...Object.values(given), ...freed.map(({ value }) => value)];
          expect(new Set(values).size).toBe(values.length);
          expect(Object.entries(given).filter(([, value]) => !isIn(pool, value, declared))).toEqual([]);
        }
        for (const family of ['ipv4', 'ipv6']) {
          expectDisjoint(
            Object.values(after.pools[`prefix ${family}`]?.given ?? {}).map((text) => Prefix.parse(String(text))),
          );
        }
        const macs = plan(declared, after).plan.switches.map(({ mac }) => mac);
        expect(new Set(macs).size).toBe(macs.length);
      });
    }),
    { numRuns: 40 },
  );
});

function isIn(
  pool: string,
  value: number | string,
  { pools, underlay, superNetworks, networks, switches }: Partition,
): boolean {
  const within = ({ first, last }: { first: number; last: number }): boolean =>
    Number(value) >= first && Number(value) <= last;
  const [kind = '', owner] = pool.split(' ');
  switch (kind) {
    case 'vni':
      return within(pools.vnis);
    case 'asn':
      return within(pools.asns);
    case 'vlan':
      return within(pools.vlans);
    case 'port':
      return within({ first: 1, last: switches.find(({ name }) => name === owner)?.ports ?? 0 });
    case 'loopback':
      return underlay?.holds(Address.parse(String(value))) === true;
    case 'prefix': {
      const prefix = Prefix.parse(String(value));
      if (networks.some(({ prefixes }) => prefixes.some((declared) => declared.equals(prefix)))) return true;
      return superNetworks.some((wide) => wide.contains(prefix)) && underlay?.overlaps(prefix) === false;
    }
    default:
      return kind === 'address' && networks.some(({ name }) => name === owner);
  }
}

function expectDisjoint(prefixes: readonly Prefix[]): void {
  const sorted = [...prefixes].sort(Prefix.compare);
  for (const [index, prefix] of sorted.entries()) expect(sorted[index + 1]?.overlaps(prefix) ?? false).toBe(false);
}

test('two plans of one fabric agree to the byte, and a second one changes nothing', () => {
  fc.assert(
    fc.property(edits(40), bothKinds, (all, pools) => {
      live(all, pools, ({ declared, before, after }) => {
        expect(printLedger(plan(declared, before).ledger)).toBe(printLedger(after));
        expect(plan(declared, after).ledger).toBe(after);
        expect(parseLedger(printLedger(after), { file: 'l', partition: 'par1' })).toEqual(after);
      });
    }),
    { numRuns: 25 },
  );
});

test('the order of declaration does not matter', () => {
  let shuffled = 0;
  fc.assert(
    fc.property(edits(40), fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (all, order) => {
      const declared = partitionOf(all.reduce(applyEdit, EMPTY_WORLD));
      const other = shuffle(declared, order);
      if (inspect(other, DEEP) !== inspect(declared, DEEP)) shuffled += 1;
      const [one, two] = [plan(declared), plan(other)];
      expect(printLedger(two.ledger)).toBe(printLedger(one.ledger));
      expect(textOf(two.plan)).toBe(textOf(one.plan));
    }),
    { numRuns: 100 },
  );
  expect(shuffled).toBeGreaterThan(60);
});

const DEEP = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity };

/** All of a plan that was not declared but given. */
const textOf = ({ partition: _, ...rest }: Plan): string =>
  JSON.stringify(rest, (key, value: unknown) => {
    if (key === 'declared') return (value as { path?: string }).path;
    if (value instanceof Address || value instanceof Prefix) return value.toString();
    return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
  });

function shuffle(declared: Partition, order: readonly number[]): Partition {
  const mix = <T>(things: readonly T[]): readonly T[] =>
    things
      .map((thing, index) => ({ thing, rank: order[index % order.length] ?? 0 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ thing }) => thing);
  return {
    ...declared,
    racks: mix(declared.racks),
    switches: mix(declared.switches),
    networks: mix(declared.networks),
    machines: mix(declared.machines),
    firewalls: mix(declared.firewalls).map((firewall) => ({ ...firewall, connections: mix(firewall.connections) })),
    superNetworks: mix(declared.superNetworks),
  };
}
