import { type Ledger, release, tryRenumber } from '../../lib/plan';
import { attachment, machine, partition, privateNetwork, sharedNetwork } from '../rules/model';
import { plan } from './edits';

const declared = partition('par1', { networks: [privateNetwork('blue'), privateNetwork('red')] });
const { ledger } = plan(declared);

const vnis = ({ pools }: Ledger): unknown => pools['vni'];

describe('renumber', () => {
  test('the next plan gives another number, and never the old one', () => {
    const renumbered = tryRenumber(ledger, 'vni', 'blue');
    expect(renumbered?.freed).toEqual({ value: 10_000, holder: 'blue', revision: 2, renumbered: true });
    const next = plan(declared, renumbered?.ledger).ledger;
    const freed = [{ value: 10_000, holder: 'blue', revision: 2, renumbered: true }];
    expect(vnis(next)).toEqual({ given: { blue: 10_002, red: 10_001 }, freed });
    expect(next.revision).toBe(3);
    expect(plan(declared, next).ledger).toBe(next);
    // Nor when it goes and comes back.
    const without = plan(partition('par1', { networks: [privateNetwork('red')] }), next).ledger;
    expect(vnis(plan(declared, without).ledger)).toEqual({ given: { blue: 10_002, red: 10_001 }, freed });
  });

  test('all others keep theirs', () => {
    const next = plan(declared, tryRenumber(ledger, 'vni', 'blue')?.ledger).ledger;
    expect({ ...next.pools, vni: undefined }).toEqual({ ...ledger.pools, vni: undefined });
  });

  test('mends a number that is misplaced', () => {
    const narrow = partition('par1', {
      networks: declared.networks,
      pools: { ...declared.pools, vnis: { first: 20_000, last: 20_009 } },
    });
    const both = ['blue', 'red'].reduce((now, name) => tryRenumber(now, 'vni', name)?.ledger ?? now, ledger);
    expect(plan(narrow, ledger).shortages.map(({ kind }) => kind)).toEqual(['misplaced', 'misplaced']);
    expect(plan(narrow, both).shortages).toEqual([]);
    expect(plan(narrow, both).ledger.pools['vni']?.given).toEqual({ blue: 20_000, red: 20_001 });
  });

  test('gives a prefix of the length that is asked for now', () => {
    const asking = (ipv4: number) =>
      partition('par1', {
        networks: [
          privateNetwork('blue', { prefixLengths: { ipv4, ipv6: undefined } }),
          privateNetwork('red', { prefixLengths: { ipv4: 22, ipv6: undefined } }),
        ],
      });
    const before = plan(asking(22)).ledger;
    // A length that changes alone moves nobody.
    expect(plan(asking(24), before).ledger).toBe(before);
    for (const [length, prefix] of [
      [24, '10.128.8.0/24'],
      [20, '10.128.16.0/20'],
    ] as const) {
      const after = plan(asking(length), tryRenumber(before, 'prefix ipv4', 'blue')?.ledger);
      expect(after.shortages).toEqual([]);
      expect(after.ledger.pools['prefix ipv4']?.given).toEqual({ blue: prefix, red: '10.128.4.0/22' });
      expect(plan(asking(length), after.ledger).ledger).toBe(after.ledger);
    }
  });

  test('moves a prefix to the addresses that were fixed meanwhile', () => {
    const storage = partition('par1', { networks: [sharedNetwork('storage')] });
    const fixed = partition('par1', {
      networks: storage.networks,
      machines: [machine('nvme', attachment('storage', ['10.129.0.10']))],
    });
    const before = plan(storage).ledger;
    expect(plan(fixed, before).shortages).toHaveLength(1);
    const after = plan(fixed, tryRenumber(before, 'prefix ipv4', 'storage')?.ledger);
    expect(after.shortages).toEqual([]);
    expect(after.ledger.pools['prefix ipv4']?.given).toEqual({ storage: '10.129.0.0/22' });
  });

  test.each([
    ['vni', 'green'],
    ['vnis', 'blue'],
    ['vni', 'constructor'],
    ['constructor', 'blue'],
  ])('of %s %s there is nothing', (pool, holder) => {
    expect(tryRenumber(ledger, pool, holder)).toBeUndefined();
  });
});

describe('release', () => {
  const freed = plan(partition('par1'), ledger).ledger;

  test('makes numbers as good as never used', () => {
    expect(release(freed, 'vni', '10000').released).toEqual([
      { pool: 'vni', value: 10_000, holder: 'blue', revision: 2 },
    ]);
    const next = plan(
      partition('par1', { networks: [privateNetwork('green')] }),
      release(freed, 'vni', '10000').ledger,
    );
    expect(vnis(next.ledger)).toEqual({
      given: { green: 10_000 },
      freed: [{ value: 10_001, holder: 'red', revision: 2 }],
    });
  });

  test('of a pool, or of all', () => {
    expect(release(freed, 'vni').released.map(({ value }) => value)).toEqual([10_000, 10_001]);
    expect(release(freed).released).toHaveLength(6);
    expect(Object.values(release(freed).ledger.pools).flatMap((pool) => pool.freed)).toEqual([]);
    expect(release(freed).ledger.pools['vni']).toBeUndefined();
  });

  test('of nothing changes nothing', () => {
    expect(release(ledger).ledger).toBe(ledger);
    expect(release(freed, 'vni', '9').ledger).toBe(freed);
  });
});
