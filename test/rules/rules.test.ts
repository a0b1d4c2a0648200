import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Prefix } from '../../lib/net';
import type { Fabric, Shortage } from '../../lib/model';
import { RULES, type Rule, check } from '../../lib/rules';
import { ruleOf } from '../../lib/rules/refused';
import {
  attachment,
  connection,
  externalNetwork,
  fabric,
  firewall,
  flowFrom,
  flowTo,
  machine,
  partition,
  privateNetwork,
  router,
  sharedNetwork,
  underlayNetwork,
  wiring,
} from './model';
import { collectTables, fabricOf } from './test-rule';

const ROOT = join(__dirname, '../..');
const ruleFiles = filesBelow('lib/rules', '.ts');
const testFiles = filesBelow('test/rules', '.test.ts');
const tables = collectTables(
  testFiles.map((id) => join(ROOT, 'test/rules', `${id}.test.ts`)),
  (file) => jest.requireActual(file),
);

describe('every rule', () => {
  const ids = RULES.map(({ id }) => id).sort();

  test('is a file of its own, and in the list', () => {
    expect(ruleFiles.length).toBeGreaterThan(70);
    expect(ids).toEqual(ruleFiles);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(ruleFiles)('%s is what its file exports', (id) => {
    const exported = Object.values(jest.requireActual<Record<string, Rule>>(join(ROOT, 'lib/rules', `${id}.ts`)));
    expect(exported.map((rule) => rule.id)).toEqual([id]);
    expect(RULES).toContain(exported[0]);
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s says its truth and where it comes from', (_, rule) => {
    expect(rule.statement).toMatch(/^[A-Z][^\n]*[^.]\.$/);
    expect(rule.source.length).toBeGreaterThan(5);
    expect(rule.source).not.toMatch(/\n|\/work\/|shared\/seeds/);
  });

  test('has a table in a test of its own, with something that holds and something that breaks', () => {
    expect(testFiles).toEqual(ruleFiles);
    expect(tables.map(({ rule }) => rule.id).sort()).toEqual(ruleFiles);
    for (const { rule, holds, breaks } of tables) {
      expect([rule.id, Object.keys(holds).length > 0, Object.keys(breaks).length > 0]).toEqual([rule.id, true, true]);
    }
  });

  test('has a page', () => {
    expect(ids.filter((id) => !existsSync(join(ROOT, 'docs/rules', `${id}.md`)))).toEqual([]);
  });
});

/** A fabric in which nothing is broken, and nearly everything is declared. */
function sound(): Fabric {
  return fabric({
    networks: [
      underlayNetwork('underlay', { prefixes: [] }),
      externalNetwork('internet', {
        prefixes: ['185.1.2.0/24'],
        routers: [router('isp1', { leaf: 'par1/border1', port: 'swp9' })],
      }),
      sharedNetwork('storage', { prefixes: ['10.128.0.0/24', 'fd00:10:128:1::/64'], exposedTo: ['blue'], vni: 7 }),
      sharedNetwork('backup', { nat: true }),
      sharedNetwork('dmz', { nat: true, destinationPrefixes: ['0.0.0.0/0'] }),
      privateNetwork('blue', { internetAccess: { kind: 'via-firewall' } }),
      privateNetwork('green'),
    ],
    machines: [
      machine('nvme-1', attachment('storage', ['10.128.0.10'])),
      machine('blue-1', 'blue', {
        attachments: [attachment('internet')],
        wiring: wiring({ leaves: ['par1/leaf2', 'par1/leaf1'], leafPorts: ['swp1', 'swp1'] }),
      }),
    ],
    firewalls: [
      firewall('blue-fw', 'blue', {
        project: 'blue',
        connections: [
          connection('storage', { allow: [flowTo(), flowFrom('10.128.0.0/25', { protocol: 'icmp' })] }),
          connection('backup'),
          connection('internet', { addresses: ['185.1.2.9'], allow: [flowTo('0.0.0.0/0', { protocol: 'tcp' })] }),
        ],
      }),
      firewall('dmz-fw', 'dmz', { connections: [connection('internet')] }),
      firewall('green-fw', 'green', { connections: [connection('dmz')] }),
    ],
    recorded: { shared: ['storage'] },
    others: [partition('par2', { networks: [privateNetwork('blue', { partition: 'par2' })] })],
  });
}

describe('check', () => {
  test('finds nothing in a fabric that is sound', () => {
    expect(check(sound())).toEqual([]);
    expect(check(fabric())).toEqual([]);
  });

  test('finds all that is broken, by path, then as the rules are listed, then by text; nothing twice', () => {
    const findings = check(
      fabric({
        superNetworks: [],
        networks: [privateNetwork('Z', { vni: 0 }), privateNetwork('b', { vni: 0 })],
        machines: [machine('a'), machine('b', 'nowhere', { path: 'par1/B' })],
      }),
    );
    expect(findings.map(({ subject, rule, problem }) => `[${subject.path}] ${rule.id}: ${problem}`)).toEqual([
      '[par1] partition/super-networks-are-given: has no super network',
      '[par1/B] library/references-lead-somewhere: refers to the network par1/nowhere, which this app does not declare',
      '[par1/Z] network/vni-is-in-range: vni 0 is outside 1–16777214',
      '[par1/a] machine/has-one-primary-network: has no primary network',
      '[par1/b] network/vni-is-in-range: vni 0 is outside 1–16777214',
      '[par1/b] network/vni-is-unique: vni 0 is also that of network "Z" (par1/Z)',
    ]);
  });

  test('does not depend on the order of declaration', () => {
    const cases = tables.flatMap(({ breaks }) => Object.values(breaks).map(fabricOf));
    const texts = (given: Fabric) =>
      check(given).map(({ subject, rule, problem, fix }) => [subject.path, rule.id, problem, fix]);
    for (const given of cases) expect(texts(reversed(given))).toEqual(texts(given));
    expect(cases.length).toBeGreaterThan(ruleFiles.length);
  });

  test('never fails, whatever a reference leads to', () => {
    for (const target of [
      'par1/nowhere',
      '',
      'par1',
      'par1/rack1',
      'par1/leaf1',
      'par1/internet',
      'par1/underlay',
      'par2/blue',
    ]) {
      let broken = 0;
      for (const variant of redirected(sound(), target)) {
        expect(() => check(variant)).not.toThrow();
        broken += 1;
      }
      expect(broken).toBeGreaterThan(20);
    }
  });

  test('never fails on what breaks a rule', () => {
    for (const { breaks, rule } of tables) {
      for (const given of Object.values(breaks)) expect(check(fabricOf(given)).map((one) => one.rule)).toContain(rule);
    }
  });

  test('stays linear: twenty thousand networks and hosts that are all in one another’s way', () => {
    const numbers = Array.from({ length: 10_000 }, (_, number) => number);
    const given = fabric({
      networks: [
        sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] }),
        ...numbers.map((number) => privateNetwork(`n${number}`, { prefixes: ['10.129.0.0/24'], vni: 5 })),
      ],
      firewalls: numbers.map((number) =>
        firewall(`f${number}`, attachment(`n${number}`, ['10.129.0.1']), {
          wiring: wiring({ leafPorts: ['swp1', 'swp1'] }),
          connections: [connection('storage', { addresses: ['10.128.0.9'] })],
        }),
      ),
    });
    const start = performance.now();
    expect(check(given).length).toBeLessThan(6 * numbers.length);
    // A quadratic rule takes minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('every shortage belongs to one rule, which reports it', () => {
  const kinds: readonly Shortage['kind'][] = ['exhausted', 'taken', 'misplaced'];
  const pools: readonly Shortage['pool'][] = ['vni', 'vlan', 'asn', 'loopback', 'prefix', 'address', 'port'];
  for (const kind of kinds) {
    for (const pool of pools) {
      const shortages: readonly Shortage[] = [{ kind, pool, path: 'par1/x', problem: `${pool} ${kind}`, fix: 'y' }];
      const findings = check(fabric({ recorded: { shortages } }));
      expect(findings.map(({ rule, problem }) => [rule.id, problem])).toEqual([
        [ruleOf({ kind, pool }), `${pool} ${kind}`],
      ]);
    }
  }
});

/** The fabric with its lists the other way round; those that have an order of their own stay. */
function reversed(given: Fabric): Fabric {
  const ordered = new Set(['switches', 'leaves', 'leafPorts', 'interfaces', 'peers']);
  return rebuild(given, (value, key) =>
    Array.isArray(value) && !ordered.has(key) ? [...(value as unknown[])].reverse() : value,
  );
}

/** The fabric once for each of its references, which leads to the target instead. */
function* redirected(given: Fabric, target: string): Iterable<Fabric> {
  const isReference = (value: unknown, key: string) =>
    typeof value === 'string' && value.includes('/') && key !== 'path' && key !== 'partition';
  let references = 0;
  rebuild(given, (value, key) => {
    if (isReference(value, key)) references += 1;
    return value;
  });
  for (let chosen = 0; chosen < references; chosen += 1) {
    let index = -1;
    yield rebuild(given, (value, key) => (isReference(value, key) && ++index === chosen ? target : value));
  }
}

/** A copy in which each value is what `change` makes of it. Items of a list have the key of the list. */
function rebuild<T>(value: T, change: (value: unknown, key: string) => unknown, key = ''): T {
  const changed = change(value, key);
  if (Array.isArray(changed)) return changed.map((item: unknown) => rebuild(item, change, key)) as T;
  if (typeof changed !== 'object' || changed === null || isValue(changed)) return changed as T;
  return Object.fromEntries(Object.entries(changed).map(([name, item]) => [name, rebuild(item, change, name)])) as T;
}

/** Of a class of net/. */
function isValue(thing: object): boolean {
  return thing instanceof Prefix || Object.getPrototypeOf(thing) !== Object.prototype;
}

/** Paths without the ending, of files in folders only: what lies beside these is no rule. */
function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(join(ROOT, folder), join(entry.parentPath, entry.name)).slice(0, -ending.length))
    .filter((path) => path.includes('/'))
    .sort();
}
