import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { effectsOf, interfaceChanges, type Texts } from '../../lib/apply';
import { printDiff } from '../../lib/apply/text-diff';

const GOLDEN = resolve(__dirname, '../examples/golden');

function textsOf(fabric: string, device: string): Texts {
  const folder = join(GOLDEN, fabric, 'fra-equ01/fabric/fra-equ01', device);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const LEAF = textsOf('share-later', 'rack1-leaf1');

const withFile = (name: string, change: (text: string) => string): Texts =>
  new Map([...LEAF].map(([one, text]) => [one, one === name ? change(text) : text]));

describe('which tools have something to do', () => {
  test.each<[string, string, (text: string) => string, readonly string[]]>([
    ['sysctl', 'sysctl.conf', (text) => text.replace('rp_filter = 0', 'rp_filter = 1'), ['sysctl']],
    ['interfaces', 'interfaces', (text) => text.replace('mtu 9216', 'mtu 9000'), ['ifreload']],
    ['frr.conf', 'frr.conf', (text) => text.replace('timers 2 8', 'timers 3 9'), ['frr-reload']],
    ['nftables', 'nftables.conf', (text) => text.replace('dport 22', 'dport 2222'), ['nft']],
    ['daemons', 'daemons', (text) => text.replace('bfdd=no', 'bfdd=yes'), ['FRR restart']],
    ...['sysctl.conf', 'interfaces', 'frr.conf', 'nftables.conf', 'daemons'].map(
      (name): [string, string, (text: string) => string, readonly string[]] => [
        `a comment in ${name}`,
        name,
        (text) => text.replace('rack1-leaf1', 'somebody'),
        [],
      ],
    ),
    ['a line that ends in spaces', 'frr.conf', (text) => text.replace('timers 2 8', 'timers 2 8  '), []],
  ])('%s', (_, name, change, tools) => {
    const after = withFile(name, change);
    expect(after.get(name)).not.toBe(LEAF.get(name));
    expect(effectsOf(LEAF, after).tools).toEqual(tools);
  });

  test('a restart resets every session, whatever frr.conf says', () => {
    const { sessions } = effectsOf(
      LEAF,
      withFile('daemons', (text) => `${text}watchfrr_enable=no\n`),
    );
    expect(sessions).toHaveLength(6);
    expect(new Set(sessions.map(({ reason }) => reason))).toEqual(new Set(['FRR is restarted']));
  });

  test('a file that appears or vanishes', () => {
    const without = new Map([...LEAF].filter(([name]) => name !== 'nftables.conf'));
    expect(effectsOf(LEAF, without).tools).toEqual(['nft']);
    expect(effectsOf(without, LEAF).tools).toEqual(['nft']);
  });
});

describe('interfaces', () => {
  test('that appear and vanish, with their addresses', () => {
    const before = 'auto lo\niface lo inet loopback\n    address 10.0.0.1/32\n\niface a\n    address 10.1.0.1/24\n';
    const after = 'iface lo inet loopback\n    address 10.0.0.2/32\n\niface b\n    mtu 9000\n';
    expect(interfaceChanges(before, after)).toEqual({
      added: ['b'],
      removed: ['a'],
      addressesAdded: [{ interface: 'lo', address: '10.0.0.2/32' }],
      addressesRemoved: [
        { interface: 'lo', address: '10.0.0.1/32' },
        { interface: 'a', address: '10.1.0.1/24' },
      ],
    });
  });

  test('the other way round is the other way round, and the same is nothing', () => {
    const [one, other] = ['share-later', 'internet-access'].map((fabric) =>
      textsOf(fabric, 'blue-fw').get('interfaces')!,
    );
    const there = interfaceChanges(one!, other!);
    const back = interfaceChanges(other!, one!);
    expect([there.added, there.addressesAdded]).toEqual([back.removed, back.addressesRemoved]);
    expect(there.added.length).toBeGreaterThan(0);
    expect(interfaceChanges(one!, one!)).toEqual({ added: [], removed: [], addressesAdded: [], addressesRemoved: [] });
  });
});

describe('the difference of two texts', () => {
  test('reads like this', () => {
    const before = textsOf('share-later', 'blue-fw').get('frr.conf')!;
    expect(printDiff('frr.conf', before, before.replace(' vni 10001', ' vni 10002'))).toBe(
      [
        '--- frr.conf\tapplied',
        '+++ frr.conf\tnew',
        '@@ -16,7 +16,7 @@',
        ' exit',
        ' !',
        ' vrf vrf10001',
        '- vni 10001',
        '+ vni 10002',
        ' exit-vrf',
        ' !',
        ' router bgp 4200000002',
        '',
      ].join('\n'),
    );
  });

  test('a file that is new, or gone', () => {
    expect(printDiff('a', undefined, 'x\n')).toBe('--- /dev/null\tapplied\n+++ a\tnew\n@@ -0,0 +1,1 @@\n+x\n');
    expect(printDiff('a', 'x\n', undefined)).toBe('--- a\tapplied\n+++ /dev/null\tnew\n@@ -1,1 +0,0 @@\n-x\n');
  });

  test('made of the one, it makes the other', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', ' c', '- d', '@@ e'))
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = printDiff('x', before, after);
        expect(patch === '').toBe(before === after);
        if (patch !== '') expect(applyPatch(before, patch)).toBe(after);
      }),
    );
  });
});
