import { inspect } from 'node:util';
import { Lookup } from '../../lib/model';
import { emptyLedger, type Ledger, type PlannedPartition, planPartition } from '../../lib/plan';
import {
  attachment,
  borderLeaf,
  connection,
  externalNetwork,
  firewall,
  leaf,
  machine,
  partition,
  pathOf,
  privateNetwork,
  rack,
  router,
  sharedNetwork,
  spine,
  translate,
  underlayNetwork,
  wiring,
} from '../rules/model';
import { numbersOf, plan } from './edits';

type Given = Parameters<typeof partition>[1];

const planned = (given: Given, ledger?: Ledger): PlannedPartition => plan(partition('par1', given), ledger);

/** Pools of a ledger: what each holder was given. */
const given = ({ ledger }: PlannedPartition, pool: string): unknown => ledger.pools[pool]?.given;

const TYPICAL: Given = {
  switches: [spine('spine1'), spine('spine2'), borderLeaf('border1'), leaf('leaf1'), leaf('leaf2')],
  networks: [privateNetwork('blue'), sharedNetwork('storage'), externalNetwork('internet')],
  machines: [machine('b1', 'blue'), machine('s1', 'storage')],
  firewalls: [firewall('fw', 'blue', { connections: [connection('storage'), connection('internet')] })],
};

describe('the ASN of a router of somebody else', () => {
  const withRouter = (asn: number): Given => ({
    ...TYPICAL,
    networks: [
      privateNetwork('blue'),
      sharedNetwork('storage'),
      externalNetwork('internet', { routers: [router('isp1', { asn })] }),
    ],
  });

  test('is given to no device', () => {
    const asns = Object.values(given(planned(withRouter(4_200_000_001)), 'asn') as Record<string, number>);
    expect(asns).toContain(4_200_000_000);
    expect(asns).not.toContain(4_200_000_001);
    expect(asns).toHaveLength(8);
  });

  test('is refused where a device has it already, and no device is renumbered', () => {
    const before = planned(TYPICAL);
    const after = planned(withRouter(4_200_000_001), before.ledger);
    expect(given(after, 'asn')).toEqual(given(before, 'asn'));
    expect(after.shortages).toMatchObject([{ kind: 'misplaced', pool: 'asn', path: pathOf('border1') }]);
    expect(after.shortages[0]?.problem).toBe(
      'ASN 4200000001, which the ledger keeps for "border1", is that of router "isp1"',
    );
  });
});

describe('a typical partition', () => {
  const result = planned(TYPICAL);

  test('lacks nothing', () => {
    expect(result.shortages).toEqual([]);
    expect(result.ledger.revision).toBe(1);
  });

  test.each<[string, object]>([
    ['vni', { blue: 10_000, internet: 10_001, storage: 10_002 }],
    ['prefix ipv4', { blue: '10.128.0.0/22', internet: '185.1.2.0/24', storage: '10.128.4.0/22' }],
    ['prefix ipv6', { blue: 'fd00:10:128::/64', storage: 'fd00:10:128:1::/64' }],
    ['address blue ipv4', { b1: '10.128.0.1', fw: '10.128.0.2' }],
    ['address blue ipv6', { b1: 'fd00:10:128::1', fw: 'fd00:10:128::2' }],
    ['address storage ipv4', { fw: '10.128.4.1', s1: '10.128.4.2' }],
    ['address internet ipv4', { fw: '185.1.2.1' }],
    [
      'asn',
      {
        b1: 4_200_000_000,
        border1: 4_200_000_001,
        fw: 4_200_000_002,
        leaf1: 4_200_000_003,
        leaf2: 4_200_000_004,
        s1: 4_200_000_005,
        spine1: 4_200_000_006,
        spine2: 4_200_000_007,
      },
    ],
    [
      'loopback',
      {
        border1: '10.0.0.1',
        fw: '10.0.0.2',
        leaf1: '10.0.0.3',
        leaf2: '10.0.0.4',
        spine1: '10.0.0.5',
        spine2: '10.0.0.6',
      },
    ],
    ['vlan leaf1', { blue: 1001, storage: 1002 }],
    ['vlan border1', { internet: 1001 }],
    ['vlan fw', { blue: 1001, internet: 1002, storage: 1003 }],
    ['port leaf1', { b1: 1, fw: 2, s1: 3, spine1: 4, spine2: 5 }],
    ['port border1', { 'internet/isp1': 1, spine1: 2, spine2: 3 }],
    ['port spine1', { border1: 1, leaf1: 2, leaf2: 3 }],
  ])('gets from pool %s', (pool, numbers) => {
    expect(given(result, pool)).toEqual(numbers);
  });

  test('has no other pools, and its border leaf is remembered, and what was shared', () => {
    expect(Object.keys(result.ledger.pools).sort()).toEqual([
      'address blue ipv4',
      'address blue ipv6',
      'address internet ipv4',
      'address storage ipv4',
      'address storage ipv6',
      'asn',
      'loopback',
      'port border1',
      'port leaf1',
      'port leaf2',
      'port spine1',
      'port spine2',
      'prefix ipv4',
      'prefix ipv6',
      'vlan border1',
      'vlan fw',
      'vlan leaf1',
      'vlan leaf2',
      'vni',
    ]);
    expect(result.ledger.routers).toEqual({ 'internet/isp1': 'border1' });
    expect(result.ledger.shared).toEqual(['storage']);
  });

  test('has a plan of devices in order of name', () => {
    const { networks, switches, firewalls, machines } = result.plan;
    expect([networks, switches, firewalls, machines].map((things) => things.map(({ name }) => name))).toEqual([
      ['blue', 'internet', 'storage'],
      ['border1', 'leaf1', 'leaf2', 'spine1', 'spine2'],
      ['fw'],
      ['b1', 's1'],
    ]);
  });

  test('has VTEPs with a loopback, the MAC address of it, and VLANs by path', () => {
    const [fw] = result.plan.firewalls;
    expect(String(fw?.loopback)).toBe('10.0.0.2');
    expect(String(fw?.routerId)).toBe('10.0.0.2');
    expect(fw?.mac).toBe('02:00:0a:00:00:02');
    expect(fw?.vlans).toEqual(
      new Map([
        ['par1/blue', 1001],
        ['par1/internet', 1002],
        ['par1/storage', 1003],
      ]),
    );
    expect(fw?.connections.map(({ network }) => network.name)).toEqual(['internet', 'storage']);
    expect(fw?.connections.map(({ addresses }) => addresses.map(String))).toEqual([
      ['185.1.2.1'],
      ['10.128.4.1', 'fd00:10:128:1::1'],
    ]);
    expect(fw?.connections[1]?.network).toBe(result.plan.networks[2]);
  });

  test('has machines that are known by their IPv4 address', () => {
    const [b1] = result.plan.machines;
    expect(String(b1?.routerId)).toBe('10.128.0.1');
    expect(b1?.ports).toEqual([
      { name: 'lan0', link: 'machine', peer: 'leaf1', peerPort: 'swp1', router: undefined },
      { name: 'lan1', link: 'machine', peer: 'leaf2', peerPort: 'swp1', router: undefined },
    ]);
  });

  test('has a router at the border leaf, whose port nobody knows', () => {
    const [border] = result.plan.switches;
    expect(border?.ports.map(({ name, link, peer, peerPort }) => `${name} ${link} ${peer} ${peerPort}`)).toEqual([
      'swp1 router isp1 ',
      'swp2 fabric spine1 swp1',
      'swp3 fabric spine2 swp1',
    ]);
    expect(border?.ports[0]?.router).toEqual({ network: result.plan.networks[1], declared: router('isp1') });
    expect(border?.ports[0]?.router?.network).toBe(result.plan.networks[1]);
  });

  test('has every cable once, in order of its ends', () => {
    expect(result.plan.links.map(({ kind, a, b }) => `${kind}: ${a.device} ${a.port} - ${b.device} ${b.port}`)).toEqual(
      [
        'router: border1 swp1 - internet/isp1 ',
        'fabric: border1 swp2 - spine1 swp1',
        'fabric: border1 swp3 - spine2 swp1',
        'machine: leaf1 swp1 - b1 lan0',
        'firewall: leaf1 swp2 - fw lan0',
        'machine: leaf1 swp3 - s1 lan0',
        'fabric: leaf1 swp4 - spine1 swp2',
        'fabric: leaf1 swp5 - spine2 swp2',
        'machine: leaf2 swp1 - b1 lan1',
        'firewall: leaf2 swp2 - fw lan1',
        'machine: leaf2 swp3 - s1 lan1',
        'fabric: leaf2 swp4 - spine1 swp3',
        'fabric: leaf2 swp5 - spine2 swp3',
      ],
    );
  });

  test('changes nothing the second time, not even the revision', () => {
    expect(planned(TYPICAL, result.ledger).ledger).toBe(result.ledger);
  });
});

describe('addresses', () => {
  const blue = {
    networks: [
      privateNetwork('blue', { prefixes: ['10.1.0.0/24'] }),
      sharedNetwork('storage', { prefixes: ['10.2.0.0/24'] }),
    ],
  };

  test('that are fixed come first, and noauto gives none', () => {
    const machines = [
      machine('a', 'blue'),
      machine('b', attachment('blue', ['10.1.0.1'])),
      machine('c', attachment('blue', [], false)),
    ];
    expect(given(planned({ ...blue, machines }), 'address blue ipv4')).toEqual({ a: '10.1.0.2', b: '10.1.0.1' });
  });

  test('that a firewall translates to are held, unless they are its own', () => {
    const through = (name: string, addresses: string[], nat: string, autoIp = true) =>
      firewall(name, 'blue', { connections: [connection('storage', { addresses, autoIp, nat: translate(nat) })] });
    const firewalls = [through('f1', [], '10.2.0.1'), through('f2', ['10.2.0.9'], '10.2.0.9')];
    const first = planned({ ...blue, firewalls });
    expect(given(first, 'address storage ipv4')).toEqual({ f1: '10.2.0.2', 'f1 nat': '10.2.0.1', f2: '10.2.0.9' });
    // The address that it was given from the ledger is its own too.
    const own = planned({ ...blue, firewalls: [through('f1', [], '10.2.0.2')] }, first.ledger);
    expect(given(own, 'address storage ipv4')).toEqual({ f1: '10.2.0.2' });
    expect(own.shortages).toEqual([]);
    // One that it was given before, and that is not its own any more, is not.
    const without = { ...blue, firewalls: [through('f1', [], '10.2.0.2', false)] };
    const after = planned(without, own.ledger);
    expect(given(after, 'address storage ipv4')).toEqual({ 'f1 nat': '10.2.0.2' });
    expect(planned(without, after.ledger).ledger).toBe(after.ledger);
  });

  test('of a network without a prefix say where its prefix is', () => {
    const result = planned({
      networks: [privateNetwork('blue'), sharedNetwork('storage')],
      machines: [machine('nvme', attachment('storage', ['10.128.0.10']))],
    });
    expect(result.shortages).toEqual([]);
    expect(given(result, 'prefix ipv4')).toEqual({ blue: '10.128.4.0/22', storage: '10.128.0.0/22' });
  });

  test('of a network without a prefix must lie in the one that it has', () => {
    const networks = [sharedNetwork('storage')];
    const { ledger } = planned({ networks });
    const { shortages } = planned(
      { networks, machines: [machine('nvme', attachment('storage', ['10.129.0.10']))] },
      ledger,
    );
    expect(shortages).toEqual([
      {
        kind: 'misplaced',
        pool: 'address',
        path: 'par1/nvme',
        problem: 'IPv4 address 10.129.0.10 of "nvme" is outside of 10.128.0.0/22 of network "storage"',
        fix: 'choose one in there, or declare wider prefixes for "storage"',
      },
    ]);
  });

  test.each([
    ['10.128.0.0', 'the network address'],
    ['10.128.3.255', 'the broadcast address'],
  ])('%s is %s of a prefix that was carved', (address) => {
    const networks = [sharedNetwork('storage')];
    const machines = [machine('nvme', attachment('storage', [address]))];
    expect(planned({ networks, machines }, planned({ networks }).ledger).shortages).toEqual([
      {
        kind: 'unusable',
        pool: 'address',
        path: 'par1/nvme',
        problem: `IPv4 address ${address} of "nvme" is no host address in 10.128.0.0/22: hosts have 10.128.0.1 to 10.128.3.254`,
        fix: 'choose one of these',
      },
    ]);
  });

  test('are misplaced when the prefix is another one', () => {
    const at = (prefix: string): Given => ({
      networks: [privateNetwork('blue', { prefixes: [prefix] })],
      machines: [machine('a', 'blue')],
    });
    const { shortages } = planned(at('10.7.0.0/24'), planned(at('10.1.0.0/24')).ledger);
    expect(shortages).toMatchObject([
      {
        kind: 'misplaced',
        path: 'par1/a',
        problem: 'IPv4 address 10.1.0.1, which the ledger keeps for "a", is outside of 10.7.0.0/24 of network "blue"',
        fix: 'restore what held IPv4 address 10.1.0.1, or give "a" a new one on purpose: metal-fabric ledger renumber fabric.lock/par1.json \'address blue ipv4\' a',
      },
    ]);
  });

  test('of a machine without IPv4 leave it a router-id from the underlay', () => {
    const result = planned({
      networks: [privateNetwork('blue', { prefixes: ['fd00::/64'] })],
      machines: [machine('a', 'blue')],
    });
    expect(given(result, 'loopback')).toMatchObject({ a: '10.0.0.1', border1: '10.0.0.2' });
    expect(String(result.plan.machines[0]?.routerId)).toBe('10.0.0.1');
  });
});

describe('prefixes', () => {
  test('are carved of each family that there is a super network of', () => {
    const networks = [privateNetwork('blue'), privateNetwork('red', { prefixLengths: { ipv4: undefined, ipv6: 56 } })];
    const result = planned({ networks, superNetworks: ['fd00::/48', '10.0.0.0/8'], underlay: '10.0.0.0/16' });
    expect(result.plan.networks.map(({ prefixes }) => prefixes.map(String))).toEqual([
      ['10.1.0.0/22', 'fd00::/64'],
      ['fd00:0:0:100::/56'],
    ]);
    expect(given(planned({ networks, superNetworks: ['10.0.0.0/8'] }), 'prefix ipv6')).toBeUndefined();
  });

  test('that are declared are IPv4 first, and are recorded', () => {
    const result = planned({
      networks: [privateNetwork('blue', { prefixes: ['fd00::/64', '10.3.0.0/24', '10.2.0.0/24'] })],
    });
    expect(result.plan.networks[0]?.prefixes.map(String)).toEqual(['10.2.0.0/24', '10.3.0.0/24', 'fd00::/64']);
    expect(given(result, 'prefix ipv4')).toEqual({ blue: '10.2.0.0/24', 'blue 10.3.0.0/24': '10.3.0.0/24' });
  });

  test('stay when the length to carve changes, or the declaration goes', () => {
    const { ledger } = planned({
      networks: [privateNetwork('blue'), privateNetwork('red', { prefixes: ['10.129.0.0/24'] })],
    });
    const now = [privateNetwork('blue', { prefixLengths: { ipv4: 26, ipv6: 64 } }), privateNetwork('red')];
    expect(given(planned({ networks: now }, ledger), 'prefix ipv4')).toEqual({
      blue: '10.128.0.0/22',
      red: '10.129.0.0/24',
    });
  });
});

describe('cables', () => {
  const networks = [privateNetwork('blue')];

  test('go from the n-th interface to the n-th leaf, as far as there are both', () => {
    const switches = [spine('spine1'), leaf('leaf1'), leaf('leaf2'), leaf('lone', { rack: pathOf('rack2') })];
    const machines = [
      machine('one', 'blue', { wiring: wiring({ interfaces: ['eth0'] }) }),
      machine('lonely', 'blue', { rack: pathOf('rack2') }),
      machine('crossed', 'blue', { wiring: wiring({ leaves: [pathOf('leaf2'), pathOf('leaf1')] }) }),
    ];
    const { plan: result } = planned({ networks, switches, machines });
    expect(
      result.machines.map(
        ({ name, ports }) => `${name}: ${ports.map((port) => `${port.name} ${port.peer}`).join(', ')}`,
      ),
    ).toEqual(['crossed: lan0 leaf2, lan1 leaf1', 'lonely: lan0 lone', 'one: eth0 leaf1']);
  });

  test('that are fixed to ports keep the others away', () => {
    const machines = [machine('a', 'blue'), machine('b', 'blue', { wiring: wiring({ leafPorts: ['swp1', 'swp7'] }) })];
    const result = planned({ networks, machines });
    expect(given(result, 'port leaf1')).toEqual({ a: 2, b: 1, spine1: 3 });
    expect(given(result, 'port leaf2')).toEqual({ a: 1, b: 7, spine1: 2 });
  });

  test('of ports are ordered by number', () => {
    const machines = Array.from({ length: 12 }, (_, index) => machine(`m${index}`, 'blue'));
    const { plan: result } = planned({ networks, machines });
    expect(result.switches[1]?.ports.map(({ name }) => name)).toEqual(
      Array.from({ length: 13 }, (_, index) => `swp${index + 1}`),
    );
  });

  test('that find no port are a shortage, of the one that goes without', () => {
    const switches = [spine('spine1', { ports: 1 }), leaf('leaf1', { ports: 2 }), leaf('leaf2')];
    const { shortages } = planned({ networks, switches, machines: [machine('a', 'blue'), machine('b', 'blue')] });
    expect(shortages).toMatchObject([
      {
        kind: 'exhausted',
        pool: 'port',
        path: 'par1/leaf1',
        problem: 'no port is left in the 2 ports of "leaf1" for "spine1"',
      },
      {
        kind: 'exhausted',
        pool: 'port',
        path: 'par1/leaf2',
        problem: 'no port is left in the 1 ports of "spine1" for "leaf2"',
        fix: 'give "spine1" more ports, or wire to another switch',
      },
    ]);
  });

  test('to one port are a shortage, of the later name', () => {
    const wired = { wiring: wiring({ leafPorts: ['swp7', 'swp8'] }) };
    const { shortages } = planned({ networks, machines: [machine('a', 'blue', wired), machine('b', 'blue', wired)] });
    expect(shortages).toMatchObject([
      { kind: 'taken', pool: 'port', path: 'par1/b', problem: 'port swp7 of "b" is given to "a" too' },
      { kind: 'taken', pool: 'port', path: 'par1/b', problem: 'port swp8 of "b" is given to "a" too' },
    ]);
  });
});

describe('routers', () => {
  const borders = [borderLeaf('border1'), borderLeaf('border2'), spine('spine1')];
  const isps = (...names: string[]) => [externalNetwork('internet', { routers: names.map((name) => router(name)) })];

  test('go to the border leaf with the fewest, the lowest name first', () => {
    const { ledger } = planned({ switches: borders, networks: isps('c', 'b', 'a') });
    expect(ledger.routers).toEqual({ 'internet/a': 'border1', 'internet/b': 'border2', 'internet/c': 'border1' });
  });

  test('stay where they are, and fill up where others are fewer', () => {
    const { ledger } = planned({ switches: borders, networks: isps('b') });
    const { ledger: later } = planned({ switches: borders, networks: isps('a', 'b') }, ledger);
    expect(later.routers).toEqual({ 'internet/a': 'border2', 'internet/b': 'border1' });
  });

  test('move only when their border leaf is gone', () => {
    const { ledger } = planned({ switches: borders, networks: isps('a', 'b') });
    const { ledger: later } = planned({ switches: borders.slice(1), networks: isps('a', 'b') }, ledger);
    expect(later.routers).toEqual({ 'internet/a': 'border2', 'internet/b': 'border2' });
  });

  test('go where the user says, also to a port', () => {
    const networks = [
      externalNetwork('internet', { routers: [router('isp1', { leaf: pathOf('border2'), port: 'swp9' })] }),
    ];
    const { plan: result, ledger } = planned({ switches: borders, networks });
    expect(ledger.routers).toEqual({ 'internet/isp1': 'border2' });
    expect(result.switches[1]?.ports.map(({ name, link }) => `${name} ${link}`)).toEqual([
      'swp1 fabric',
      'swp9 router',
    ]);
  });
});

test('what was shared once is remembered, also when the network is gone', () => {
  const { ledger } = planned({ networks: [sharedNetwork('storage')] });
  expect(planned({ networks: [privateNetwork('storage')] }, ledger).ledger.shared).toEqual(['storage']);
  expect(planned({ networks: [sharedNetwork('backup')] }, ledger).ledger.shared).toEqual(['backup', 'storage']);
});

test('the numbers of a switch that is gone are kept in quarantine, and come back with it', () => {
  const networks = [privateNetwork('blue')];
  const machines = [machine('a', 'blue'), machine('b', 'blue')];
  const first = planned({ networks, machines: machines.slice(1) });
  const second = planned({ networks, machines }, first.ledger);
  const gone = planned({ networks, switches: [spine('spine1'), leaf('leaf2')], machines }, second.ledger);
  expect(gone.ledger.pools['port leaf1']).toEqual({
    given: {},
    freed: [
      { value: 1, holder: 'b', revision: 3 },
      { value: 2, holder: 'spine1', revision: 3 },
      { value: 3, holder: 'a', revision: 3 },
    ],
  });
  const back = planned({ networks, machines }, gone.ledger);
  expect(numbersOf(back.ledger)).toEqual(expect.arrayContaining([...numbersOf(second.ledger)]));
  expect(back.ledger.revision).toBe(4);
});

test('removing one of 200 networks and adding two moves no other number', () => {
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const with_ = (all: readonly string[]): Given => ({
    networks: all.map((name) => privateNetwork(name)),
    machines: all.map((name) => machine(`m-${name}`, name)),
    firewalls: all.filter((name) => name.endsWith('7')).map((name) => firewall(`f-${name}`, name)),
    switches: [spine('spine1'), leaf('leaf1', { ports: 400 }), leaf('leaf2', { ports: 400 })],
  });
  const before = planned(with_(names));
  const left = names.filter((name) => name !== 'n77');
  // Names that come first, in the middle and last of all.
  const after = planned(with_(['aaa', ...left.slice(0, 50), 'n0a', ...left.slice(50)]), before.ledger);
  expect(after.shortages).toEqual([]);
  const stayed = numbersOf(before.ledger).filter(([pool, holder]) => !/n77\b/.test(`${pool} ${holder}`));
  expect(stayed.length).toBeGreaterThan(2_000);
  const now = new Map(numbersOf(after.ledger).map(([pool, holder, value]) => [`${pool} / ${holder}`, value]));
  expect(stayed.filter(([pool, holder, value]) => now.get(`${pool} / ${holder}`) !== value)).toEqual([]);
});

describe('a broken partition is planned as far as it goes', () => {
  const nan = { first: NaN, last: NaN };
  const broken: Record<string, Given> = {
    'without an underlay': { ...TYPICAL, underlay: undefined },
    'with an underlay of IPv6': { ...TYPICAL, underlay: 'fd00::/64' },
    'without super networks': { ...TYPICAL, superNetworks: [] },
    'with super networks that overlap': { ...TYPICAL, superNetworks: ['10.0.0.0/8', '10.128.0.0/16', '10.128.0.0/16'] },
    'with pools of nothing': { ...TYPICAL, pools: { vnis: nan, vlans: nan, asns: nan } },
    'with pools that end before they begin': {
      ...TYPICAL,
      pools: { vnis: { first: 9, last: 1 }, vlans: { first: -5, last: 1 }, asns: { first: 1, last: Infinity } },
    },
    'without spines': { ...TYPICAL, switches: [leaf('leaf1'), leaf('leaf2')] },
    'without switches': { ...TYPICAL, switches: [] },
    'with a name for two networks': {
      ...TYPICAL,
      networks: [privateNetwork('blue'), privateNetwork('blue', { path: 'par1/x/blue' })],
    },
    'with a name for a switch, a firewall and two machines': {
      ...TYPICAL,
      machines: [
        machine('leaf1', 'blue'),
        machine('fw', 'blue'),
        machine('b1', 'blue'),
        machine('b1', 'blue', { path: 'par1/x/b1' }),
      ],
    },
    'with two routers of one name': {
      ...TYPICAL,
      networks: [externalNetwork('internet', { routers: [router('isp1'), router('isp1')] })],
    },
    'with a host without a primary network and rack': {
      ...TYPICAL,
      machines: [machine('b1', undefined, { rack: undefined })],
      firewalls: [firewall('fw', undefined, { rack: undefined })],
    },
    'with references to nothing': {
      ...TYPICAL,
      machines: [
        machine('b1', 'nowhere', {
          rack: 'par1/nowhere',
          wiring: wiring({ leaves: ['par2/leaf1', 'x', pathOf('leaf1')] }),
        }),
      ],
      firewalls: [firewall('fw', 'blue', { connections: [connection('par2/storage'), connection('nowhere')] })],
      networks: [externalNetwork('internet', { routers: [router('isp1', { leaf: 'x/y', port: 'eth0' })] })],
    },
    'with hosts in the underlay': {
      ...TYPICAL,
      networks: [underlayNetwork('underlay')],
      machines: [machine('b1', 'underlay')],
    },
    'with a host twice in a network': {
      ...TYPICAL,
      machines: [
        machine('b1', 'blue', {
          attachments: [attachment('blue'), attachment('storage', ['10.128.4.9', '10.128.4.8'])],
        }),
      ],
    },
    'with a host wired twice to a leaf': {
      ...TYPICAL,
      machines: [machine('b1', 'blue', { wiring: wiring({ leaves: [pathOf('leaf1'), pathOf('leaf1')] }) })],
    },
    'with ports that are none': {
      ...TYPICAL,
      machines: [machine('b1', 'blue', { wiring: wiring({ leafPorts: ['swp0', 'Ethernet4'] }) })],
    },
    'with switches without ports': {
      ...TYPICAL,
      switches: [spine('spine1', { ports: 0 }), leaf('leaf1', { ports: NaN }), leaf('leaf2', { ports: -1 })],
    },
    'with VNIs that are none': {
      ...TYPICAL,
      networks: [
        privateNetwork('blue', { vni: NaN }),
        privateNetwork('red', { vni: -1 }),
        privateNetwork('green', { vni: 1e12 }),
      ],
    },
    'with prefix lengths that are none': {
      ...TYPICAL,
      networks: [
        privateNetwork('blue', { prefixLengths: { ipv4: 33, ipv6: NaN } }),
        privateNetwork('red', { prefixLengths: { ipv4: -1, ipv6: 1.5 } }),
      ],
    },
    'with prefixes that overlap': {
      ...TYPICAL,
      networks: [
        privateNetwork('blue', { prefixes: ['10.1.0.0/16', '10.1.1.0/24', '10.1.1.0/24'] }),
        privateNetwork('red', { prefixes: ['10.1.0.0/16'] }),
      ],
    },
    'with an external network as the primary one': { ...TYPICAL, machines: [machine('b1', 'internet')] },
    'with names that no device takes': {
      ...TYPICAL,
      networks: [privateNetwork('__proto__'), privateNetwork('Größe 1')],
      machines: [machine('constructor', '__proto__')],
    },
  };

  test.each(Object.entries(broken))('%s', (_, declared) => {
    const healthy = planned(TYPICAL).ledger;
    for (const ledger of [undefined, healthy]) {
      const first = planned(declared, ledger);
      expect(inspect(planned(declared, ledger), { depth: 9 })).toBe(inspect(first, { depth: 9 }));
      const devices = new Set(
        [...first.plan.switches, ...first.plan.firewalls, ...first.plan.machines].map(({ name }) => name),
      );
      for (const { kind, a, b } of first.plan.links) {
        expect(devices).toContain(a.device);
        if (kind !== 'router') expect(devices).toContain(b.device);
      }
    }
  });

  test('a broken pool is a matter of rules, not of shortages', () => {
    expect(planned({ ...TYPICAL, pools: { vnis: nan, vlans: nan, asns: nan }, underlay: undefined }).shortages).toEqual(
      [],
    );
  });

  test('things of another partition with the same names are not mixed up', () => {
    const other = partition('par2', {
      networks: [privateNetwork('blue', { partition: 'par2', prefixes: ['10.99.0.0/24'] })],
    });
    const own = partition('par1', {
      racks: [rack('rack1')],
      networks: [privateNetwork('blue')],
      machines: [machine('a', 'par2/blue')],
    });
    const lookup = new Lookup({ partitions: [own, other] });
    const { plan: result, ledger } = planPartition(own, lookup, emptyLedger('par1'));
    expect(result.machines).toEqual([]);
    expect(ledger.pools['address blue ipv4']).toBeUndefined();
  });
});
