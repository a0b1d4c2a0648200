import {
  ExternalNetwork,
  Firewall,
  InternetAccess,
  Machine,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { addressOf, becomes, countedOn, countPackets, done, expectFlows, NOTHING, vniOf } from './attack';
import { configure, deviceOf, vrfOf, withoutLines, withoutTunnelChecks } from './by-hand';
import { describeFabric, type Scenario } from './scenario';

/** The node behind `internet`. */
const WORLD = 'internet~isp1';
/** What the world offers at port 80. */
const PAGE = 'a page of the world';
const PROXY_PORT = 31280;

describeFabric(
  'Machines of a shared network reach the internet by a firewall of their own, and by no other one; without a firewall, by an HTTP proxy on a node port of a consumer, and in no other way.',
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const internet = new ExternalNetwork(fra, 'internet', {
      prefixes: ['185.1.2.0/24'],
      destinationPrefixes: ['0.0.0.0/0'],
      nat: true,
      routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
    });

    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    storage.internetAccess(InternetAccess.viaFirewall());
    new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
    new Firewall(fra, 'storage-fw', { rack, primaryNetwork: storage }).connect(internet);

    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue', prefixes: ['10.129.0.0/22'] });
    new Machine(fra, 'blue-1', { rack, primaryNetwork: blue, ip: '10.129.0.5' });
    const backup = new SharedNetwork(fra, 'backup', { project: 'ops', nat: false });
    backup.internetAccess(InternetAccess.viaProxy({ address: '10.129.0.5', port: PROXY_PORT }));
    new Machine(fra, 'tape-1', { rack, primaryNetwork: backup });
    // Connected to both shared networks and to the internet: the one that traffic of nvme-1 might wrongly take.
    new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(backup).connect(storage).connect(internet);
  },
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test('each packet to the internet is counted on the firewall of the network, once, and on no other one', async () => {
      const [machine, world] = [addressOf(scenario(), 'nvme-1'), addressOf(scenario(), 'internet')];
      const translated = addressOf(scenario(), 'storage-fw@internet');
      await expectFlows(scenario(), { 'nvme-1 → internet': 'seen as storage-fw@internet' });
      for (const node of ['storage-fw', 'blue-fw', WORLD]) {
        const own = `ip saddr ${machine} ip daddr ${world}`;
        await countPackets(scenario(), node, 'prerouting', {
          own,
          translated: `ip saddr ${translated} udp dport 9999`,
        });
      }
      const before = await acceptedTowardsInternet(scenario());
      await done(scenario(), 'nvme-1', sendDatagrams(40, machine, world));
      await becomes(async () => ((await countedOn(scenario(), WORLD))['translated'] ?? 0) >= 40, 10);
      const after = await acceptedTowardsInternet(scenario());
      expect({ storage: after.storage - before.storage, blue: after.blue - before.blue }).toEqual({
        storage: 40,
        blue: 0,
      });
      expect(await countedOn(scenario(), WORLD)).toEqual({ own: 0, translated: 40 });
      expect((await countedOn(scenario(), 'blue-fw'))['own']).toBe(0);
      expect((await countedOn(scenario(), 'storage-fw'))['own']).toBeGreaterThanOrEqual(40);
      for (const node of ['storage-fw', 'blue-fw', WORLD])
        await done(scenario(), node, 'nft delete table inet lab_count');
    });

    test('that firewall and the consumers of the network do not stand in for each other', () =>
      expectFlows(scenario(), {
        'blue-1 → internet': 'seen as blue-fw@internet',
        'blue-1 → nvme-1': 'seen as blue-1',
        'nvme-1 → blue-1': 'seen as nvme-1',
        'internet → nvme-1': NOTHING,
        'tape-1 → internet': NOTHING,
        'nvme-1 → tape-1': NOTHING,
      }));

    test('while the route to a service is missing, what is meant for it does not leave for the internet', async () => {
      // Without the lines that see to it, it does, and is translated even after the route is back; the leaves would stop that.
      const lines = /ip daddr \S+ counter packets \d+ bytes \d+ drop/;
      const unguarded = await withoutTunnelChecks(scenario(), 'blue-fw', () =>
        withoutLines(scenario(), 'blue-fw', lines, () => sendWithoutRoute(scenario(), 30_001)),
      );
      expect(unguarded).toEqual({ left: true, own: false, translated: true });
      const guarded = await sendWithoutRoute(scenario(), 30_002);
      expect(guarded).toEqual({ left: false, own: true, translated: false });
    });

    test('without a firewall, a machine fetches a page by the proxy that its environment names', async () => {
      const world = addressOf(scenario(), 'internet');
      const proxy = addressOf(scenario(), 'blue-fw@internet');
      await startServer(scenario(), world);
      await startProxy(scenario(), 'blue-1');
      const sources = { tape: `ip saddr ${addressOf(scenario(), 'tape-1')}`, proxy: `ip saddr ${proxy} tcp dport 80` };
      await countPackets(scenario(), WORLD, 'prerouting', sources);

      const file = environmentOf(scenario(), 'tape-1');
      const fetched = await done(scenario(), 'tape-1', `. ${file}; curl -sS --max-time 30 http://${world}/`);
      expect(fetched.trim()).toBe(PAGE);
      const log = await done(scenario(), WORLD, 'cat /tmp/server.log');
      expect(log.match(/^\S+(?= - - .*"GET )/gm)).toEqual([proxy]);

      const direct = await scenario().shell('tape-1', `curl -sS --noproxy '*' --max-time 5 http://${world}/`);
      expect(direct).toMatchObject({ out: '', exit: expect.any(Number) as number });
      expect([7, 28]).toContain(direct.exit);
      // By hand, whatever its routes say, no packet of its own gets there either.
      await expectFlows(scenario(), { 'tape-1 → internet': NOTHING });
      const { tape, proxy: byProxy } = await countedOn(scenario(), WORLD);
      expect(byProxy).toBeGreaterThan(0);
      expect(tape).toBe(0);
    });

    test('without the environment there is no way, and what is not to be fetched by proxy is not', async () => {
      const world = addressOf(scenario(), 'internet');
      const said = await done(scenario(), 'tape-1', `. ${environmentOf(scenario(), 'tape-1')}; env`);
      expect(said).toContain(`https_proxy=http://10.129.0.5:${PROXY_PORT}`);
      const bare = await scenario().shell('tape-1', `curl -sS --max-time 5 http://${world}/`);
      expect(bare.exit).not.toBe(0);
      expect(bare.out).toBe('');
    });
  },
  { spines: 1, borderLeaves: 1 },
);

/** Packets that the derived ruleset has let open a connection to the internet, by firewall. */
async function acceptedTowardsInternet(
  scenario: Scenario,
): Promise<{ readonly storage: number; readonly blue: number }> {
  const accepted = async (node: string): Promise<number> => {
    const said = await done(scenario, node, `nft list chain inet fabric to-vlan${vniOf(scenario, 'internet')}`);
    const counters = [...said.matchAll(/counter packets (\d+) bytes \d+ accept/g)];
    expect(counters.length).toBeGreaterThan(0);
    return counters.reduce((sum, [, packets]) => sum + Number(packets), 0);
  };
  return { storage: await accepted('storage-fw'), blue: await accepted('blue-fw') };
}

interface Fate {
  /** Whether a packet was seen where the fabric ends. */
  readonly left: boolean;
  /** Whether the service saw packets afterwards, as they are, and translated. */
  readonly own: boolean;
  readonly translated: boolean;
}

/** blue-1 sends to nvme-1 again and again, first while its firewall has no route there, and then while it has. */
async function sendWithoutRoute(scenario: Scenario, port: number): Promise<Fate> {
  const [client, service] = [addressOf(scenario, 'blue-1'), addressOf(scenario, 'nvme-1')];
  const place = [
    `router bgp ${deviceOf(scenario, 'blue-fw').asn} vrf ${vrfOf(scenario, 'blue')}`,
    'address-family ipv4 unicast',
  ];
  const line = `import vrf ${vrfOf(scenario, 'storage')}`;
  const hasRoute = async (): Promise<boolean> =>
    (await done(scenario, 'blue-fw', `ip route show vrf ${vrfOf(scenario, 'blue')}`)).includes(`${service} `);
  const nodes = ['border1', 'blue-fw', 'nvme-1'];
  const count = { own: `ip saddr ${client} udp sport ${port}`, any: `ip daddr ${service} udp sport ${port}` };
  for (const node of nodes) await countPackets(scenario, node, 'prerouting', count);
  const counted = async (node: string): Promise<{ readonly own: number; readonly any: number }> => {
    const { own = 0, any = 0 } = await countedOn(scenario, node);
    return { own, any };
  };
  try {
    await configure(scenario, 'blue-fw', [...place, `no ${line}`]);
    expect(await becomes(async () => !(await hasRoute()), 20)).toBe(true);
    await done(scenario, 'blue-1', keepSending(client, port, service));
    expect(await becomes(async () => (await counted('blue-fw')).own > 10, 15)).toBe(true);
    const left = (await counted('border1')).any > 0;
    await configure(scenario, 'blue-fw', [...place, line]);
    expect(await becomes(hasRoute, 20)).toBe(true);
    expect(await becomes(async () => (await counted('nvme-1')).any > 10, 15)).toBe(true);
    const { own, any } = await counted('nvme-1');
    return { left, own: own > 0, translated: any > own };
  } finally {
    await configure(scenario, 'blue-fw', [...place, line]);
    for (const node of nodes) await done(scenario, node, 'nft delete table inet lab_count');
  }
}

const keepSending = (from: string, port: number, to: string): string => `setsid -f python3 - <<'END' >/dev/null 2>&1
import socket, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.bind(('${from}', ${port}))
    for index in range(150):
        try:
            one.sendto(b'x', ('${to}', 9998))
        except OSError:
            pass
        time.sleep(0.1)
END`;

/** Each from a port of its own: each opens a connection. */
const sendDatagrams = (count: number, from: string, to: string): string => `python3 - <<'END'
import socket, time
for index in range(${count}):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(('${from}', 20000 + index))
        one.sendto(b'x', ('${to}', 9999))
    time.sleep(0.01)
END`;

async function startServer(scenario: Scenario, address: string): Promise<void> {
  const serve = `python3 -u -m http.server 80 --bind ${address} -d /tmp/www`;
  await done(
    scenario,
    WORLD,
    `mkdir -p /tmp/www; echo '${PAGE}' >/tmp/www/index.html; setsid -f ${serve} >/tmp/server.log 2>&1 </dev/null`,
  );
  await waitForPort(scenario, WORLD, 80);
}

async function startProxy(scenario: Scenario, node: string): Promise<void> {
  const settings = [`Port ${PROXY_PORT}`, 'Listen 0.0.0.0', 'Timeout 30', 'MaxClients 10', 'LogFile "/tmp/proxy.log"'];
  await scenario.lab.session.write(node, [{ path: '/tmp/proxy.conf', content: `${settings.join('\n')}\n` }]);
  await done(scenario, node, 'setsid -f tinyproxy -d -c /tmp/proxy.conf >/tmp/proxy.out 2>&1 </dev/null');
  await waitForPort(scenario, node, PROXY_PORT);
}

async function waitForPort(scenario: Scenario, node: string, port: number): Promise<void> {
  const listens = async (): Promise<boolean> =>
    (await done(scenario, node, `ss -Hltn 'sport = :${port}'`)).includes('LISTEN');
  expect(await becomes(listens, 20)).toBe(true);
}

function environmentOf({ lab }: Scenario, node: string): string {
  const files = lab.output.manifest.devices.find(({ name }) => name === node)?.files ?? [];
  const found = files.find(({ name }) => name === 'environment');
  if (found === undefined) throw new Error(`${node} has no environment`);
  return found.path;
}
