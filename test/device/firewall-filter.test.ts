import { Prefix } from '../../lib/net';
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
  NO_NAT,
  pathOf,
  privateNetwork,
  sharedNetwork,
  translate,
} from '../rules/model';
import { chainNames, chainOf, compiled, textOf } from './derived';

// nftables.conf of the firewall of blue, row by row of docs/promises.md. Every VNI is given, so that names can be read:
// blue 100, storage 200, internet 300, backup 400.

const blue = privateNetwork('blue', { vni: 100, prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] });
const storage = sharedNetwork('storage', { vni: 200, prefixes: ['10.129.0.0/22', 'fd00:10:128:9::/64'] });
const hiding = sharedNetwork('storage', { vni: 200, nat: true, prefixes: ['10.129.0.0/22', 'fd00:10:128:9::/64'] });
const internet = externalNetwork('internet', { vni: 300 });
const backup = sharedNetwork('backup', { vni: 400, prefixes: ['10.131.0.0/22'] });

const ruleset = (networks: FabricCase['networks'], ...connections: ReturnType<typeof connection>[]): string =>
  rulesetOf({ networks: [blue, ...networks!], firewalls: [firewall('blue-fw', 'blue', { connections })] });
const rulesetOf = (given: FabricCase): string => textOf(compiled(given), 'blue-fw', 'nftables.conf');

const OUT = 'ip saddr 10.128.0.0/22 ip daddr 10.129.0.0/22';
const OUT6 = 'ip6 saddr fd00:10:128::/64 ip6 daddr fd00:10:128:9::/64';
const BACK = 'ip saddr 10.129.0.0/22 ip daddr 10.128.0.0/22';
const BACK6 = 'ip6 saddr fd00:10:128:9::/64 ip6 daddr fd00:10:128::/64';
const WEB = 'ip saddr 10.128.0.0/22';
const accepted = (...matches: readonly string[]): readonly string[] =>
  matches.map((match) => `${match} counter accept`);

/** What lies on another side of the firewall is not looked for behind an external network. */
const elsewhere = (...prefixes: readonly string[]): readonly string[] =>
  prefixes.map((prefix) => `${prefix.includes(':') ? 'ip6' : 'ip'} daddr ${prefix} counter drop`);
const NOT_BLUE = elsewhere('10.128.0.0/22');

interface Ways {
  /** From blue to the network. */
  readonly to: readonly string[];
  /** From the network into blue; such a chain is not even there where nothing may pass. */
  readonly from: readonly string[];
}

describe('what may open a connection', () => {
  test.each<[string, string, number, Ways]>([
    [
      'private and shared without NAT: both may',
      ruleset([storage], connection('storage')),
      200,
      { to: accepted(OUT, OUT6), from: accepted(BACK, BACK6) },
    ],
    [
      'private → shared with NAT: IPv4 only; shared → private: nothing',
      ruleset([hiding], connection('storage')),
      200,
      { to: accepted(OUT), from: [] },
    ],
    [
      'without NAT by the network, but hidden by the firewall: as with NAT',
      ruleset([storage], connection('storage', { nat: translate() })),
      200,
      { to: accepted(OUT), from: [] },
    ],
    [
      'private → external: everything there; external → private: nothing',
      ruleset([internet], connection('internet')),
      300,
      { to: [...NOT_BLUE, ...accepted(WEB)], from: [] },
    ],
    [
      'private → external with narrow destinations',
      ruleset(
        [externalNetwork('internet', { vni: 300, destinationPrefixes: ['198.51.100.0/24', '203.0.113.0/24'] })],
        connection('internet'),
      ),
      300,
      { to: accepted(`${WEB} ip daddr { 198.51.100.0/24, 203.0.113.0/24 }`), from: [] },
    ],
    [
      'external without NAT: the outside still opens nothing',
      ruleset([externalNetwork('internet', { vni: 300, nat: false })], connection('internet')),
      300,
      { to: [...NOT_BLUE, ...accepted(WEB)], from: [] },
    ],
    [
      'allow narrows to ports',
      ruleset(
        [internet],
        connection('internet', {
          allow: [
            flowTo('0.0.0.0/0', {
              protocol: 'tcp',
              ports: [
                { first: 80, last: 80 },
                { first: 8000, last: 8999 },
              ],
              comment: 'the web',
            }),
          ],
        }),
      ),
      300,
      { to: [...NOT_BLUE, '# the web', ...accepted(`${WEB} tcp dport { 80, 8000-8999 }`)], from: [] },
    ],
    [
      'allow narrows to destinations',
      ruleset(
        [internet],
        connection('internet', {
          allow: [flowTo('198.51.100.0/24', { protocol: 'udp', ports: [{ first: 53, last: 53 }] })],
        }),
      ),
      300,
      { to: accepted(`${WEB} ip daddr 198.51.100.0/24 udp dport 53`), from: [] },
    ],
    [
      'allow narrows to ICMP, of both protocols',
      ruleset(
        [storage],
        connection('storage', { allow: [flowTo(undefined, { network: pathOf('storage'), protocol: 'icmp' })] }),
      ),
      200,
      { to: accepted(`${OUT} meta l4proto { icmp, ipv6-icmp }`, `${OUT6} meta l4proto { icmp, ipv6-icmp }`), from: [] },
    ],
    [
      'allow of one direction closes the other',
      ruleset(
        [storage],
        connection('storage', {
          allow: [flowFrom('10.129.0.7/32', { protocol: 'tcp', ports: [{ first: 22, last: 22 }] })],
        }),
      ),
      200,
      { to: [], from: accepted('ip saddr 10.129.0.7 ip daddr 10.128.0.0/22 tcp dport 22') },
    ],
    [
      'allow of nothing closes all',
      ruleset([storage], connection('storage', { allow: [] })),
      200,
      { to: [], from: [] },
    ],
    [
      "a machine's own external address may, too",
      rulesetOf({
        networks: [blue, internet],
        machines: [machine('web', 'blue', { attachments: [attachment('internet', ['185.1.2.80'])] })],
        firewalls: [firewall('blue-fw', 'blue', { connections: [connection('internet')] })],
      }),
      300,
      { to: [...NOT_BLUE, ...accepted('ip saddr { 10.128.0.0/22, 185.1.2.80 }')], from: [] },
    ],
  ])('%s', (_, text, vni, { to, from }) => {
    expect({ to: chainOf(text, `to-vlan${vni}`), from: chainOf(text, `from-vlan${vni}`) }).toEqual({ to, from });
    const jumps = chainOf(text, 'through-device').filter((line) => line.includes('jump'));
    expect(jumps).toEqual([
      ...(to.length === 0 ? [] : [`iifname "vrf100" oifname "vlan${vni}" jump to-vlan${vni}`]),
      ...(from.length === 0 ? [] : [`iifname "vrf${vni}" oifname "vlan100" jump from-vlan${vni}`]),
    ]);
  });

  test('what lies on another side of the firewall is not looked for in the internet: a route to it may be missing', () => {
    const text = ruleset(
      [storage, backup, internet],
      connection('storage'),
      connection('backup'),
      connection('internet'),
    );
    expect(chainOf(text, 'to-vlan300')).toEqual([
      ...elsewhere('10.128.0.0/22', '10.129.0.0/22', '10.131.0.0/22'),
      ...accepted(WEB),
    ]);
    expect(chainOf(text, 'to-vlan200')).toEqual(accepted(OUT, OUT6));
  });

  test('nothing else passes: no way between two connected networks, and the last word is to drop', () => {
    const text = ruleset(
      [storage, backup, internet],
      connection('storage'),
      connection('backup'),
      connection('internet'),
    );
    const through = chainOf(text, 'through-device');
    expect(through[0]).toBe('type filter hook forward priority filter; policy drop;');
    expect(through.at(-1)).toBe('counter drop');
    for (const line of through.filter((one) => one.includes('jump'))) expect(line).toMatch(/"(vrf100|vlan100)"/);
    expect(through.filter((line) => line.includes('jump')).length).toBe(5);
  });
});

describe('sources that cannot be what they say are dropped', () => {
  const text = ruleset([storage, internet], connection('storage'), connection('internet'));

  test('from each network, by its SVI', () => {
    expect(chainOf(text, 'anti-spoofing').slice(1)).toEqual([
      'iifname "vlan100" ip saddr != 10.128.0.0/22 counter drop',
      'iifname "vlan100" ip6 saddr != { ::, fd00:10:128::/64, fe80::/10 } counter drop',
      // What leads to everything may send from everything but what is on the firewall's other sides.
      'iifname "vlan300" ip saddr { 10.128.0.0/22, 10.129.0.0/22 } counter drop',
      'iifname "vlan300" ip6 saddr != { ::, fe80::/10 } counter drop',
      'iifname "vlan200" ip saddr != 10.129.0.0/22 counter drop',
      'iifname "vlan200" ip6 saddr != { ::, fd00:10:128:9::/64, fe80::/10 } counter drop',
    ]);
  });
});

describe('what the firewall itself lets in', () => {
  const rules = chainOf(ruleset([storage, internet], connection('storage'), connection('internet')), 'to-device');

  test('drops by default', () => {
    expect([rules[0], rules.at(-1)]).toEqual(['type filter hook input priority filter; policy drop;', 'counter drop']);
  });

  test('takes BGP from link-local neighbors on its links, VXLAN from the underlay, SSH from management, ICMP from all', () => {
    expect(rules.filter((line) => /dport|icmp/.test(line))).toEqual([
      'meta l4proto { icmp, ipv6-icmp } counter accept',
      'iifname { "lan0", "lan1" } ip6 saddr fe80::/10 tcp dport 179 counter accept',
      'iifname { "lan0", "lan1" } ip6 saddr fe80::/10 udp dport { 3784, 3785, 4784 } counter accept',
      'iifname { "lan0", "lan1" } ip saddr 10.0.0.0/16 udp dport 4789 counter accept',
      'iifname "eth0" tcp dport 22 counter accept',
    ]);
  });
});

describe('translation, in its one normal form', () => {
  const NOT_OURS = 'ip saddr != 10.128.0.0/22 counter accept';

  test.each<[string, string, number, readonly string[]]>([
    [
      "the firewall's own address there, where nothing else is said",
      ruleset([hiding], connection('storage')),
      200,
      [NOT_OURS, 'counter snat ip to 10.129.0.1'],
    ],
    [
      'a given address',
      ruleset([internet], connection('internet', { nat: translate('185.1.2.77') })),
      300,
      [NOT_OURS, 'counter snat ip to 185.1.2.77'],
    ],
    [
      'not towards kept destinations',
      ruleset([internet], connection('internet', { nat: translate(undefined, ['198.51.100.0/24', '203.0.113.0/24']) })),
      300,
      [NOT_OURS, 'ip daddr { 198.51.100.0/24, 203.0.113.0/24 } counter accept', 'counter snat ip to 185.1.2.1'],
    ],
    [
      'masquerade',
      ruleset([internet], connection('internet', { nat: masquerade() })),
      300,
      [NOT_OURS, 'counter masquerade'],
    ],
  ])('%s', (_, text, vni, expected) => {
    expect(chainOf(text, `nat-vlan${vni}`)).toEqual(expected);
    expect(chainOf(text, 'source-nat')).toEqual([
      'type nat hook postrouting priority srcnat; policy accept;',
      'meta nfproto ipv6 counter accept',
      `oifname "vlan${vni}" jump nat-vlan${vni}`,
    ]);
  });

  test('none, and no chain for it, where nothing is translated', () => {
    const text = ruleset(
      [storage, externalNetwork('internet', { vni: 300 })],
      connection('storage'),
      connection('internet', { nat: NO_NAT }),
    );
    expect(chainNames(text).filter((name) => name.includes('nat'))).toEqual([]);
    expect(text).not.toContain('masquerade');
  });

  test('only at the crossing that asks for it', () => {
    const text = ruleset([storage, internet], connection('storage'), connection('internet'));
    expect(chainNames(text).filter((name) => name.startsWith('nat-'))).toEqual(['nat-vlan300']);
  });
});

test('prefixes given to overlap are merged: nftables refuses sets whose elements do', () => {
  const nested = externalNetwork('internet', {
    vni: 300,
    destinationPrefixes: ['198.51.100.0/24', '198.51.100.0/25', '203.0.113.0/24'],
  });
  expect(chainOf(ruleset([nested], connection('internet')), 'to-vlan300')).toEqual(
    accepted(`${WEB} ip daddr { 198.51.100.0/24, 203.0.113.0/24 }`),
  );
  expect(Prefix.parse('198.51.100.0/24').contains(Prefix.parse('198.51.100.0/25'))).toBe(true);
});
