import {
  attachment,
  connection,
  externalNetwork,
  type FabricCase,
  firewall,
  machine,
  privateNetwork,
  sharedNetwork,
} from '../rules/model';
import { chainOf, compiled, linesOf, textOf } from './derived';

// The leaf is the guard: it takes from each port only what the host behind it may say or send.

const given: FabricCase = {
  networks: [
    privateNetwork('blue', { vni: 100, prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] }),
    sharedNetwork('storage', { vni: 200, nat: true, prefixes: ['10.129.0.0/22'] }),
    externalNetwork('internet', { vni: 300 }),
    privateNetwork('other', { vni: 400, prefixes: ['10.132.0.0/22'].map((prefix) => prefix.replace('132', '130')) }),
  ],
  machines: [
    machine('blue-1', attachment('blue', ['10.128.0.10', 'fd00:10:128::10']), {
      attachments: [attachment('internet', ['185.1.2.80'])],
    }),
    machine('nvme-1', attachment('storage', ['10.129.0.10'])),
    machine('other-1', attachment('other', ['10.130.0.10'])),
  ],
  firewalls: [
    firewall('blue-fw', attachment('blue', ['10.128.0.1', 'fd00:10:128::1']), {
      connections: [connection('storage'), connection('internet')],
    }),
  ],
};
const old = compiled({ ...given, frr: { major: 8, minor: 4 } });
const recent = compiled({ ...given, frr: { major: 10, minor: 3 } });
const portTo = (host: string): string => /^\S+/.exec(portsOf(old).find((line) => line.endsWith(` ${host}`))!)![0];

function portsOf({ plan }: typeof old): readonly string[] {
  return plan.switches.find(({ name }) => name === 'leaf1')!.ports.map(({ name, peer }) => `${name} ${peer}`);
}

const entries = (text: string, name: string): readonly string[] =>
  linesOf(text, new RegExp(`^ipv?6? prefix-list ${name} `)).map((line) =>
    line.replace(/ seq \d+/, '').replace(`prefix-list ${name} `, ''),
  );
const mapEntries = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^route-map ${name} (permit|deny) \\d+\\n(.*?)^exit$`, 'gms'))].map(([, action, body]) =>
    [
      action,
      ...body!
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ]
      .join('; ')
      .replace(/; $/, ''),
  );

describe.each([
  ['8.4', old],
  ['10.3', recent],
])('of FRR %s, takes from a machine', (_, fabric) => {
  const frr = textOf(fabric, 'leaf1', 'frr.conf');

  test('routes to its own addresses only, of every network it is in', () => {
    const port = portTo('blue-1');
    expect([...entries(frr, `${port}-in`)].sort()).toEqual([
      'ip permit 10.128.0.10/32',
      'ip permit 185.1.2.80/32',
      'ipv6 permit fd00:10:128::10/128',
    ]);
    expect(mapEntries(frr, `${port}-in`)).toEqual([
      `permit; match ip address prefix-list ${port}-in`,
      `permit; match ipv6 address prefix-list ${port}-in`,
    ]);
    expect(entries(frr, `${portTo('nvme-1')}-in`)).toEqual(['ip permit 10.129.0.10/32']);
  });

  test('and applies that in both families, in the VRF of its network', () => {
    const port = portTo('blue-1');
    const vrf = /^router bgp \d+ vrf vrf100\n.*?^exit$/ms.exec(frr)![0];
    expect(linesOf(vrf, new RegExp(`neighbor ${port} route-map`))).toEqual([
      `neighbor ${port} route-map ${port}-in in`,
      `neighbor ${port} route-map ${port}-in in`,
    ]);
    expect(linesOf(vrf, /interface peer-group/)).toEqual([`neighbor ${port} interface peer-group machine`]);
  });
});

test('takes packets only from the addresses of the host', () => {
  const rules = chainOf(textOf(old, 'leaf1', 'nftables.conf'), 'anti-spoofing');
  const from = (host: string): readonly string[] => rules.filter((line) => line.includes(`iifname "${portTo(host)}"`));
  expect(from('blue-1')).toEqual([
    `iifname "${portTo('blue-1')}" ip saddr != { 10.128.0.10, 185.1.2.80 } counter drop`,
    `iifname "${portTo('blue-1')}" ip6 saddr != { ::, fd00:10:128::10, fe80::/10 } counter drop`,
  ]);
  const loopback = old.plan.firewalls[0]!.loopback.toString();
  expect(from('blue-fw')).toEqual([
    `iifname "${portTo('blue-fw')}" ip saddr != ${loopback} counter drop`,
    `iifname "${portTo('blue-fw')}" ip6 saddr != { ::, fe80::/10 } counter drop`,
    // Whatever EVPN says, it could tunnel packets into any other network.
    `iifname "${portTo('blue-fw')}" udp dport 4789 @th,96,24 != { 100, 200, 300 } counter drop`,
    // Inside of a tunnel: only IP, and in networks it is connected to only from what it announces to what they offer.
    ...[
      '{ 100, 200, 300 } @th,224,16 != { 0x0800, 0x86dd }',
      '300 @th,224,16 0x0800 @th,336,32 != 0xb9010201 @th,336,32 != 0xb9010250',
      '300 @th,224,16 0x86dd',
      '200 @th,224,16 0x0800 @th,336,32 != 0xa810001',
      '200 @th,224,16 0x0800 @th,368,22 != 0x2a040',
      '200 @th,224,16 0x86dd',
    ].map((inside) => `iifname "${portTo('blue-fw')}" udp dport 4789 @th,96,24 ${inside} counter drop`),
  ]);
});

test('tracks no connections of what it passes on, and lets in answers to its own sessions only', () => {
  const nftables = textOf(old, 'leaf1', 'nftables.conf');
  expect(chainOf(nftables, 'anti-spoofing')).toContain('iifname != "eth0" counter notrack');
  const answers = chainOf(nftables, 'to-device').filter((line) => line.includes('sport 179'));
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatch(
    /ip6 saddr fe80::\/10 tcp sport 179 tcp dport 1024-65535 tcp flags & \(syn \| ack\) != syn counter accept$/,
  );
});

describe('of a firewall', () => {
  const port = portTo('blue-fw');

  test('it takes the tunnel end into the underlay, and nothing else', () => {
    const loopback = old.plan.firewalls[0]!.loopback.toString();
    for (const fabric of [old, recent])
      expect(entries(textOf(fabric, 'leaf1', 'frr.conf'), `${port}-in`)).toEqual([`ip permit ${loopback}/32`]);
  });

  test('from FRR 10 on, it takes into EVPN exactly the prefixes that are its to announce', () => {
    const frr = textOf(recent, 'leaf1', 'frr.conf');
    const listed = (vni: number): readonly string[] => [...entries(frr, `${port}-vni${vni}`)].sort();
    expect(listed(100)).toEqual([
      'ip permit 0.0.0.0/0',
      'ip permit 10.128.0.1/32',
      'ip permit 10.129.0.0/22 le 32',
      'ipv6 permit fd00:10:128::1/128',
    ]);
    // Hidden from storage: of blue, nothing is announced there but the firewall's own address.
    expect(listed(200)).toEqual(['ip permit 10.129.0.1/32']);
    expect(listed(300)).toEqual(['ip permit 185.1.2.1/32', 'ip permit 185.1.2.80/32']);
    const permitted = mapEntries(frr, `${port}-evpn-in`);
    expect(permitted.at(-1)).toBe('deny');
    expect(permitted.slice(0, -1).length).toBeGreaterThan(0);
    for (const entry of permitted.slice(0, -1)) {
      expect(entry).toMatch(
        /^permit; match evpn route-type prefix; match evpn vni \d+; match extcommunity vni\d+; match ipv?6? address prefix-list \S+-vni\d+$/,
      );
    }
  });

  test('before, it takes only what is of its networks, no default route but from where one leads out, and marks the rest', () => {
    const mark = 'set community 65000:1; set local-preference 50';
    const ofNetwork = (vni: number): string =>
      `match evpn route-type prefix; match evpn vni ${vni}; match extcommunity vni${vni}`;
    expect([...mapEntries(textOf(old, 'leaf1', 'frr.conf'), `${port}-evpn-in`)].sort()).toEqual(
      [
        `permit; ${ofNetwork(100)}; ${mark}`,
        'deny; match evpn vni 200; match evpn default-route',
        `permit; ${ofNetwork(200)}; ${mark}`,
        'deny; match evpn vni 300; match evpn default-route',
        `permit; ${ofNetwork(300)}; ${mark}`,
        'deny',
      ].sort(),
    );
  });

  test('it learns of its own networks only', () => {
    for (const fabric of [old, recent]) {
      const told = mapEntries(textOf(fabric, 'leaf1', 'frr.conf'), `${port}-evpn-out`);
      expect(told.map((entry) => /vni (\d+)/.exec(entry)?.[1])).toEqual(
        expect.arrayContaining(['100', '200', '300', undefined]),
      );
      expect(told.length).toBe(4);
      expect(told.at(-1)).toBe('deny');
    }
  });

  test('the lists of route targets take the whole text of the communities, not a part of it', () => {
    const patterns = linesOf(textOf(old, 'leaf1', 'frr.conf'), /^bgp extcommunity-list/).map((line) =>
      line.replace(/.* permit /, ''),
    );
    const original = patterns.filter((pattern) => /^\^RT/.test(pattern)).map((pattern) => new RegExp(pattern));
    expect(original.length).toBe(3);
    const matches = (text: string): boolean => original.some((pattern) => pattern.test(text));
    expect(matches('RT:65000:100 ET:8 Rmac:44:38:39:00:00:01')).toBe(true);
    for (const text of [
      'RT:65000:400 ET:8 Rmac:44:38:39:00:00:01',
      'RT:65000:100 RT:65000:400 ET:8 Rmac:44:38:39:00:00:01',
      'RT:65000:1001 ET:8 Rmac:1',
      'RT:65000:100 ET:8',
    ]) {
      expect([text, matches(text)]).toEqual([text, false]);
    }
  });
});

test('every VTEP before FRR 10 prefers what is not marked as from a firewall', () => {
  expect(mapEntries(textOf(old, 'blue-fw', 'frr.conf'), 'fabric-evpn-in')).toEqual([
    'permit; match community from-firewall; set local-preference 50',
    'permit',
  ]);
  expect(textOf(recent, 'blue-fw', 'frr.conf')).not.toContain('fabric-evpn-in');
});
