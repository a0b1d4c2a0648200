import { Address } from '../../lib/net';
import type { Party, Promise } from '../../lib/promises';
import { compiled } from '../device/derived';
import {
  attachment,
  connection,
  externalNetwork,
  type FabricCase,
  firewall,
  flowFrom,
  flowTo,
  machine,
  masquerade,
  privateNetwork,
  sharedNetwork,
} from '../rules/model';

const blue = privateNetwork('blue', { prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] });
const storage = (nat: boolean): ReturnType<typeof sharedNetwork> =>
  sharedNetwork('storage', { nat, prefixes: ['10.129.0.0/22', 'fd00:10:128:9::/64'] });
const internet = externalNetwork('internet');

const blueFw = (...connections: ReturnType<typeof connection>[]): NonNullable<FabricCase['firewalls']> => [
  firewall('blue-fw', 'blue', { connections }),
];
const https = { protocol: 'tcp', ports: [{ first: 443, last: 443 }] } as const;

/** All promises of a fabric between networks, firewalls themselves apart, as sentences. */
const sentences = (given: FabricCase): readonly string[] =>
  compiled(given)
    .promises.filter(({ to }) => to.kind !== 'host' || to.name === 'proxy')
    .map(sentence);

function sentence({ from, to, family, protocol, ports, verdict, seenAs, via }: Promise): string {
  const what = [family === 'ipv4' ? '' : ' v6', protocol === 'any' ? '' : ` ${[protocol, ...ports].join(' ')}`].join(
    '',
  );
  const how = verdict === 'denied' ? 'no' : `as ${seenAs ?? 'nothing'}`;
  return `${partyText(from)} → ${partyText(to)}${what}: ${how}${via === undefined ? '' : ` by ${via}`}`;
}

const partyText = ({ kind, name, prefixes }: Party): string => {
  switch (kind) {
    case 'network':
    case 'host':
      return name;
    case 'firewalls':
      return `other firewalls of ${name}`;
    case 'beyond':
      return `${prefixes.join(' ')} beyond ${name}`;
    case 'anything-else':
      return 'else';
  }
};

const INSIDE_BLUE = ['blue → blue: as original', 'blue → blue v6: as original'];
const INSIDE_STORAGE = ['storage → storage: as original', 'storage → storage v6: as original'];
const REST_OF_BLUE = ['blue → else: no', 'blue → else v6: no'];
const REST_OF_STORAGE = ['storage → else: no', 'storage → else v6: no'];

test.each<[string, FabricCase, readonly string[]]>([
  ['a network alone', { networks: [blue] }, [...INSIDE_BLUE, ...REST_OF_BLUE]],
  [
    'a shared network without NAT: both may open, original addresses are seen',
    { networks: [blue, storage(false)], firewalls: blueFw(connection('storage')) },
    [
      ...INSIDE_BLUE,
      'blue → storage: as original by blue-fw',
      'storage → blue: as original by blue-fw',
      'blue → storage v6: as original by blue-fw',
      'storage → blue v6: as original by blue-fw',
      ...REST_OF_BLUE,
      ...INSIDE_STORAGE,
      ...REST_OF_STORAGE,
    ],
  ],
  [
    "a shared network with NAT: the firewall's address is seen, and nobody calls back; no IPv6",
    { networks: [blue, storage(true)], firewalls: blueFw(connection('storage')) },
    [
      ...INSIDE_BLUE,
      'blue → storage: as 10.129.0.1 by blue-fw',
      ...REST_OF_BLUE,
      ...INSIDE_STORAGE,
      'storage → blue: no by blue-fw',
      ...REST_OF_STORAGE,
    ],
  ],
  [
    'allowed flows: only those, in their direction; the other one is denied in words',
    {
      networks: [blue, storage(false)],
      firewalls: blueFw(connection('storage', { allow: [flowTo('10.129.0.0/24', https)] })),
    },
    [
      ...INSIDE_BLUE,
      'blue → storage tcp 443: as original by blue-fw',
      ...REST_OF_BLUE,
      ...INSIDE_STORAGE,
      'storage → blue: no by blue-fw',
      'storage → blue v6: no by blue-fw',
      ...REST_OF_STORAGE,
    ],
  ],
  [
    'a flow that only lets the network call',
    {
      networks: [blue, storage(false)],
      firewalls: blueFw(connection('storage', { allow: [flowFrom('10.129.0.0/22', { protocol: 'icmp' })] })),
    },
    [
      ...INSIDE_BLUE,
      'storage → blue icmp: as original by blue-fw',
      ...REST_OF_BLUE,
      ...INSIDE_STORAGE,
      'storage → blue v6: no by blue-fw',
      ...REST_OF_STORAGE,
    ],
  ],
  [
    'an external network with NAT',
    { networks: [blue, internet], firewalls: blueFw(connection('internet')) },
    [
      ...INSIDE_BLUE,
      'blue → 0.0.0.0/0 beyond internet: as 185.1.2.1 by blue-fw',
      ...REST_OF_BLUE,
      '0.0.0.0/0 beyond internet → blue: no by blue-fw',
      'internet → else: no',
    ],
  ],
  [
    'an external network without NAT: seen as they are, and not called all the same',
    {
      networks: [blue, externalNetwork('office', { nat: false, destinationPrefixes: ['10.64.0.0/10'] })],
      firewalls: blueFw(connection('office')),
    },
    [
      ...INSIDE_BLUE,
      'blue → 10.64.0.0/10 beyond office: as original by blue-fw',
      ...REST_OF_BLUE,
      '10.64.0.0/10 beyond office → blue: no by blue-fw',
      'office → else: no',
    ],
  ],
  [
    'kept destinations, and an address of the network itself, are seen as they are',
    {
      networks: [blue, internet],
      machines: [machine('web', 'blue', { attachments: [attachment('internet', ['185.1.2.80'])] })],
      firewalls: blueFw(connection('internet', { nat: masquerade('198.51.100.0/24') })),
    },
    [
      ...INSIDE_BLUE,
      'blue → 0.0.0.0/0 beyond internet: as 185.1.2.1 by blue-fw',
      'blue → 198.51.100.0/24 beyond internet: as original by blue-fw',
      'web → 0.0.0.0/0 beyond internet: as original by blue-fw',
      'web → blue: as original',
      ...REST_OF_BLUE,
      '0.0.0.0/0 beyond internet → blue: no by blue-fw',
      'internet → else: no',
    ],
  ],
  [
    "a DMZ: the internet is reached through two firewalls, seen as the second one's address",
    {
      networks: [
        blue,
        sharedNetwork('dmz', { nat: true, prefixes: ['10.130.0.0/24'], destinationPrefixes: ['0.0.0.0/0'] }),
        internet,
      ],
      firewalls: [...blueFw(connection('dmz')), firewall('dmz-fw', 'dmz', { connections: [connection('internet')] })],
    },
    [
      ...INSIDE_BLUE,
      'blue → other firewalls of dmz icmp: as 10.130.0.1 by blue-fw',
      'blue → dmz: as 10.130.0.1 by blue-fw',
      'blue → 0.0.0.0/0 beyond internet: as 185.1.2.1 by blue-fw, dmz-fw',
      ...REST_OF_BLUE,
      'dmz → dmz: as original',
      'dmz → 0.0.0.0/0 beyond internet: as 185.1.2.1 by dmz-fw',
      'dmz → blue: no by blue-fw',
      'dmz → else: no',
      '0.0.0.0/0 beyond internet → dmz: no by dmz-fw',
      'internet → else: no',
    ],
  ],
  [
    'a DMZ between two firewalls that narrow: what both let through',
    {
      networks: [
        blue,
        sharedNetwork('dmz', { nat: true, prefixes: ['10.130.0.0/24'], destinationPrefixes: ['0.0.0.0/0'] }),
        externalNetwork('internet', { nat: false }),
      ],
      firewalls: [
        ...blueFw(
          connection('dmz', { allow: [flowTo('0.0.0.0/0', { protocol: 'tcp', ports: [{ first: 1, last: 443 }] })] }),
        ),
        firewall('dmz-fw', 'dmz', {
          connections: [
            connection('internet', {
              allow: [
                flowTo('198.51.100.0/24', {
                  protocol: 'tcp',
                  ports: [
                    { first: 80, last: 90 },
                    { first: 443, last: 8443 },
                  ],
                }),
                flowTo('0.0.0.0/0', { protocol: 'udp' }),
              ],
            }),
          ],
        }),
      ],
    },
    [
      ...INSIDE_BLUE,
      'blue → dmz tcp 1-443: as 10.130.0.1 by blue-fw',
      'blue → 198.51.100.0/24 beyond internet tcp 80-90 443: as 10.130.0.1 by blue-fw, dmz-fw',
      ...REST_OF_BLUE,
      'dmz → dmz: as original',
      'dmz → 198.51.100.0/24 beyond internet tcp 80-90 443-8443: as original by dmz-fw',
      'dmz → 0.0.0.0/0 beyond internet udp: as original by dmz-fw',
      'dmz → blue: no by blue-fw',
      'dmz → else: no',
      '0.0.0.0/0 beyond internet → dmz: no by dmz-fw',
      'internet → else: no',
    ],
  ],
  [
    'kept destinations that no flow leads to are not promised',
    {
      networks: [blue, internet],
      firewalls: blueFw(
        connection('internet', {
          nat: masquerade('198.51.100.0/24', '203.0.113.0/24'),
          allow: [flowTo('203.0.113.0/25', https)],
        }),
      ),
    },
    [
      ...INSIDE_BLUE,
      'blue → 203.0.113.0/25 beyond internet tcp 443: as original by blue-fw',
      ...REST_OF_BLUE,
      '0.0.0.0/0 beyond internet → blue: no by blue-fw',
      'internet → else: no',
    ],
  ],
  [
    'an HTTP proxy: that one address and port',
    {
      networks: [
        blue,
        sharedNetwork('backup', {
          prefixes: ['10.131.0.0/22'],
          internetAccess: { kind: 'via-proxy', address: Address.parse('10.128.0.5'), port: 31_280 },
        }),
      ],
      machines: [machine('blue-1', attachment('blue', ['10.128.0.5']))],
      firewalls: blueFw(connection('backup')),
    },
    [
      ...INSIDE_BLUE,
      'blue → backup: as original by blue-fw',
      'backup → blue: as original by blue-fw',
      ...REST_OF_BLUE,
      'backup → backup: as original',
      'backup → proxy tcp 31280: as original by blue-fw',
      'backup → else: no',
    ],
  ],
])('%s', (_, given, expected) => {
  const said = sentences(given);
  expect([...said].sort()).toEqual([...expected].sort());
});

test('a firewall answers ICMP at each of its addresses, and offers nothing else', () => {
  const { promises } = compiled({ networks: [blue, storage(true)], firewalls: blueFw(connection('storage')) });
  const atFirewall = promises
    .filter(({ to }) => to.kind === 'host')
    .map((one) => `${one.from.name} → ${one.to.prefixes.join()} ${one.protocol}: ${one.verdict}`);
  expect(atFirewall).toEqual(
    [
      ['blue', '10.128.0.1/32'],
      ['blue', 'fd00:10:128::1/128'],
      ['storage', '10.129.0.1/32'],
      ['storage', 'fd00:10:128:9::1/128'],
    ].flatMap(([from, to]) => [
      `${from!} → ${to!} icmp: allowed`,
      `${from!} → ${to!} tcp: denied`,
      `${from!} → ${to!} udp: denied`,
    ]),
  );
});

test('an address of an external network that a machine has is in the VRF of its network, and firewalls answer it', () => {
  const { promises } = compiled({
    networks: [blue, privateNetwork('red', { prefixes: ['10.128.4.0/22'] }), internet],
    machines: [
      machine('web', 'blue', { attachments: [attachment('internet', ['185.1.2.80'])] }),
      machine('db', 'blue', { attachments: [attachment('internet', ['185.1.2.81'])] }),
    ],
    firewalls: [
      ...blueFw(connection('internet')),
      firewall('red-fw', 'red', { connections: [connection('internet')] }),
    ],
  });
  const said = promises
    .filter(({ from, to }) => [from, to].some(({ kind, name }) => kind === 'host' && ['web', 'db'].includes(name)))
    .filter(({ to }) => to.kind !== 'beyond')
    .map((one) => `${one.to.prefixes.join()}: ${sentence(one)}`);
  const ofWeb = said.filter((text) => / web(?: →|:)/.test(text));
  expect([...ofWeb].sort()).toEqual([
    '10.128.0.0/22: web → blue: as original',
    '10.128.0.1/32: web → blue-fw icmp: as original',
    '185.1.2.0/24: web → other firewalls of internet icmp: as original by blue-fw',
    '185.1.2.1/32: web → blue-fw icmp: as original',
    '185.1.2.80/32: blue → web: as original',
    '185.1.2.80/32: db → web: as original',
    '185.1.2.81/32: web → db: as original',
  ]);
});

test('two consumers of a network are promised nothing of each other', () => {
  const { promises } = compiled({
    networks: [blue, privateNetwork('red', { prefixes: ['10.128.4.0/22'] }), storage(false)],
    firewalls: [...blueFw(connection('storage')), firewall('red-fw', 'red', { connections: [connection('storage')] })],
  });
  expect(
    promises.filter(
      ({ from, to, verdict }) => verdict === 'allowed' && from.name === 'blue' && to.name.startsWith('red'),
    ),
  ).toEqual([]);
  expect(promises.filter(({ from, to }) => from.name === 'blue' && to.kind === 'anything-else').length).toBe(2);
});
