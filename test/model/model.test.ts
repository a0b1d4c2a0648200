import {
  asksForNat,
  attachmentsOf,
  destinationsOf,
  familiesOf,
  groupBy,
  isHidden,
  isShared,
  isUnshared,
  Lookup,
  natOf,
} from '../../lib/model';
import type { Family } from '../../lib/net';
import {
  attachment,
  connection,
  externalNetwork,
  fabric,
  firewall,
  machine,
  masquerade,
  NO_NAT,
  privateNetwork,
  sharedNetwork,
  translate,
  underlayNetwork,
} from '../rules/model';

describe('kinds of networks', () => {
  test.each([
    ['private', privateNetwork('a'), { shared: false, unshared: true, nat: false, destinations: [] }],
    ['shared', sharedNetwork('a'), { shared: true, unshared: false, nat: false, destinations: [] }],
    [
      'shared with NAT, a DMZ',
      sharedNetwork('a', { nat: true, destinationPrefixes: ['0.0.0.0/0'] }),
      { shared: true, unshared: false, nat: true, destinations: ['0.0.0.0/0'] },
    ],
    ['external', externalNetwork('a'), { shared: false, unshared: false, nat: true, destinations: ['0.0.0.0/0'] }],
    ['underlay', underlayNetwork('a'), { shared: false, unshared: false, nat: false, destinations: [] }],
  ])('%s', (_, network, expected) => {
    expect({
      shared: isShared(network),
      unshared: isUnshared(network),
      nat: asksForNat(network),
      destinations: destinationsOf(network).map(String),
    }).toEqual(expected);
  });
});

describe('what a firewall does to sources, and whether that hides its network', () => {
  const hiding = sharedNetwork('a', { nat: true });
  test.each([
    ['as the network says: nothing', connection('a'), sharedNetwork('a'), 'none', []],
    [
      'as the network says: it translates, and IPv6 has no way at all',
      connection('a'),
      hiding,
      'translate',
      ['ipv4', 'ipv6'],
    ],
    ['as the external network says: IPv6 is not hidden', connection('a'), externalNetwork('a'), 'translate', ['ipv4']],
    ['as the connection says', connection('a', { nat: NO_NAT }), externalNetwork('a'), 'none', []],
    [
      'hidden by the connection alone',
      connection('a', { nat: translate() }),
      sharedNetwork('a'),
      'translate',
      ['ipv4', 'ipv6'],
    ],
    ['masquerade', connection('a', { nat: masquerade() }), externalNetwork('a'), 'masquerade', ['ipv4']],
    [
      'with kept destinations, which must find the way back',
      connection('a', { nat: translate(undefined, ['10.0.0.0/8']) }),
      externalNetwork('a'),
      'translate',
      [],
    ],
  ])('%s', (_, given, network, kind, hidden) => {
    expect(natOf(given, network).kind).toBe(kind);
    expect((['ipv4', 'ipv6'] satisfies Family[]).filter((family) => isHidden(given, network, family))).toEqual(hidden);
  });
});

test.each([
  ['allocated', privateNetwork('a'), ['ipv4', 'ipv6']],
  ['given', privateNetwork('a', { prefixes: ['fd00:10:128::/64'] }), ['ipv6']],
  ['given of an external network', externalNetwork('a'), ['ipv4']],
  ['none', privateNetwork('a', { prefixLengths: { ipv4: undefined, ipv6: undefined } }), []],
])('families of prefixes %s', (_, network, expected) => {
  expect(familiesOf(network)).toEqual(expected);
});

test('a lookup finds things of all partitions by their path, and says so where there are none', () => {
  const lookup = new Lookup(fabric({ networks: [privateNetwork('a')] }));
  expect(lookup.findNetwork('par1/a').name).toBe('a');
  expect(lookup.tryFindNetwork('par1/b')).toBeUndefined();
  expect(() => lookup.findNetwork('par1/b')).toThrow('invariant: no network is declared at par1/b');
  expect(() => lookup.findPartition('par2')).toThrow('invariant');
});

test('the networks of a host: the primary one first, which it may lack', () => {
  const names = (host: Parameters<typeof attachmentsOf>[0]): readonly string[] =>
    attachmentsOf(host).map(({ network }) => network);
  expect(names(machine('m', 'a', { attachments: [attachment('b')] }))).toEqual(['par1/a', 'par1/b']);
  expect(names(firewall('f', undefined, { connections: [connection('b')] }))).toEqual(['par1/b']);
});

test('groups keep the order of their members and of their first ones', () => {
  expect([...groupBy([3, 1, 4, 1, 5], (one) => (one % 2 === 0 ? 'even' : 'odd'))]).toEqual([
    ['odd', [3, 1, 1, 5]],
    ['even', [4]],
  ]);
});
