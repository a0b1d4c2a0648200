import { printEnvironment } from '../../lib/language/environment';
import { type BgpInstance, type FrrConfig, printDaemons, printFrr } from '../../lib/language/frr';
import { printInterfaces } from '../../lib/language/interfaces';
import { type NftChain, type NftMatch, type NftVerdict, printNftables } from '../../lib/language/nftables';
import { printSysctl } from '../../lib/language/sysctl';
import { file, indent, indentBy, lines } from '../../lib/language/text';
import { Address, Prefix } from '../../lib/net';

const prefix = Prefix.parse;
const address = Address.parse;

describe('text', () => {
  test('what is not there prints nothing, not even a line', () => {
    expect(file(lines(undefined, [], ['a', undefined, ['b']]))).toBe('a\nb\n');
    expect(file(lines(undefined, [[]]))).toBe('');
    expect(file(indent(undefined))).toBe('');
    expect(file()).toBe('');
  });

  test('nesting indents every line', () => {
    expect(file(lines('x', indent('a', indent('b\nc'))))).toBe('x\n a\n  b\n  c\n');
    expect(file(indentBy('\t', 'a', ['', indent('b')]), 'c')).toBe('\ta\n\t\n\t b\nc\n');
  });

  test('a file ends with one line break', () => {
    expect(file('a', undefined, 'b')).toBe('a\nb\n');
  });
});

const FRR: FrrConfig = {
  version: '8.4',
  hostname: 'leaf1',
  remarks: [],
  prefixLists: [],
  communityLists: [],
  extendedCommunityLists: [],
  asPathLists: [],
  routeMaps: [],
  vrfs: [],
  bgp: [],
};
const HEAD =
  'frr version 8.4\nfrr defaults datacenter\nhostname leaf1\nlog syslog informational\nservice integrated-vtysh-config\n!\n';
const BGP: BgpInstance = {
  asn: 65_000,
  vrf: undefined,
  routerId: address('10.0.0.1'),
  peerGroups: [],
  neighbors: [],
  unicast: [],
  evpn: undefined,
  enforceFirstAs: undefined,
};
const POLICY = {
  neighbor: 'fabric',
  activate: true,
  allowasIn: undefined,
  routeMapIn: undefined,
  routeMapOut: undefined,
};

describe('frr.conf', () => {
  test.each<[string, Partial<FrrConfig>, string]>([
    [
      'prefix lists of both families, an exact entry and one for all inside',
      {
        prefixLists: [
          {
            name: 'a',
            family: 'ipv4',
            entries: [
              { sequence: 5, action: 'permit', prefix: prefix('10.0.0.0/8'), le: 32 },
              { sequence: 7, action: 'deny', prefix: prefix('0.0.0.0/0'), le: undefined },
            ],
          },
          {
            name: 'b',
            family: 'ipv6',
            entries: [{ sequence: 5, action: 'permit', prefix: prefix('fd00::/8'), le: 128 }],
          },
        ],
      },
      'ip prefix-list a seq 5 permit 10.0.0.0/8 le 32\nip prefix-list a seq 7 deny 0.0.0.0/0\n!\nipv6 prefix-list b seq 5 permit fd00::/8 le 128\n!\n',
    ],
    [
      'the other lists',
      {
        communityLists: [{ name: 'c', community: '65000:1' }],
        extendedCommunityLists: [{ name: 'e', pattern: '^RT:65000:1$' }],
        asPathLists: [{ name: 'self', pattern: '^$' }],
      },
      'bgp community-list standard c seq 5 permit 65000:1\n!\nbgp extcommunity-list expanded e seq 5 permit ^RT:65000:1$\n!\nbgp as-path access-list self seq 5 permit ^$\n!\n',
    ],
    [
      'every match and action of a route map',
      {
        routeMaps: [
          {
            name: 'm',
            entries: [
              {
                sequence: 10,
                action: 'permit',
                matches: [
                  { kind: 'prefix-list', family: 'ipv4', list: 'a' },
                  { kind: 'prefix-list', family: 'ipv6', list: 'b' },
                  { kind: 'source-vrf', vrf: 'vrf1' },
                  { kind: 'interface', name: 'lo' },
                  { kind: 'as-path', list: 'self' },
                  { kind: 'evpn-vni', vni: 7 },
                  { kind: 'evpn-prefix-route' },
                  { kind: 'evpn-default-route' },
                  { kind: 'community', list: 'c' },
                  { kind: 'extended-community', list: 'e' },
                ],
                actions: [
                  { kind: 'no-export' },
                  { kind: 'community', community: '65000:1' },
                  { kind: 'local-preference', preference: 50 },
                ],
              },
              { sequence: 20, action: 'deny', matches: [], actions: [] },
            ],
          },
        ],
      },
      [
        'route-map m permit 10',
        ' match ip address prefix-list a',
        ' match ipv6 address prefix-list b',
        ' match source-vrf vrf1',
        ' match interface lo',
        ' match as-path self',
        ' match evpn vni 7',
        ' match evpn route-type prefix',
        ' match evpn default-route',
        ' match community c',
        ' match extcommunity e',
        ' set community no-export additive',
        ' set community 65000:1',
        ' set local-preference 50',
        'exit',
        '!',
        'route-map m deny 20',
        'exit',
        '!',
        '',
      ].join('\n'),
    ],
    [
      'a VRF with its blackholes',
      { vrfs: [{ name: 'vrf7', vni: 7, blackholes: [prefix('185.1.2.0/24'), prefix('2001:db8::/32')] }] },
      'vrf vrf7\n ip route 185.1.2.0/24 blackhole\n ipv6 route 2001:db8::/32 blackhole\n vni 7\nexit-vrf\n!\n',
    ],
    [
      'the instances of BGP',
      {
        bgp: [
          {
            ...BGP,
            peerGroups: [{ name: 'fabric' }],
            neighbors: [
              { kind: 'unnumbered', interface: 'swp1', peerGroup: 'fabric' },
              { kind: 'numbered', address: address('192.0.2.1'), asn: 64_500 },
            ],
            unicast: [
              {
                family: 'ipv4',
                redistributeConnected: { routeMap: 'loopbacks' },
                networks: [prefix('185.1.2.0/24')],
                neighbors: [
                  { ...POLICY, allowasIn: 2, routeMapIn: 'in', routeMapOut: 'out' },
                  { ...POLICY, neighbor: '192.0.2.1', activate: false },
                ],
                importVrfs: ['vrf1', 'vrf2'],
                importMap: 'import',
              },
            ],
            evpn: {
              neighbors: [POLICY],
              advertiseAllVni: true,
              advertise: [],
              routeDistinguisher: undefined,
              routeTarget: undefined,
            },
          },
          {
            ...BGP,
            vrf: 'vrf7',
            enforceFirstAs: false,
            unicast: [
              {
                family: 'ipv6',
                redistributeConnected: { routeMap: undefined },
                networks: [],
                neighbors: [],
                importVrfs: [],
                importMap: undefined,
              },
            ],
            evpn: {
              neighbors: [],
              advertiseAllVni: false,
              advertise: ['ipv4', 'ipv6'],
              routeDistinguisher: '10.0.0.1:7',
              routeTarget: '65000:7',
            },
          },
        ],
      },
      [
        // All are there before any names another one's VRF.
        'router bgp 65000',
        'exit',
        '!',
        'router bgp 65000 vrf vrf7',
        'exit',
        '!',
        'router bgp 65000',
        ' bgp router-id 10.0.0.1',
        ' bgp bestpath as-path multipath-relax',
        ' neighbor fabric peer-group',
        ' neighbor fabric remote-as external',
        ' neighbor fabric timers 2 8',
        ' neighbor swp1 interface peer-group fabric',
        ' neighbor 192.0.2.1 remote-as 64500',
        ' neighbor 192.0.2.1 timers 2 8',
        ' !',
        ' address-family ipv4 unicast',
        '  network 185.1.2.0/24',
        '  redistribute connected route-map loopbacks',
        '  neighbor fabric activate',
        '  neighbor fabric allowas-in 2',
        '  neighbor fabric route-map in in',
        '  neighbor fabric route-map out out',
        '  no neighbor 192.0.2.1 activate',
        '  import vrf route-map import',
        '  import vrf vrf1',
        '  import vrf vrf2',
        ' exit-address-family',
        ' !',
        ' address-family l2vpn evpn',
        '  neighbor fabric activate',
        '  advertise-all-vni',
        ' exit-address-family',
        ' !',
        'exit',
        '!',
        'router bgp 65000 vrf vrf7',
        ' bgp router-id 10.0.0.1',
        ' bgp bestpath as-path multipath-relax',
        ' no bgp enforce-first-as',
        ' !',
        ' address-family ipv6 unicast',
        '  redistribute connected',
        ' exit-address-family',
        ' !',
        ' address-family l2vpn evpn',
        '  advertise ipv4 unicast',
        '  advertise ipv6 unicast',
        '  rd 10.0.0.1:7',
        '  route-target import 65000:7',
        '  route-target export 65000:7',
        ' exit-address-family',
        ' !',
        'exit',
        '!',
        '',
      ].join('\n'),
    ],
  ])('%s', (_, given, expected) => {
    expect(printFrr({ ...FRR, ...given })).toBe(`${HEAD}${expected}`);
  });

  test('remarks come first', () => {
    expect(printFrr({ ...FRR, remarks: ['one', 'two'] })).toBe(`! one\n! two\n${HEAD}`);
  });
});

test('daemons', () => {
  expect(printDaemons(['leaf1']).split('\n').slice(0, 3)).toEqual(['# leaf1', 'bgpd=yes', 'bfdd=no']);
});

describe('nftables.conf', () => {
  const ruleset = (...chains: readonly NftChain[]): string =>
    printNftables({ remarks: ['fw'], table: 'fabric', chains });
  const rule = (matches: readonly NftMatch[], verdict: NftVerdict, comment?: string): string =>
    /chain c \{\n {4}(.*)\n {2}\}/s.exec(
      ruleset({ name: 'c', hook: undefined, rules: [{ matches, verdict, comment }] }),
    )![1]!;

  test('replaces its table as a whole', () => {
    expect(
      ruleset({ name: 'in', hook: { type: 'filter', hook: 'input', priority: 'filter', policy: 'drop' }, rules: [] }),
    ).toBe(
      [
        '# fw',
        'table inet fabric',
        'delete table inet fabric',
        'table inet fabric {',
        '  chain in {',
        '    type filter hook input priority filter; policy drop;',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  test.each<[NftMatch, string]>([
    [{ kind: 'iif', names: ['swp1'], negated: false }, 'iifname "swp1"'],
    [{ kind: 'iif', names: ['swp1', 'swp2'], negated: false }, 'iifname { "swp1", "swp2" }'],
    [{ kind: 'iif', names: ['swp1', 'swp2'], negated: true }, 'iifname != { "swp1", "swp2" }'],
    [{ kind: 'oif', names: ['vlan7'] }, 'oifname "vlan7"'],
    [{ kind: 'source', family: 'ipv4', prefixes: [prefix('10.0.0.0/8')], negated: false }, 'ip saddr 10.0.0.0/8'],
    [
      { kind: 'source', family: 'ipv6', prefixes: [prefix('fd00::/8'), prefix('fe80::1/128')], negated: true },
      'ip6 saddr != { fd00::/8, fe80::1 }',
    ],
    [{ kind: 'destination', family: 'ipv4', prefixes: [prefix('10.0.0.1/32')] }, 'ip daddr 10.0.0.1'],
    [{ kind: 'family', family: 'ipv6' }, 'meta nfproto ipv6'],
    [{ kind: 'icmp' }, 'meta l4proto { icmp, ipv6-icmp }'],
    [
      {
        kind: 'ports',
        protocol: 'tcp',
        side: 'destination',
        ports: [
          { first: 22, last: 22 },
          { first: 80, last: 90 },
        ],
      },
      'tcp dport { 22, 80-90 }',
    ],
    [{ kind: 'ports', protocol: 'udp', side: 'destination', ports: [] }, 'meta l4proto udp'],
    [{ kind: 'connection', states: ['established', 'related'] }, 'ct state established,related'],
  ])('%j', (match, expected) => {
    expect(rule([match], { kind: 'accept' })).toBe(`${expected} counter accept`);
  });

  test.each<[NftVerdict, string]>([
    [{ kind: 'drop' }, 'counter drop'],
    [{ kind: 'masquerade' }, 'counter masquerade'],
    [{ kind: 'snat', address: address('185.1.2.3') }, 'counter snat ip to 185.1.2.3'],
    // The chain jumped to counts.
    [{ kind: 'jump', chain: 'to-vlan7' }, 'jump to-vlan7'],
  ])('%j', (verdict, expected) => {
    expect(rule([], verdict)).toBe(expected);
  });

  test('a comment has a line of its own before its rule', () => {
    expect(rule([], { kind: 'drop' }, 'why')).toBe('# why\n    counter drop');
  });

  test('an empty set is a mistake of ours: it would match nothing', () => {
    expect(() => rule([{ kind: 'source', family: 'ipv4', prefixes: [], negated: true }], { kind: 'drop' })).toThrow(
      'invariant: an empty set',
    );
  });
});

describe('interfaces', () => {
  test('one stanza each, a remark above it', () => {
    const text = printInterfaces({
      remarks: ['leaf1'],
      stanzas: [
        { name: 'lo', remark: undefined, loopback: true, attributes: [{ keyword: 'address', value: '10.0.0.1/32' }] },
        { name: 'swp1', remark: 'to spine1 swp1', loopback: false, attributes: [] },
      ],
    });
    expect(text).toBe(
      '# leaf1\n\nauto lo\niface lo inet loopback\n    address 10.0.0.1/32\n\n# to spine1 swp1\nauto swp1\niface swp1\n',
    );
  });

  test('no percent sign: ifupdown2 would run the file as a template', () => {
    const stanzas = [{ name: 'lo', remark: '${1+1} 5%', loopback: true, attributes: [] }];
    expect(printInterfaces({ remarks: ['% 50%'], stanzas })).toBe(
      '#  percent 50 percent\n\n# ${1+1} 5 percent\nauto lo\niface lo inet loopback\n',
    );
  });
});

test('sysctl.conf', () => {
  expect(printSysctl({ remarks: ['leaf1'], settings: [{ key: 'net.ipv4.ip_forward', value: 1 }] })).toBe(
    '# leaf1\nnet.ipv4.ip_forward = 1\n',
  );
});

test('environment', () => {
  expect(printEnvironment({ remarks: ['m1'], variables: [{ name: 'http_proxy', value: 'http://10.0.0.1:80' }] })).toBe(
    '# m1\nexport http_proxy=http://10.0.0.1:80\n',
  );
});
