import {
  ExternalNetwork,
  Firewall,
  Machine,
  type Partition,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { forge } from '../../lib/lab/probing';
import { addressOf, becomes, countedOn, countPackets, done, expectFlows, findEndpoint, NOTHING, vniOf } from './attack';
import {
  changed,
  configure,
  deviceOf,
  holdersOf,
  leavesOf,
  routerMac,
  sendTunneled,
  sviOf,
  vrfOf,
  withoutLines,
  withoutRouteMap,
  withoutTunnelChecks,
  withOpenForwarding,
} from './by-hand';
import { describeFabric, type Scenario } from './scenario';

/** How long a wrong route would take to show: longer than any true one took to spread. */
const SPREADING_SECONDS = 6;
const spread = (): Promise<void> => new Promise((wake) => setTimeout(wake, SPREADING_SECONDS * 1000));

const BLUE = '10.129.0.0/24';
const GREEN = '10.129.1.0/24';
const STORAGE = '10.130.0.0/24';
const METRICS = '10.131.0.0/24';

function declare(fra: Partition): void {
  const rack = new Rack(fra, 'rack1');
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
  });
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false, prefixes: [STORAGE] });
  const metrics = new SharedNetwork(fra, 'metrics', { project: 'ops', nat: true, prefixes: [METRICS] });
  for (const network of [storage, metrics]) {
    const name = network.node.id;
    for (const index of [1, 2]) new Machine(fra, `${name}-${index}`, { rack, primaryNetwork: network });
  }
  for (const [tenant, prefix] of Object.entries({ blue: BLUE, green: GREEN })) {
    const network = new PrivateNetwork(fra, tenant, { project: tenant, prefixes: [prefix] });
    new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
    new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network })
      .connect(storage)
      .connect(metrics)
      .connect(internet);
  }
}

describeFabric(
  'Whoever takes over a machine, a firewall or a router of somebody else gains nothing of others: no address, no route, no network, no connection.',
  declare,
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    describe('a machine', () => {
      test('does not send as another one', async () => {
        const [own, victim] = [addressOf(scenario(), 'storage-2'), addressOf(scenario(), 'storage-1')];
        const target = findEndpoint(scenario(), 'blue-1');
        for (const { own: wire, far: leaf } of leavesOf(scenario(), 'storage-2')) {
          const send = async (source: string, expected: boolean): Promise<readonly string[]> => {
            const [arrivals = []] = await forge(scenario().lab, [
              { node: 'storage-2', port: wire.port, source, target, expected },
            ]);
            return arrivals.map((arrival) => arrival.source);
          };
          expect(await send(own, true)).toEqual([own]);
          expect(await send(victim, false)).toEqual([]);
          const guard = new RegExp(`iifname "${leaf.port}" ip saddr != ${own} `);
          // Without the guard it is seen as the victim: the probe would have noticed.
          expect(await withoutLines(scenario(), leaf.node, guard, () => send(victim, true))).toEqual([victim]);
          expect(await send(victim, false)).toEqual([]);
        }
      });

      test('does not take over an address by announcing it, neither one in use nor a free one', async () => {
        const victim = addressOf(scenario(), 'storage-1');
        const free = '10.130.0.77';
        const [leaf] = leavesOf(scenario(), 'storage-2');
        if (leaf === undefined) throw new Error('storage-2 has no leaf');
        const add = [victim, free].map((address) => `ip address add ${address}/32 dev lo`);
        const remove = [victim, free].map((address) => `ip address del ${address}/32 dev lo`);
        const holders = (): Promise<readonly string[]> => holdersOf(scenario(), 'storage', `${free}/32`, 'storage-2');
        await changed(scenario(), 'storage-2', add, remove, async () => {
          await waitForAnnouncement(scenario(), 'storage-2', 'ipv4 unicast', [`"${victim}/32"`, `"${free}/32"`]);
          await spread();
          expect(await holders()).toEqual([]);
          await expectFlows(scenario(), {
            'blue-1 → storage-1': 'seen as blue-1',
            'green-1 → storage-1': 'seen as green-1',
          });
          const port = leaf.far.port;
          const guard = { vrf: vrfOf(scenario(), 'storage'), map: `${port}-in`, direction: 'in' } as const;
          await withoutRouteMap(scenario(), leaf.far, guard, async () => {
            expect(await becomes(async () => (await holders()).includes('green-fw'), 20)).toBe(true);
          });
          expect(await becomes(async () => (await holders()).length === 0, 20)).toBe(true);
        });
      });
    });

    describe('a firewall', () => {
      test('announces nothing into a shared network but what is its own there', async () => {
        const victim = `${addressOf(scenario(), 'storage-1')}/32`;
        // A machine's address, a free one, a part of the network, one that is wider, another tenant's, and the world.
        const wrong = [victim, '10.130.0.78/32', '10.130.0.0/25', '10.130.0.0/16', GREEN, '0.0.0.0/0'];
        const { vtep, asn } = deviceOf(scenario(), 'blue-fw');
        const instance = [`router bgp ${asn} vrf ${vrfOf(scenario(), 'storage')}`];
        const networks = (no: string): readonly string[] => [
          ...instance,
          `${no === '' ? 'no ' : ''}bgp network import-check`,
          'address-family ipv4 unicast',
          ...wrong.map((prefix) => `${no}network ${prefix}`),
        ];
        const holders = async (prefix: string): Promise<readonly string[]> =>
          holdersByWay(scenario(), 'storage', prefix === '0.0.0.0/0' ? 'default' : prefix, vtep);
        try {
          await configure(scenario(), 'blue-fw', networks(''));
          await waitForAnnouncement(scenario(), 'blue-fw', 'l2vpn evpn', wrong.map(evpnText));
          await spread();
          for (const prefix of wrong) expect([prefix, await holders(prefix)]).toEqual([prefix, []]);
          await expectFlows(scenario(), {
            'green-1 → storage-1': 'seen as green-1',
            'storage-1 → green-1': 'seen as storage-1',
          });
          const [leaf] = leavesOf(scenario(), 'blue-fw');
          if (leaf === undefined) throw new Error('blue-fw has no leaf');
          const guard = { map: `${leaf.far.port}-evpn-in`, direction: 'in' } as const;
          await withoutRouteMap(scenario(), leaf.far, guard, async () => {
            for (const prefix of wrong.filter((one) => one !== victim)) {
              const taken = (): Promise<boolean> => holders(prefix).then((nodes) => nodes.includes('green-fw'));
              expect([prefix, await becomes(taken, 20)]).toEqual([prefix, true]);
            }
          });
          for (const prefix of wrong) {
            expect([prefix, await becomes(async () => (await holders(prefix)).length === 0, 20)]).toEqual([
              prefix,
              true,
            ]);
          }
        } finally {
          await configure(scenario(), 'blue-fw', networks('no '));
        }
      });

      test('joins no network that it is not connected to: neither tells nor learns a route of it', async () => {
        const green = vniOf(scenario(), 'green');
        const [victim, free] = [addressOf(scenario(), 'green-1'), '10.129.1.77'];
        const { vtep, asn } = deviceOf(scenario(), 'blue-fw');
        const [leaf] = leavesOf(scenario(), 'blue-fw');
        if (leaf === undefined) throw new Error('blue-fw has no leaf');
        const { join, leave, bgp, noBgp } = membership(green, vtep, asn, [victim, free]);
        const holders = (): Promise<readonly string[]> => holdersByWay(scenario(), 'green', `${free}/32`, vtep);
        const learned = async (): Promise<boolean> => {
          // The address of green's firewall, which nobody here has claimed.
          const routes = await done(scenario(), 'blue-fw', `ip -o route show vrf vrf${green}`);
          return routes.includes(`${addressOf(scenario(), 'green-fw')} `);
        };
        await changed(scenario(), 'blue-fw', join, leave, async () => {
          try {
            await configure(scenario(), 'blue-fw', bgp);
            await waitForAnnouncement(
              scenario(),
              'blue-fw',
              'l2vpn evpn',
              [victim, free].map((one) => evpnText(`${one}/32`)),
            );
            await spread();
            expect(await holders()).toEqual([]);
            expect(await learned()).toBe(false);
            await expectFlows(scenario(), {
              'storage-1 → green-1': 'seen as storage-1',
              'green-1 → storage-1': 'seen as green-1',
            });
            const map = (direction: 'in' | 'out') => ({ map: `${leaf.far.port}-evpn-${direction}`, direction });
            await withoutRouteMap(scenario(), leaf.far, map('in'), async () => {
              expect(await becomes(async () => (await holders()).includes('green-fw'), 20)).toBe(true);
            });
            expect(await becomes(async () => (await holders()).length === 0, 20)).toBe(true);
            await withoutRouteMap(scenario(), leaf.far, map('out'), async () => {
              expect(await becomes(learned, 20)).toBe(true);
            });
            expect(await becomes(async () => !(await learned()), 20)).toBe(true);
          } finally {
            await configure(scenario(), 'blue-fw', noBgp);
          }
        });
      });

      test('puts no packet into the tunnel of a network that it is not connected to', async () => {
        const { vtep } = deviceOf(scenario(), 'blue-fw');
        for (const { own, far } of leavesOf(scenario(), 'blue-fw')) {
          const send = async (network: string, target: string): Promise<readonly string[]> =>
            sendTunneled(scenario(), {
              vni: vniOf(scenario(), network),
              from: { own, far, vtep },
              to: { vtep: deviceOf(scenario(), far.node).vtep, mac: await routerMac(scenario(), far.node, network) },
              source: addressOf(scenario(), 'blue-1'),
              target: addressOf(scenario(), target),
              listen: target,
            });
          const arrived = [addressOf(scenario(), 'blue-1')];
          expect(await send('storage', 'storage-1')).toEqual(arrived);
          expect(await send('green', 'green-1')).toEqual([]);
          const guard = new RegExp(`iifname "${far.port}" udp dport 4789 `);
          expect(await withoutLines(scenario(), far.node, guard, () => send('green', 'green-1'))).toEqual(arrived);
          expect(await send('green', 'green-1')).toEqual([]);
        }
      });

      test('with routes and filter changed by hand, leads its tenant to no other one through a shared network', async () => {
        const green = addressOf(scenario(), 'green-1');
        await withRouteByHand(scenario(), 'blue', green, 'blue-fw', async () => {
          const [blueVrf, svi] = [vrfOf(scenario(), 'blue'), sviOf(scenario(), 'storage')];
          const way = `${green}/32 vrf ${blueVrf}`;
          const onward = `via ${deviceOf(scenario(), 'green-fw').vtep} dev ${svi} onlink`;
          await changed(scenario(), 'blue-fw', [`ip route add ${way} ${onward}`], [`ip route del ${way}`], () =>
            withOpenForwarding(scenario(), 'blue-fw', async () => {
              await expectFlows(scenario(), { 'blue-1 → green-1': NOTHING, 'blue-1 → storage-1': 'seen as blue-1' });
              // Without what the leaves check inside of tunnels, and the firewall of the other tenant by itself, it would be let in.
              const guard = new RegExp(`iifname "${svi}" ip saddr != `);
              await withoutTunnelChecks(scenario(), 'blue-fw', async () => {
                await expectFlows(scenario(), { 'blue-1 → green-1': NOTHING });
                await withoutLines(scenario(), 'green-fw', guard, async () => {
                  await expectFlows(scenario(), { 'blue-1 → green-1': NOTHING });
                  await done(scenario(), 'green-fw', 'nft insert rule inet fabric through-device accept');
                  await expectFlows(scenario(), { 'blue-1 → green-1': 'seen as blue-1, unanswered' });
                });
              });
              await expectFlows(scenario(), { 'blue-1 → green-1': NOTHING });
            }),
          );
        });
      });
    });

    /**
     * Hosts of such a network may call consumers, and no firewall tells machines from firewalls: the leaves of the one in the wrong
     * hands look into its tunnels.
     */
    describe('a firewall in the wrong hands, in a shared network without NAT', () => {
      test.each(['blue-fw@storage', 'storage-1'])('sends nothing to its consumers as %s', async (whose) => {
        expect(await sendToGreen(scenario(), whose)).toEqual([]);
        const unchecked = await withoutTunnelChecks(scenario(), 'blue-fw', () => sendToGreen(scenario(), whose));
        expect(unchecked.length).toBeGreaterThan(0);
      });

      test('sends nothing to them as what is not of that network', async () => {
        expect(await sendToGreen(scenario(), 'blue-1')).toEqual([]);
        expect(await sendToGreen(scenario(), 'metrics-1')).toEqual([]);
        expect(await sendToGreen(scenario(), 'internet')).toEqual([]);
      });
    });

    describe('from the side that a tenant is hidden from', () => {
      test('a machine of the shared network finds no way to the tenant, with routes given by hand neither', async () => {
        await expectFlows(scenario(), { 'metrics-1 → blue-1': NOTHING });
        const blue = addressOf(scenario(), 'blue-1');
        const way = `${BLUE} via inet6 ${await linkLocal(scenario(), 'metrics-1')} dev lan0`;
        await changed(scenario(), 'metrics-1', [`ip route add ${way}`], [`ip route del ${BLUE}`], async () => {
          await expectFlows(scenario(), { 'metrics-1 → blue-1': NOTHING });
          await withRouteByHand(scenario(), 'metrics', blue, 'blue-fw', async () => {
            await expectFlows(scenario(), { 'metrics-1 → blue-1': NOTHING });
            // It got as far as the firewall. An answer shows the hidden address, and the firewall's leaves stop it.
            await withOpenForwarding(scenario(), 'blue-fw', () =>
              expectFlows(scenario(), { 'metrics-1 → blue-1': 'seen as metrics-1, unanswered' }),
            );
            await expectFlows(scenario(), { 'metrics-1 → blue-1': NOTHING });
          });
        });
      });

      test('a router of somebody else finds no way to the tenant, with routes given by hand neither', async () => {
        const blue = addressOf(scenario(), 'blue-1');
        const router = 'internet~isp1';
        await changed(
          scenario(),
          router,
          [`ip route add ${BLUE} via 192.0.2.0`],
          [`ip route del ${BLUE}`],
          async () => {
            await expectFlows(scenario(), { 'internet → blue-1': NOTHING });
            await withRouteByHand(scenario(), 'internet', blue, 'blue-fw', async () => {
              await expectFlows(scenario(), { 'internet → blue-1': NOTHING });
              await withOpenForwarding(scenario(), 'blue-fw', () =>
                expectFlows(scenario(), { 'internet → blue-1': 'seen as internet, unanswered' }),
              );
              await expectFlows(scenario(), { 'internet → blue-1': NOTHING });
            });
          },
        );
      });

      test('nobody of the shared network opens a connection back through the translation', () =>
        expectNoWayBack(scenario(), {
          firewall: addressOf(scenario(), 'blue-fw@metrics'),
          server: { node: 'metrics-1', address: addressOf(scenario(), 'metrics-1') },
          other: { node: 'metrics-2', address: addressOf(scenario(), 'metrics-2') },
        }));

      test('nobody of the internet opens a connection back through the translation', () => {
        const router = 'internet~isp1';
        const other = '203.0.113.99';
        const [add, del] = ['add', 'del'].map((verb) => [`ip address ${verb} ${other}/32 dev lo`]);
        return changed(scenario(), router, add ?? [], del ?? [], () =>
          expectNoWayBack(scenario(), {
            firewall: addressOf(scenario(), 'blue-fw@internet'),
            server: { node: router, address: addressOf(scenario(), 'internet') },
            other: { node: router, address: other },
          }),
        );
      });
    });

    test('after all of it the fabric is as it was', () => scenario().expectKept({ withoutGuards: true }));
  },
  { spines: 1, borderLeaves: 1 },
);

/** Sends from the firewall of blue, through the tunnel of storage, to the machine of green; gives whom that one saw. */
async function sendToGreen(scenario: Scenario, whose: string): Promise<readonly string[]> {
  const [wire] = leavesOf(scenario, 'blue-fw');
  if (wire === undefined) throw new Error('blue-fw has no leaf');
  return sendTunneled(scenario, {
    vni: vniOf(scenario, 'storage'),
    from: { ...wire, vtep: deviceOf(scenario, 'blue-fw').vtep },
    to: { vtep: deviceOf(scenario, 'green-fw').vtep, mac: await routerMac(scenario, 'green-fw', 'storage') },
    source: addressOf(scenario, whose),
    target: addressOf(scenario, 'green-1'),
    listen: 'green-1',
  });
}

const evpnText = (prefix: string): string => {
  const [address = '', length = ''] = prefix.split('/');
  return `[5]:[0]:[${length}]:[${address}]`;
};

/** Without the attacker's own word for it, an attack has proven nothing. */
async function waitForAnnouncement(
  scenario: Scenario,
  node: string,
  family: 'ipv4 unicast' | 'l2vpn evpn',
  texts: readonly string[],
): Promise<void> {
  const ask = `vtysh -c 'show bgp ${family} neighbors lan0 advertised-routes json'`;
  const missing = async (): Promise<readonly string[]> => {
    const said = await done(scenario, node, ask);
    return texts.filter((text) => !said.includes(text));
  };
  await becomes(async () => (await missing()).length === 0, 20);
  expect(await missing()).toEqual([]);
}

/** Nodes that have a route to a prefix in a network by way of the attacker's tunnel, or of a leaf that got it from there. */
async function holdersByWay(
  scenario: Scenario,
  network: string,
  prefix: string,
  vtep: string,
): Promise<readonly string[]> {
  return holdersOf(scenario, network, prefix, 'blue-fw', vtep);
}

/** What makes a firewall a member of a network on its own side, and what takes that back. */
function membership(
  vni: number,
  vtep: string,
  asn: number,
  addresses: readonly string[],
): Readonly<Record<'join' | 'leave' | 'bgp' | 'noBgp', readonly string[]>> {
  const [vrf, vxlan, svi, vlan] = [`vrf${vni}`, `vni${vni}`, `vlan${vni}`, 1999];
  return {
    join: [
      `ip link add ${vrf} type vrf table ${vlan}`,
      `ip link set ${vrf} up`,
      `ip link add ${vxlan} type vxlan id ${vni} local ${vtep} dstport 4789 nolearning`,
      `ip link set ${vxlan} master bridge addrgenmode none mtu 9000`,
      `bridge link set dev ${vxlan} neigh_suppress on learning off`,
      `bridge vlan del dev ${vxlan} vid 1 || true`,
      `bridge vlan add dev ${vxlan} vid ${vlan} pvid untagged`,
      `bridge vlan add dev bridge vid ${vlan} self`,
      `ip link add link bridge name ${svi} type vlan id ${vlan}`,
      `ip link set ${svi} master ${vrf} addrgenmode none mtu 9000`,
      `ip link set ${vxlan} up`,
      `ip link set ${svi} up`,
      ...addresses.map((address) => `ip address add ${address}/32 dev ${svi}`),
    ],
    leave: [
      `ip link del ${svi}`,
      `ip link del ${vxlan}`,
      `ip link del ${vrf}`,
      `bridge vlan del dev bridge vid ${vlan} self`,
    ],
    bgp: [
      `vrf ${vrf}`,
      `vni ${vni}`,
      'exit-vrf',
      `router bgp ${asn} vrf ${vrf}`,
      `bgp router-id ${vtep}`,
      'address-family ipv4 unicast',
      'redistribute connected',
      'exit-address-family',
      'address-family l2vpn evpn',
      'advertise ipv4 unicast',
      `rd ${vtep}:${vlan}`,
      `route-target import 65000:${vni}`,
      `route-target export 65000:${vni}`,
    ],
    noBgp: [`vrf ${vrf}`, `no vni ${vni}`, 'exit-vrf', `no router bgp ${asn} vrf ${vrf}`],
  };
}

/** Gives every switch that has the network a route to somebody by way of a firewall, as if it had believed one. */
async function withRouteByHand(
  scenario: Scenario,
  network: string,
  address: string,
  firewall: string,
  work: () => Promise<void>,
): Promise<void> {
  const [vrf, svi] = [vrfOf(scenario, network), sviOf(scenario, network)];
  const way = `via ${deviceOf(scenario, firewall).vtep} dev ${svi} onlink`;
  const switches = scenario.lab.nodes.filter(({ role }) => role === 'leaf' || role === 'border-leaf');
  const holding: string[] = [];
  for (const { name } of switches)
    if ((await scenario.shell(name, `ip link show ${vrf}`)).exit === 0) holding.push(name);
  expect(holding.length).toBeGreaterThan(0);
  const onAll = async (verb: 'add' | 'del'): Promise<void> => {
    for (const node of holding) await done(scenario, node, `ip route ${verb} ${address}/32 vrf ${vrf} ${way}`);
  };
  await onAll('add');
  try {
    await work();
  } finally {
    await onAll('del');
  }
}

/** The link-local address of the leaf at the other end of a host's first wire. */
async function linkLocal(scenario: Scenario, host: string): Promise<string> {
  const [first] = leavesOf(scenario, host);
  const said = await done(scenario, first?.far.node, `ip -6 -o address show dev ${first?.far.port ?? ''} scope link`);
  const found = /inet6 (fe80:\S+)\//.exec(said)?.[1];
  if (found === undefined) throw new Error(`no link-local address in ${said}`);
  return found;
}

interface Translation {
  /** The translated address. */
  readonly firewall: string;
  /** To whom a connection is open. */
  readonly server: { readonly node: string; readonly address: string };
  /** Somebody else on that side. */
  readonly other: { readonly node: string; readonly address: string };
}

/** blue-1 has connections to the server; whoever answers there unasked, at the very ports, does not reach blue-1. */
async function expectNoWayBack(scenario: Scenario, { firewall, server, other }: Translation): Promise<void> {
  const client = addressOf(scenario, 'blue-1');
  await countPackets(scenario, 'blue-1', 'prerouting', {
    asked: `ip saddr ${server.address} tcp sport 7000`,
    askedUdp: `ip saddr ${server.address} udp sport 7000`,
    samePorts: `ip saddr ${other.address}`,
    sameHost: `ip saddr ${server.address} meta l4proto { tcp, udp } th sport 7001`,
  });
  await countPackets(scenario, 'blue-fw', 'prerouting', {
    samePorts: `ip saddr ${other.address} ip daddr ${firewall} meta l4proto { tcp, udp } th dport { 40000, 22, 7777 }`,
    sameHost: `ip saddr ${server.address} ip daddr ${firewall} meta l4proto { tcp, udp } th sport 7001`,
  });
  try {
    await done(scenario, server.node, background(serverProgram(server.address)));
    const listens = async (): Promise<boolean> =>
      (await done(scenario, server.node, "ss -Hltn 'sport = :7000'")).includes('LISTEN');
    expect(await becomes(listens, 30)).toBe(true);
    await done(scenario, 'blue-1', background(clientProgram(client, server.address)));
    const peer = async (): Promise<string> => (await scenario.shell(server.node, 'cat /tmp/peer')).out.trim();
    await becomes(async () => (await peer()) !== '', 30);
    // The ports are those of the translated connection.
    expect(await peer()).toBe(`${firewall} 40000`);
    await done(scenario, other.node, attackProgram(other.address, 7000, firewall));
    await done(scenario, server.node, attackProgram(server.address, 7001, firewall));
    const atFirewall = await countedOn(scenario, 'blue-fw');
    const atClient = await countedOn(scenario, 'blue-1');
    expect(Math.min(...Object.values(atFirewall))).toBeGreaterThan(3);
    // What was asked for came, by the same filter and the same translation.
    expect(Math.min(atClient['asked'] ?? 0, atClient['askedUdp'] ?? 0)).toBeGreaterThan(0);
    expect([atClient['samePorts'], atClient['sameHost']]).toEqual([0, 0]);
  } finally {
    for (const node of ['blue-1', 'blue-fw']) await done(scenario, node, 'nft delete table inet lab_count');
    await done(scenario, server.node, 'kill $(cat /tmp/program.pid); rm -f /tmp/peer /tmp/program.pid');
    await done(scenario, 'blue-1', 'kill $(cat /tmp/program.pid); rm -f /tmp/program.pid');
  }
}

const background = (program: string): string =>
  `setsid -f python3 - >/tmp/program.log 2>&1 <<'END'\nimport os, socket, time\nopen('/tmp/program.pid', 'w').write(str(os.getpid()))\n${program}\nEND`;

const serverProgram = (address: string): string => `door = socket.create_server(('${address}', 7000))
box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
box.bind(('${address}', 7000))
one, where = door.accept()
one.sendall(b'hello')
data, back = box.recvfrom(100)
box.sendto(b'hello', back)
open('/tmp/peer', 'w').write(f'{where[0]} {where[1]}')
time.sleep(120)`;

const clientProgram = (own: string, server: string): string => `one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
one.bind(('${own}', 40000))
one.connect(('${server}', 7000))
one.recv(5)
box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
box.bind(('${own}', 40000))
box.settimeout(1)
for attempt in range(20):
    try:
        box.sendto(b'hello', ('${server}', 7000))
        box.recv(5)
        break
    except TimeoutError:
        pass
time.sleep(120)`;

/** Opens connections, and sends datagrams, from one port to the ports of the open connection and to others. */
const attackProgram = (own: string, port: number, firewall: string): string => `python3 - <<'END'
import socket
for target in (40000, 22, 7777):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(('${own}', ${port}))
            one.settimeout(1.2)
            try:
                one.connect(('${firewall}', target))
                one.send(b'attack')
                one.recv(10)
                raise SystemExit('somebody answered')
            except (TimeoutError, ConnectionRefusedError, OSError) as error:
                print(target, kind, error)
END`;
