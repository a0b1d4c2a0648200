import { deriveDevices, type DeviceConfig } from '../../lib/device';
import type { NftChain, NftMatch, NftRule } from '../../lib/language/nftables';
import { Prefix } from '../../lib/net';
import { knownOf, Reachability, snapshotOf } from '../../lib/reachability';
import { compiled } from '../device/derived';
import {
  connection,
  externalNetwork,
  type FabricCase,
  firewall,
  machine,
  peer,
  privateNetwork,
  router,
  sharedNetwork,
} from '../rules/model';

// Mistakes that a proof by classes, and by one packet for many, is most likely to miss: each concerns one host of several that are
// alike, or packets that are unlike most.

const connections = [connection('storage'), connection('internet')];
const FABRIC: FabricCase = {
  networks: [
    externalNetwork('internet', { destinationPrefixes: ['0.0.0.0/0'] }),
    externalNetwork('mpls', {
      prefixes: ['185.9.0.0/24'],
      destinationPrefixes: ['10.200.0.0/16'],
      routers: [router('pe1', { peers: [peer('192.0.2.3/31')] })],
    }),
    sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] }),
    privateNetwork('blue', { prefixes: ['10.128.2.0/24'] }),
    privateNetwork('green', { prefixes: ['10.128.3.0/24'] }),
  ],
  machines: [
    machine('nvme', 'storage'),
    machine('blue-1', 'blue'),
    machine('blue-2', 'blue'),
    machine('green-1', 'green'),
    machine('green-2', 'green'),
  ],
  firewalls: [firewall('blue-fw', 'blue', { connections }), firewall('green-fw', 'green', { connections })],
};

const { plan, promises } = compiled(FABRIC);
const devices = deriveDevices(plan);

type Edit = (config: DeviceConfig) => DeviceConfig;
type AsPathLists = DeviceConfig['frr']['asPathLists'];

/** The fabric with a mistake on some devices. */
const withMistake = (isMeant: (name: string) => boolean, edit: Edit): Reachability =>
  new Reachability(
    () =>
      snapshotOf(
        plan,
        devices.map((config) => (isMeant(config.device.name) ? edit(config) : config)),
      ),
    knownOf(plan),
    promises,
  );

const on = (name: string, edit: Edit): Reachability => withMistake((one) => one === name, edit);

const faultsOf = (reachability: Reachability): readonly string[] =>
  [...reachability.faults()].map(({ packet, found }) => `${packet}: ${found}`);

const editRules =
  (edit: (rules: readonly NftRule[], chain: NftChain) => readonly NftRule[]): Edit =>
  (config) => ({
    ...config,
    nftables: config.nftables && {
      ...config.nftables,
      chains: config.nftables.chains.map((chain) => ({ ...chain, rules: edit(chain.rules, chain) })),
    },
  });

/** Puts a rule before all others at a hook. */
const before = (hook: string, matches: readonly NftMatch[], kind: 'accept' | 'drop'): Edit =>
  editRules((rules, chain) =>
    chain.hook?.hook === hook ? [{ comment: undefined, matches, verdict: { kind } }, ...rules] : rules,
  );

const vniOf = (network: string): number => plan.networks.find(({ name }) => name === network)!.vni;
const addressIn = (device: string, network: string): Prefix =>
  Prefix.host(
    plan.firewalls.find(({ name }) => name === device)!.connections.find((one) => one.network.name === network)!
      .addresses[0]!,
  );
const { routing } = withMistake(
  () => false,
  (config) => config,
);
const portOf = (host: string): string => routing.tryPeer(routing.boxes.get(host)!, 'lan0')!.port;
const from = (prefix: Prefix): NftMatch => ({ kind: 'source', family: 'ipv4', prefixes: [prefix], negated: false });
const cameBy = (port: string): NftMatch => ({ kind: 'iif', names: [port], negated: false });
const udpPorts = (side: 'source' | 'destination', port: number): NftMatch => ({
  kind: 'ports',
  protocol: 'udp',
  side,
  ports: [{ first: port, last: port }],
});

test('blue and green are alike, and nothing is wrong', () => {
  const right = withMistake(
    () => false,
    (config) => config,
  );
  expect(right.classes.map(({ members }) => members.map(({ network }) => network))).toContainEqual(['blue', 'green']);
  expect(faultsOf(right)).toEqual([]);
});

test('a rule of one firewall that leaves out half of its hosts', () => {
  const shorter = on(
    'blue-fw',
    editRules((rules, { name }) =>
      name === `nat-vlan${vniOf('internet')}`
        ? rules.map((rule) => ({
            ...rule,
            matches: rule.matches.map((match) =>
              match.kind === 'source' ? { ...match, prefixes: [Prefix.parse('10.128.2.0/31')] } : match,
            ),
          }))
        : rules,
    ),
  );
  expect(faultsOf(shorter).some((fault) => fault.startsWith('blue-2 '))).toBe(true);
});

test.each<[string, (lists: AsPathLists) => AsPathLists]>([
  ['lacks', () => []],
  ['has another pattern in', (lists) => lists.map((list) => ({ ...list, pattern: '^65099$' }))],
])('one machine %s the list that a map asks which all machines share', (_, edit) => {
  // Of green, the second network of its class, only the first machine would be looked at.
  const silent = on('green-2', (config) => ({
    ...config,
    frr: { ...config.frr, asPathLists: edit(config.frr.asPathLists) },
  }));
  expect(faultsOf(silent).some((fault) => fault.includes('green-2'))).toBe(true);
});

test('two tunnels of a firewall that have one name, of which the last one counts', () => {
  const faulty = on('blue-fw', (config) => {
    const { stanzas } = config.interfaces;
    const [first, second] = stanzas.filter(({ name }) => name.startsWith('vni'));
    const renamed = stanzas.map((one) => (one === second ? { ...one, name: first!.name } : one));
    return { ...config, interfaces: { ...config.interfaces, stanzas: renamed } };
  });
  expect(faultsOf(faulty).length).toBeGreaterThan(0);
});

describe('a border leaf that has something against one of two firewalls', () => {
  const own = addressIn('green-fw', 'internet');
  const loopback = Prefix.host(routing.boxes.get('green-fw')!.interfaces.get('lo')!.addresses[0]!.address);

  test.each<[string, Edit]>([
    ['drops what it sends', before('prerouting', [from(own)], 'drop')],
    ['drops its tunnels', before('input', [from(loopback), udpPorts('destination', 4789)], 'drop')],
    [
      'has a blackhole for its address',
      (config) => ({
        ...config,
        frr: {
          ...config.frr,
          vrfs: config.frr.vrfs.map((vrf) =>
            vrf.name === `vrf${vniOf('internet')}` ? { ...vrf, blackholes: [...vrf.blackholes, own] } : vrf,
          ),
        },
      }),
    ],
  ])('%s', (_, edit) => {
    expect(faultsOf(on('border1', edit)).some((fault) => /green/.test(fault))).toBe(true);
  });
});

test('a leaf that has the address of a host itself', () => {
  const stolen = on('leaf2', (config) => ({
    ...config,
    interfaces: {
      ...config.interfaces,
      stanzas: config.interfaces.stanzas.map((stanza) =>
        stanza.name === `vlan${vniOf('green')}`
          ? { ...stanza, attributes: [...stanza.attributes, { keyword: 'address', value: '10.128.3.1/32' }] }
          : stanza,
      ),
    },
  }));
  expect(faultsOf(stolen).some((fault) => /green/.test(fault))).toBe(true);
});

describe('a leaf that lets in from one port', () => {
  test.each<[string, string, Edit]>([
    ['any ICMP', 'blue-1 as', before('prerouting', [cameBy(portOf('blue-1')), { kind: 'icmp' }], 'accept')],
    [
      'anything to some addresses',
      'blue-1 as',
      before(
        'prerouting',
        [cameBy(portOf('blue-1')), { kind: 'destination', family: 'ipv4', prefixes: [Prefix.parse('10.128.0.0/14')] }],
        'accept',
      ),
    ],
    [
      'anything from a port',
      'blue-1 as',
      before('prerouting', [cameBy(portOf('blue-1')), udpPorts('source', 68)], 'accept'),
    ],
    [
      "tunnels of somebody else's network",
      'blue-fw as',
      editRules((rules) =>
        rules.map((rule) => ({
          ...rule,
          matches: rule.matches.some((match) => match.kind === 'iif' && match.names.includes(portOf('blue-fw')))
            ? rule.matches.map((match) =>
                match.kind === 'other-vni' ? { ...match, vnis: [...match.vnis, vniOf('green')] } : match,
              )
            : rule.matches,
        })),
      ),
    ],
    [
      "routes of somebody else's network",
      'blue-fw announces',
      (config) => ({
        ...config,
        frr: {
          ...config.frr,
          routeMaps: config.frr.routeMaps.map((map) =>
            map.name === `${portOf('blue-fw')}-evpn-in`
              ? {
                  ...map,
                  entries: [
                    {
                      sequence: 1,
                      action: 'permit' as const,
                      matches: [{ kind: 'evpn-vni' as const, vni: vniOf('green') }],
                      actions: [],
                    },
                    ...map.entries,
                  ],
                }
              : map,
          ),
        },
      }),
    ],
  ])('%s', (_, begins, edit) => {
    expect(faultsOf(on('leaf1', edit)).some((fault) => fault.startsWith(begins))).toBe(true);
  });
});

describe('a firewall that lets through', () => {
  const forward = (matches: readonly NftMatch[]): Reachability => on('blue-fw', before('forward', matches, 'accept'));

  test('what comes from a port that the sender chooses', () => {
    expect(faultsOf(forward([udpPorts('source', 53)]))).toContainEqual(expect.stringMatching(/udp\/1 from port 53: /));
  });

  test('what only looks as if it belonged to a connection', () => {
    expect(faultsOf(forward([{ kind: 'tcp-answer' }]))).toContainEqual(expect.stringMatching(/tcp\/1 without SYN: /));
  });
});

test('a route of the underlay in a network', () => {
  const leaking = on('leaf1', (config) => ({
    ...config,
    frr: {
      ...config.frr,
      bgp: config.frr.bgp.map((bgp) =>
        bgp.vrf === `vrf${vniOf('green')}`
          ? { ...bgp, unicast: bgp.unicast.map((unicast) => ({ ...unicast, importVrfs: ['default'] })) }
          : bgp,
      ),
    },
  }));
  expect(faultsOf(leaking)).toContainEqual(expect.stringContaining('it imports the routes of the default VRF'));
});

test('a border leaf that passes traffic from one external network to another', () => {
  const [internet, mpls] = ['internet', 'mpls'].map((name) => `vrf${vniOf(name)}`);
  const transit = on('border1', (config) => ({
    ...config,
    frr: {
      ...config.frr,
      bgp: config.frr.bgp.map((bgp) => {
        const other = bgp.vrf === internet ? mpls : bgp.vrf === mpls ? internet : undefined;
        if (other === undefined) return bgp;
        const unicast = bgp.unicast.map((one) => ({
          ...one,
          importVrfs: [other],
          neighbors: one.neighbors.map((neighbor) => ({ ...neighbor, routeMapOut: undefined })),
        }));
        return { ...bgp, unicast };
      }),
    },
  }));
  expect(faultsOf(transit).some((fault) => fault.startsWith('beyond internet') && /beyond mpls$/.test(fault))).toBe(
    true,
  );
});

test('switches that have the same map with another list in it', () => {
  const own = addressIn('green-fw', 'internet');
  const filtering = withMistake(
    (name) => /^(leaf|spine|border)/.test(name),
    (config) => ({
      ...config,
      frr: {
        ...config.frr,
        prefixLists: [
          ...config.frr.prefixLists,
          {
            name: 'x',
            family: 'ipv4',
            entries: [
              {
                sequence: 5,
                action: 'permit',
                prefix: config.device.name === 'border1' ? own : Prefix.parse('192.0.2.200/32'),
                le: undefined,
              },
            ],
          },
        ],
        routeMaps: [
          ...config.frr.routeMaps,
          {
            name: 'x-in',
            entries: [
              {
                sequence: 5,
                action: 'deny',
                matches: [{ kind: 'prefix-list', family: 'ipv4', list: 'x' }],
                actions: [],
              },
              { sequence: 10, action: 'permit', matches: [], actions: [] },
            ],
          },
        ],
        bgp: config.frr.bgp.map((bgp) =>
          bgp.vrf === undefined && bgp.evpn !== undefined
            ? {
                ...bgp,
                evpn: {
                  ...bgp.evpn,
                  neighbors: bgp.evpn.neighbors.map((one) =>
                    one.neighbor === 'fabric' ? { ...one, routeMapIn: 'x-in' } : one,
                  ),
                },
              }
            : bgp,
        ),
      },
    }),
  );
  expect(faultsOf(filtering).some((fault) => /green/.test(fault))).toBe(true);
});

test('two machines that have the same address', () => {
  const twin = routing.boxes.get('blue-1')!.underlay.interfaces.flatMap(({ addresses }) => addresses)[0]!.address;
  const doubled = withMistake(
    (name) => name === 'blue-2' || name.startsWith('leaf'),
    (config) =>
      config.role === 'machine'
        ? {
            ...config,
            interfaces: {
              ...config.interfaces,
              stanzas: config.interfaces.stanzas.map((stanza) =>
                stanza.name === 'lo'
                  ? {
                      ...stanza,
                      attributes: [...stanza.attributes, { keyword: 'address', value: `${twin.toString()}/32` }],
                    }
                  : stanza,
              ),
            },
          }
        : {
            ...config,
            frr: {
              ...config.frr,
              prefixLists: config.frr.prefixLists.map((list) =>
                list.name.startsWith(portOf('blue-2')) && list.family === 'ipv4'
                  ? {
                      ...list,
                      entries: [
                        ...list.entries,
                        { sequence: 99, action: 'permit' as const, prefix: Prefix.host(twin), le: undefined },
                      ],
                    }
                  : list,
              ),
            },
          },
  );
  expect([...doubled.differences()].length).toBeGreaterThan(0);
});
