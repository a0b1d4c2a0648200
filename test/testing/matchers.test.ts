import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  type Partition,
  Policy,
  Port,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import 'cdktf-metal-fabric/jest';
import { findingsOf, Scratch } from '../constructs/app';

let scratch: Scratch;
beforeEach(() => (scratch = new Scratch()));
afterEach(() => scratch.remove());

function declare(fra: Partition) {
  const rack = new Rack(fra, 'rack1');
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
  });
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  const nvme = new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
  const tenants = ['blue', 'green'].map((tenant) => {
    const network = new PrivateNetwork(fra, tenant, { project: tenant });
    const machine = new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
    const firewall = new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network })
      .connect(storage)
      .connect(internet, { allow: [Flow.to('0.0.0.0/0').tcp(80, 443)] });
    return { network, machine, firewall };
  });
  return { internet, storage, nvme, blue: tenants[0]!, green: tenants[1]! };
}

/** What a matcher says when it fails, without colors. */
function said(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the assertion holds');
}

test('a failure says what was wanted, the packet, the way it takes and the line that decided', () => {
  const { blue, internet } = declare(scratch.partition(scratch.app()));
  const message = said(() => expect(blue.machine).toReach(internet, Port.tcp(25)));
  expect(message).toContain('expected blue-1 to reach internet');
  expect(message).toContain('blue-1 (10.128.0.1) → beyond internet (198.51.100.10) tcp/25: denied');
  expect(message).toContain('decided  blue-fw nftables.conf, chain through-device: counter drop');
  expect(message).toContain('there    blue-1 sends it to rack1-leaf1 or rack1-leaf2');
});

test('a range is reached only if all of it is', () => {
  const { blue, internet } = declare(scratch.partition(scratch.app()));
  expect(blue.machine).toReach(internet, Port.tcp(80));
  expect(blue.machine).toReach(internet, Port.tcpRange(443, 443));
  expect(said(() => expect(blue.machine).toReach(internet, Port.tcpRange(80, 82)))).toContain('tcp/81-82: denied');
});

test('another source, and another way, are not what was wanted', () => {
  const { blue, nvme, internet } = declare(scratch.partition(scratch.app()));
  expect(blue.machine).toReach(nvme, Port.tcp(4420), { as: '10.128.0.1', via: 'blue-fw' });
  expect(said(() => expect(blue.machine).toReach(nvme, Port.tcp(4420), { as: '10.128.12.9' }))).toContain(
    'it is seen as 10.128.0.1, and not as 10.128.12.9',
  );
  expect(said(() => expect(blue.machine).toReach(internet, Port.tcp(443), { via: 'green-fw' }))).toContain(
    'it goes through blue-fw, and not through green-fw',
  );
  expect(said(() => expect(blue.machine).not.toReach(nvme, Port.tcp(4420)))).toContain(
    'expected blue-1 not to reach nvme-1',
  );
});

test('who is not isolated is told the packet that gets through', () => {
  const { blue, green, storage } = declare(scratch.partition(scratch.app()));
  expect(blue.network).toBeIsolatedFrom(green.network);
  const message = said(() => expect(blue.network).toBeIsolatedFrom(storage));
  expect(message).toContain('expected blue to be isolated from storage');
  expect(message).toContain('blue-1 (10.128.0.1) → nvme-1 (10.128.8.3) icmp: allowed');
  expect(said(() => expect(blue.network).not.toBeIsolatedFrom(green.network))).toContain(
    'expected blue not to be isolated from green',
  );
});

test('policies are kept, or reported like rules with the line that breaks them', () => {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const { blue, green, storage, nvme, internet } = declare(fra);
  fra.require(Policy.isolated(blue.network, green.network), Policy.reaches(blue.network, storage, Port.tcp(4420)));
  expect(findingsOf(app)).toEqual([]);
  fra.require(Policy.isolated(blue.machine, nvme), Policy.reaches(green.network, internet, Port.udp(53)));
  expect(findingsOf(app)).toEqual([
    expect.stringContaining(
      'fra/fra policy/isolated: blue-1 reaches nvme-1 by icmp: it arrives, and is answered (blue-fw nftables.conf, chain to-vlan',
    ),
    expect.stringContaining(
      'fra/fra policy/reaches: green-1 does not reach internet by udp/53: green-fw: it does not let this through from',
    ),
  ]);
  expect(app).toBreakRule('policy/isolated');
  expect(said(() => expect(app).toBreakRule('host/is-in-a-rack'))).toContain('it breaks\n  [fra/fra] policy/isolated');
});

test('a verdict has the way there and back, the source seen, and the matrix what networks may open', () => {
  const fra = scratch.partition(scratch.app());
  const { blue, internet } = declare(fra);
  const verdict = fra.reachability.verdict({ from: blue.machine, to: internet, on: Port.tcp(443) });
  expect(verdict).toMatchObject({ allowed: true, blocked: false, sourceSeen: '185.1.2.1', via: ['blue-fw'] });
  expect(verdict.path.map(({ device }) => device)).toEqual(['blue-1', 'rack1-leaf1', 'blue-fw', 'blue-fw', 'border1']);
  expect(verdict.back.map(({ device }) => device)).toEqual([
    'internet/isp1',
    'border1',
    'blue-fw',
    'rack1-leaf1',
    'blue-1',
  ]);
  expect(fra.reachability.matrix()).toEqual([
    { from: 'blue', to: 'internet', ipv4: 'tcp/80,443', ipv6: '', seenAs: '185.1.2.1' },
    { from: 'blue', to: 'storage', ipv4: 'all', ipv6: 'all', seenAs: 'original' },
    { from: 'green', to: 'internet', ipv4: 'tcp/80,443', ipv6: '', seenAs: '185.1.2.2' },
    { from: 'green', to: 'storage', ipv4: 'all', ipv6: 'all', seenAs: 'original' },
    { from: 'storage', to: 'blue', ipv4: 'all', ipv6: 'all', seenAs: 'original' },
    { from: 'storage', to: 'green', ipv4: 'all', ipv6: 'all', seenAs: 'original' },
  ]);
});

test.each([
  [Port.tcp(70_000), 'port 70000, outside 1–65535', 'choose ports in that range'],
  [Port.udp(0), 'port 0, outside 1–65535', 'choose ports in that range'],
  [Port.tcp(1.5), 'port 1.5, outside 1–65535', 'choose ports in that range'],
  [Port.tcpRange(9, 1), 'ports 9-1, which end before they begin', 'write 1-9'],
])('ports that are none are reported of a policy, and have no verdict: %#', (on, problem, fix) => {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const { blue, storage } = declare(fra);
  expect(() => fra.reachability.verdict({ from: blue.network, to: storage, on })).toThrow(`${problem}: ${fix}`);
  expect(() => expect(blue.network).toReach(storage, on)).toThrow(`${problem}: ${fix}`);
  fra.require(Policy.reaches(blue.network, storage, on));
  expect(findingsOf(app)).toEqual([`fra/fra policy/reaches: it names ${problem}`]);
});

test('what is no host or network of the partition has no verdict', () => {
  const fra = scratch.partition(scratch.app());
  const { blue } = declare(fra);
  expect(() => fra.reachability.verdict({ from: blue.machine, to: fra })).toThrow(
    'fra/fra is no host or network of partition fra/fra',
  );
});

test('what only some reach is neither reached nor not reached', () => {
  const { blue, internet } = declare(scratch.partition(scratch.app()));
  const some = Port.tcpRange(443, 444);
  expect(said(() => expect(blue.machine).toReach(internet, some))).toContain('tcp/444: denied');
  expect(said(() => expect(blue.machine).not.toReach(internet, some))).toContain('tcp/443');
  expect(blue.machine).not.toReach(internet, Port.tcp(444));
});

test('of an external network, what is open to a single address counts', () => {
  const fra = scratch.partition(scratch.app());
  const { internet } = declare(fra);
  const rack = new Rack(fra, 'rack2');
  const red = new PrivateNetwork(fra, 'red', { project: 'red' });
  const machine = new Machine(fra, 'red-1', { rack, primaryNetwork: red });
  new Firewall(fra, 'red-fw', { rack, primaryNetwork: red }).connect(internet, {
    allow: [Flow.to('9.9.9.9/32').udp(53)],
  });
  expect(said(() => expect(machine).toBeIsolatedFrom(internet))).toContain('beyond internet (9.9.9.9) udp/53');
  expect(said(() => expect(machine).toReach(internet, Port.udp(53)))).toContain('red-1 to reach internet');
});

test('a rule that there is not is refused', () => {
  const app = scratch.app();
  declare(scratch.partition(app));
  expect(() => expect(app).not.toBreakRule('machine/has-one-prymary-network')).toThrow(
    'there is no rule "machine/has-one-prymary-network": `metal-fabric rules` lists them',
  );
});
