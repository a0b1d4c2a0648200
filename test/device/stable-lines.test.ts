import fc from 'fast-check';
import { prefixListEntries } from '../../lib/device/sequence';
import { Address, Prefix } from '../../lib/net';
import {
  connection,
  externalNetwork,
  type FabricCase,
  firewall,
  flowTo,
  machine,
  privateNetwork,
  sharedNetwork,
} from '../rules/model';
import { compiled, textOf } from './derived';

// A device that does not learn of a change keeps its files to the byte; one that does keeps the lines it had.

const base = (more: FabricCase = {}): FabricCase => ({
  networks: [
    ...['blue', 'red'].map((name) => privateNetwork(name)),
    sharedNetwork('storage'),
    sharedNetwork('monitoring', { nat: true }),
    externalNetwork('internet'),
    ...(more.networks ?? []),
  ],
  machines: [...['blue-1', 'red-1'].map((name) => machine(name, name.slice(0, -2))), ...(more.machines ?? [])],
  firewalls: [
    ...['blue', 'red'].map((name) =>
      firewall(`${name}-fw`, name, {
        connections: [
          connection('storage'),
          connection('internet', {
            allow: [flowTo('0.0.0.0/0', { protocol: 'tcp', ports: [{ first: 443, last: 443 }] })],
          }),
          ...(more.firewalls !== undefined && name === 'red' ? [connection('aaa'), connection('monitoring')] : []),
        ],
      }),
    ),
    ...(more.firewalls ?? []),
  ],
});

const before = compiled(base());
/** A network whose name comes first everywhere, its own tenant, and red's firewall joins it and one more. */
const after = compiled(
  base({
    networks: [sharedNetwork('aaa'), privateNetwork('aab')],
    machines: [machine('aab-1', 'aab')],
    firewalls: [firewall('aab-fw', 'aab', { connections: [connection('storage')] })],
  }),
  before.ledger,
);

const FILES = ['frr.conf', 'interfaces', 'nftables.conf'];

test.each(FILES)('%s of a firewall that is not concerned stays as it is', (file) => {
  expect(textOf(after, 'blue-fw', file)).toBe(textOf(before, 'blue-fw', file));
});

test.each(['frr.conf', 'interfaces'])('%s of a machine, too', (file) => {
  for (const name of ['blue-1', 'red-1']) expect(textOf(after, name, file)).toBe(textOf(before, name, file));
});

/** Where a new network adds to a line, that line is named here, as it begins. */
const GROWING = /^(bridge-ports|bridge-vids|iifname "vlan\d+" ip6? saddr \{)/;

test.each(FILES)('%s of a firewall that joins two networks only grows', (file) => {
  const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());
  const now = lines(textOf(after, 'red-fw', file));
  const gone = [...lines(textOf(before, 'red-fw', file))];
  for (const line of now) if (gone.includes(line)) gone.splice(gone.indexOf(line), 1);
  expect(gone.filter((line) => !GROWING.test(line))).toEqual([]);
  expect(now.length).toBeGreaterThan(lines(textOf(before, 'red-fw', file)).length);
});

describe('entries of a prefix list', () => {
  const prefixes = fc.uniqueArray(
    fc
      .record({ value: fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), length: fc.integer({ min: 8, max: 32 }) })
      .map(({ value, length }) => Prefix.around(Address.of('ipv4', value), length)),
    { selector: String, minLength: 1, maxLength: 40 },
  );
  const permit = (list: readonly Prefix[]): ReturnType<typeof prefixListEntries> =>
    prefixListEntries(list.map((prefix) => ({ action: 'permit', prefix, inside: true })));

  test('have numbers of their own, in order, that FRR takes, whatever the order they come in', () => {
    fc.assert(
      fc.property(prefixes, (list) => {
        const entries = permit(list);
        const numbers = entries.map(({ sequence }) => sequence);
        expect(new Set(numbers).size).toBe(list.length);
        expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
        expect(Math.min(...numbers)).toBeGreaterThan(0);
        expect(Math.max(...numbers)).toBeLessThan(4_294_967_295);
        expect(permit([...list].reverse())).toEqual(entries);
      }),
    );
  });

  test('keep their numbers when others come, unless one of those wants just that number', () => {
    fc.assert(
      fc.property(prefixes, prefixes, (list, more) => {
        const together = new Map(permit([...list, ...more]).map(({ prefix, sequence }) => [String(prefix), sequence]));
        const alone = (prefix: Prefix): number => permit([prefix])[0]!.sequence;
        const wanted = new Set(more.map(alone));
        // Of forty among 900000, two rarely want the same.
        expect(new Set(list.map(alone)).size).toBeGreaterThanOrEqual(list.length - 1);
        const moved = permit(list).filter(({ prefix, sequence }) => together.get(String(prefix)) !== sequence);
        expect(moved.filter(({ prefix }) => !wanted.has(alone(prefix)))).toEqual([]);
      }),
    );
  });

  test('deny before they permit', () => {
    const [first, second] = prefixListEntries([
      { action: 'permit', prefix: Prefix.parse('10.0.0.0/8'), inside: true },
      { action: 'deny', prefix: Prefix.parse('10.0.0.1/32'), inside: false },
    ]);
    expect([first!.action, second!.action, second!.le]).toEqual(['deny', 'permit', 32]);
  });

  test('of a default route mean just that one', () => {
    expect(permit([Prefix.parse('0.0.0.0/0'), Prefix.parse('10.0.0.1/32')]).map(({ le }) => le)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
