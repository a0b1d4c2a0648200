import {
  type FabricCase,
  attachment,
  connection,
  externalNetwork,
  firewall,
  machine,
  masquerade,
  peer,
  privateNetwork,
  router,
  sharedNetwork,
} from '../rules/model';
import { compiled, leaks, linesOf, textOf } from './derived';

const blue = privateNetwork('blue', { prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] });
const blueFw = (...connections: ReturnType<typeof connection>[]): NonNullable<FabricCase['firewalls']> => [
  firewall('blue-fw', 'blue', { connections }),
];
const storage = (nat: boolean): ReturnType<typeof sharedNetwork> =>
  sharedNetwork('storage', { nat, prefixes: ['10.129.0.0/22', 'fd00:10:128:9::/64'] });
const dual = { peers: [peer('192.0.2.1/31'), peer('2001:db8::1/127')] };

/** What the firewall of blue takes from one VRF into another. `+` stands for everything inside the prefix. */
test.each<[string, FabricCase, readonly string[]]>([
  [
    'a shared network without NAT: both ways, of both families; never the own address there',
    { networks: [blue, storage(false)], firewalls: blueFw(connection('storage')) },
    [
      'storage → blue: not 10.129.0.1/32 10.129.0.0/22+',
      'blue → storage: not 10.128.0.1/32 10.128.0.0/22+',
      'storage → blue: not fd00:10:128:9::1/128 fd00:10:128:9::/64+',
      'blue → storage: not fd00:10:128::1/128 fd00:10:128::/64+',
    ],
  ],
  [
    'a shared network with NAT: the way back stays inside, and IPv6, which is never translated, has none',
    { networks: [blue, storage(true)], firewalls: blueFw(connection('storage')) },
    [
      'storage → blue: not 10.129.0.1/32 10.129.0.0/22+',
      'blue → storage: not 10.128.0.1/32 10.128.0.0/22+, kept inside',
    ],
  ],
  [
    'an external network with NAT: its destinations, not its own prefixes; the way back stays inside',
    { networks: [blue, externalNetwork('internet')], firewalls: blueFw(connection('internet')) },
    ['internet → blue: 0.0.0.0/0+', 'blue → internet: not 10.128.0.1/32 10.128.0.0/22+, kept inside'],
  ],
  [
    'an external network without NAT: the routers learn the way back',
    {
      networks: [blue, externalNetwork('office', { nat: false, destinationPrefixes: ['10.64.0.0/10'] })],
      firewalls: blueFw(connection('office')),
    },
    ['office → blue: 10.64.0.0/10+', 'blue → office: not 10.128.0.1/32 10.128.0.0/22+'],
  ],
  [
    'a kept destination: it must find the way back',
    {
      networks: [blue, externalNetwork('internet')],
      firewalls: blueFw(connection('internet', { nat: masquerade('198.51.100.0/24') })),
    },
    ['internet → blue: 0.0.0.0/0+', 'blue → internet: not 10.128.0.1/32 10.128.0.0/22+'],
  ],
  [
    'IPv6 internet with unique local addresses: none, nobody there could answer',
    {
      networks: [
        blue,
        externalNetwork('internet', {
          prefixes: ['185.1.2.0/24', '2001:db8:1::/64'],
          destinationPrefixes: ['0.0.0.0/0', '::/0'],
          routers: [router('isp1', dual)],
        }),
      ],
      firewalls: blueFw(connection('internet')),
    },
    ['internet → blue: 0.0.0.0/0+', 'blue → internet: not 10.128.0.1/32 10.128.0.0/22+, kept inside'],
  ],
  [
    'IPv6 internet with global addresses: both ways',
    {
      superNetworks: ['10.128.0.0/14', '2001:db8:128::/48'],
      networks: [
        { ...blue, prefixes: privateNetwork('x', { prefixes: ['10.128.0.0/22', '2001:db8:128::/64'] }).prefixes },
        externalNetwork('internet', {
          prefixes: ['185.1.2.0/24', '2001:db8:1::/64'],
          destinationPrefixes: ['0.0.0.0/0', '::/0'],
          routers: [router('isp1', dual)],
        }),
      ],
      firewalls: blueFw(connection('internet')),
    },
    [
      'internet → blue: 0.0.0.0/0+',
      'blue → internet: not 10.128.0.1/32 10.128.0.0/22+, kept inside',
      'internet → blue: ::/0+',
      'blue → internet: not 2001:db8:128::1/128 2001:db8:128::/64+',
    ],
  ],
  [
    'a DMZ: its own hosts and what lies beyond, in one list; consumers are hidden',
    {
      networks: [
        blue,
        sharedNetwork('dmz', { nat: true, prefixes: ['10.130.0.0/24'], destinationPrefixes: ['0.0.0.0/0'] }),
        externalNetwork('internet'),
      ],
      firewalls: [...blueFw(connection('dmz')), firewall('dmz-fw', 'dmz', { connections: [connection('internet')] })],
    },
    [
      'dmz → blue: not 10.130.0.1/32 10.130.0.0/24+ 0.0.0.0/0+',
      'blue → dmz: not 10.128.0.1/32 10.128.0.0/22+, kept inside',
    ],
  ],
  [
    "a machine's own address in the external network: that one is told, the private ones are not",
    {
      networks: [blue, externalNetwork('internet')],
      machines: [machine('web', 'blue', { attachments: [attachment('internet', ['185.1.2.80'])] })],
      firewalls: blueFw(connection('internet')),
    },
    [
      'internet → blue: 0.0.0.0/0+',
      'blue → internet: 185.1.2.80/32+',
      'blue → internet: not 10.128.0.1/32 10.128.0.0/22+, kept inside',
    ],
  ],
  [
    'two shared networks: nothing between them',
    {
      networks: [blue, storage(false), sharedNetwork('backup', { prefixes: ['10.131.0.0/22'] })],
      firewalls: blueFw(connection('backup'), connection('storage')),
    },
    [
      'backup → blue: not 10.131.0.1/32 10.131.0.0/22+',
      'blue → backup: not 10.128.0.1/32 10.128.0.0/22+',
      'storage → blue: not 10.129.0.1/32 10.129.0.0/22+',
      'blue → storage: not 10.128.0.1/32 10.128.0.0/22+',
      'storage → blue: not fd00:10:128:9::1/128 fd00:10:128:9::/64+',
      'blue → storage: not fd00:10:128::1/128 fd00:10:128::/64+',
    ],
  ],
  ['no connection: nothing', { networks: [blue], firewalls: blueFw() }, []],
])('%s', (_, given, expected) => {
  expect(leaks(compiled(given), 'blue-fw')).toEqual(expected);
});

describe('frr.conf of the firewall', () => {
  const text = textOf(
    compiled({
      networks: [blue, storage(true), externalNetwork('internet')],
      firewalls: blueFw(connection('storage'), connection('internet')),
    }),
    'blue-fw',
    'frr.conf',
  );

  test('imports by a route map that names the VRF a route comes from', () => {
    expect(linesOf(text, /^import vrf vrf/)).toEqual([
      'import vrf vrf10001',
      'import vrf vrf10002',
      'import vrf vrf10000',
      'import vrf vrf10000',
    ]);
    const maps = text.match(/^route-map import-vrf\d+ .*?^exit$/gms)!;
    expect(maps.length).toBe(4);
    for (const map of maps) expect(map).toMatch(/^ match ip address prefix-list (\S+)\n match source-vrf vrf\d+$/m);
  });

  test('keeps the hidden network inside: each of its leaks has no-export, no other has', () => {
    const maps = text.match(/^route-map import-vrf\d+ .*?^exit$/gms)!;
    const hidden = maps.filter((map) => map.includes('set community no-export additive'));
    expect(hidden.map((map) => /source-vrf (\S+)/.exec(map)![1])).toEqual(['vrf10000', 'vrf10000']);
    expect(maps.length - hidden.length).toBe(2);
  });

  test('tells its leaves nothing that it did not start itself', () => {
    expect(linesOf(text, /only-self/)).toContain('neighbor fabric route-map only-self out');
  });
});
