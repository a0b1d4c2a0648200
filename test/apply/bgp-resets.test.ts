import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { allSessions, resetSessions } from '../../lib/apply';

const GOLDEN = resolve(__dirname, '../examples/golden');
const frrOf = (fabric: string, device: string): string =>
  readFileSync(join(GOLDEN, fabric, 'fra-equ01/fabric/fra-equ01', device, 'frr.conf'), 'utf8');

const LEAF = frrOf('share-later', 'rack1-leaf1');
const BORDER = frrOf('internet-access', 'border1');

const of = (before: string, after: string): readonly string[] =>
  resetSessions(before, after).map(({ vrf, neighbor, reason }) => `${vrf} ${neighbor}: ${reason}`);

/** The text with one thing replaced that is there. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

describe('of a leaf', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'the remote AS of a group resets its members',
      'neighbor fabric remote-as external',
      'neighbor fabric remote-as internal',
      [
        'default swp5: remote-as changes from external to internal',
        'default swp6: remote-as changes from external to internal',
      ],
    ],
    [
      'another group',
      'neighbor swp6 interface peer-group fabric',
      'neighbor swp6 interface peer-group firewall',
      ['default swp6: its peer group changes from fabric to firewall'],
    ],
    ['a neighbor that vanishes', ' neighbor swp6 interface peer-group fabric\n', '', ['default swp6: it vanishes']],
    [
      'a source of its own',
      ' neighbor swp2 interface peer-group firewall\n',
      ' neighbor swp2 interface peer-group firewall\n neighbor swp2 update-source lo\n',
      ['default swp2: update-source changes from none to lo'],
    ],
    [
      'a source of the group',
      ' neighbor fabric timers 2 8\n',
      ' neighbor fabric timers 2 8\n neighbor fabric update-source lo\n',
      ['default swp5: update-source changes from none to lo', 'default swp6: update-source changes from none to lo'],
    ],
    [
      'a family that a group speaks no more',
      '  neighbor fabric activate\n  neighbor fabric allowas-in 2\n',
      '',
      ['default swp5: l2vpn evpn is spoken no more', 'default swp6: l2vpn evpn is spoken no more'],
    ],
    [
      'a family that one member speaks no more',
      '  neighbor fabric allowas-in 2\n',
      '  neighbor fabric allowas-in 2\n  no neighbor swp5 activate\n',
      ['default swp5: l2vpn evpn is spoken no more'],
    ],
    [
      'the router id resets its VRF, and no other',
      'vrf vrf10001\n bgp router-id 10.255.0.2',
      'vrf vrf10001\n bgp router-id 10.255.0.9',
      ['vrf10001 swp1: the router id changes from 10.255.0.2 to 10.255.0.9'],
    ],
    [
      'the own AS resets its VRF, and no other',
      'router bgp 4200000005 vrf vrf10002',
      'router bgp 4200000009 vrf vrf10002',
      [
        'vrf10002 swp3: the own AS changes from 4200000005 to 4200000009',
        'vrf10002 swp4: the own AS changes from 4200000005 to 4200000009',
      ],
    ],
    [
      'a VRF that is called otherwise',
      'router bgp 4200000005 vrf vrf10001',
      'router bgp 4200000005 vrf vrf10009',
      ['vrf10001 swp1: its VRF speaks BGP no more'],
    ],
    [
      'ipv4 that is not spoken by itself is no change where it is said',
      ' neighbor fabric peer-group\n',
      ' no bgp default ipv4-unicast\n neighbor fabric peer-group\n',
      [],
    ],
    ['timers are taken over', 'neighbor fabric timers 2 8', 'neighbor fabric timers 3 9', []],
    ['a route map is taken over', 'neighbor swp2 route-map swp2-in in', 'neighbor swp2 route-map other in', []],
    ['allowas-in is taken over', 'neighbor fabric allowas-in 2', 'neighbor fabric allowas-in 3', []],
    [
      'a new neighbor resets nobody',
      ' neighbor swp6 interface peer-group fabric\n',
      ' neighbor swp6 interface peer-group fabric\n neighbor swp7 interface peer-group fabric\n',
      [],
    ],
    ['routes, lists, VNIs', ' vni 10002', ' vni 10003', []],
    ['a comment', '! rack1-leaf1, leaf', '! another', []],
  ])('%s', (_, from, to, expected) => {
    expect(of(LEAF, changed(LEAF, from, to))).toEqual(expected);
  });
});

describe('of a border leaf', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'the AS of a router',
      'neighbor 192.0.2.1 remote-as 64500',
      'neighbor 192.0.2.1 remote-as 64501',
      ['vrf10003 192.0.2.1: remote-as changes from 64500 to 64501'],
    ],
    [
      'hops to a router',
      ' neighbor 192.0.2.1 timers 2 8',
      ' neighbor 192.0.2.1 timers 2 8\n neighbor 192.0.2.1 ebgp-multihop 2',
      ['vrf10003 192.0.2.1: ebgp-multihop changes from none to 2'],
    ],
    ['ipv4 is spoken with whom nothing is said about', '  neighbor 192.0.2.1 activate\n', '', []],
    [
      'unless told otherwise',
      '  neighbor 192.0.2.1 activate\n',
      '  no neighbor 192.0.2.1 activate\n',
      ['vrf10003 192.0.2.1: ipv4 unicast is spoken no more'],
    ],
    [
      'a second family',
      ' address-family ipv6 unicast\n',
      ' address-family ipv6 unicast\n  neighbor 192.0.2.1 activate\n',
      ['vrf10003 192.0.2.1: ipv6 unicast is spoken from now on'],
    ],
  ])('%s', (_, from, to, expected) => {
    expect(of(BORDER, changed(BORDER, from, to))).toEqual(expected);
  });
});

test('an instance may come in several parts', () => {
  const parts = LEAF.replace(/^router bgp (\d+)( vrf \w+)?$/gm, 'router bgp $1$2\nexit\n!\nrouter bgp $1$2');
  const ends = `${LEAF}router bgp 4200000005\n neighbor swp9 description x\nexit\n`;
  expect(parts).not.toBe(LEAF);
  for (const other of [parts, ends]) expect([of(LEAF, other), of(parts, LEAF)]).toEqual([[], []]);
  expect(allSessions(parts, '')).toEqual(allSessions(LEAF, ''));
});

test('a restart resets every session that there is', () => {
  expect(allSessions(LEAF, 'FRR is restarted').map(({ vrf, neighbor }) => `${vrf} ${neighbor}`)).toEqual([
    ...['default swp5', 'default swp6', 'default swp2', 'vrf10001 swp1', 'vrf10002 swp3', 'vrf10002 swp4'],
  ]);
});

test('sharing a network resets no session of any device', () => {
  for (const device of ['rack1-leaf1', 'rack1-leaf2', 'spine1', 'blue-fw', 'node-1'])
    expect([device, of(frrOf('share-later', device), frrOf('share-later-shared', device))]).toEqual([device, []]);
});

test('the same file resets nothing, however comments and empty lines are strewn in', () => {
  const lines = LEAF.split('\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(lines.length), fc.constantFrom('!', ' !', '', '! a comment'))), (strewn) => {
      const after = [...lines];
      for (const [at, line] of strewn) after.splice(at, 0, line);
      expect(of(LEAF, after.join('\n'))).toEqual([]);
    }),
  );
});

test('whatever neighbors are taken away, those and only those vanish', () => {
  const neighbors = ['swp1', 'swp2', 'swp3', 'swp4', 'swp5', 'swp6'];
  fc.assert(
    fc.property(fc.subarray(neighbors), (gone) => {
      const after = LEAF.split('\n').filter((line) => !gone.some((name) => line.startsWith(` neighbor ${name} `)));
      const left = after.filter((line) => !gone.some((name) => line.includes(`neighbor ${name} `))).join('\n');
      expect(new Set(resetSessions(LEAF, left).map(({ neighbor }) => neighbor))).toEqual(new Set(gone));
    }),
  );
});
