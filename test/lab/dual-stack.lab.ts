import { ExternalNetwork, Firewall, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { addressOf, done, expectFlows, NOTHING } from './attack';
import { describeFabric } from './scenario';

describeFabric(
  'Everything speaks IPv4 and IPv6: IPv4 is hidden where that is asked for, IPv6 is routed with the addresses that hosts have, and unique local ones stay inside.',
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const internet = new ExternalNetwork(fra, 'internet', {
      prefixes: ['185.1.2.0/24', '2a02:c00:20::/64'],
      destinationPrefixes: ['0.0.0.0/0', '::/0'],
      nat: true,
      routers: [{ name: 'isp1', address: '192.0.2.1', ipv6Address: '2a02:c00:ff::', asn: 64500 }],
    });
    const storage = new SharedNetwork(fra, 'storage', {
      project: 'storage',
      nat: false,
      prefixes: ['10.130.0.0/24', 'fd00:10:128:1::/64'],
    });
    new Machine(fra, 'storage-1', { rack, primaryNetwork: storage });
    const metrics = new SharedNetwork(fra, 'metrics', { project: 'ops', nat: true });
    new Machine(fra, 'metrics-1', { rack, primaryNetwork: metrics });

    const prefixes = { blue: ['10.129.0.0/24', '2a02:c00:30::/64'], local: ['10.129.1.0/24', 'fd00:10:128:ff::/64'] };
    for (const [tenant, own] of Object.entries(prefixes)) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant, prefixes: own });
      new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
      new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network })
        .connect(storage)
        .connect(metrics)
        .connect(internet);
      // Has addresses of its own in the internet, of both families, beside those of its network.
      new Machine(fra, `${tenant}-2`, { rack, primaryNetwork: network }).attach(internet);
    }
  },
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test('there are addresses of both families everywhere', () => {
      const { hosts } = scenario().lab.output.manifest;
      expect(hosts.length).toBe(8);
      for (const { addresses } of hosts) {
        const families = (family: string): readonly string[] =>
          addresses.filter((one) => one.family === family).map(({ network }) => network);
        expect(families('ipv6')).toEqual(families('ipv4'));
        expect(families('ipv4').length).toBeGreaterThan(0);
      }
      for (const lent of ['blue-2', 'local-2'])
        expect(hosts.find(({ name }) => name === lent)?.addresses.length).toBe(4);
    });

    test('IPv4 is seen as the firewall, but where a machine has an address of the internet', () =>
      expectFlows(scenario(), {
        'blue-1 → internet': 'seen as blue-fw@internet',
        'local-1 → internet': 'seen as local-fw@internet',
        'blue-2@internet → internet': 'seen as blue-2@internet',
        'blue-2@internet → blue-1': 'seen as blue-2@internet',
        'blue-1 → blue-2@internet': 'seen as blue-1',
        'blue-1 → storage-1': 'seen as blue-1',
        'blue-1 → metrics-1': 'seen as blue-fw@metrics',
        'storage-1 → blue-1': 'seen as storage-1',
        'metrics-1 → blue-1': NOTHING,
        'internet → blue-1': NOTHING,
        'internet → blue-2@internet': NOTHING,
        'blue-1 → local-1': NOTHING,
      }));

    test('IPv6 is routed with original addresses, unique local ones are kept inside, and nobody opens from outside', () =>
      expectFlows(
        scenario(),
        {
          'blue-1 → internet': 'seen as blue-1',
          'blue-2@internet → internet': 'seen as blue-2@internet',
          'blue-2@internet → blue-1': 'seen as blue-2@internet',
          'blue-1 → blue-2@internet': 'seen as blue-1',
          'local-1 → internet': NOTHING,
          // The machine's own address gets answers, those of its network do not.
          'local-2@internet → internet': 'seen as local-2@internet',
          'local-2@internet → local-1': 'seen as local-2@internet',
          'local-1 → local-2@internet': 'seen as local-1',
          'local-2 → internet': NOTHING,
          'local-2@internet → blue-1': NOTHING,
          'internet → local-2@internet': NOTHING,
          'blue-1 → storage-1': 'seen as blue-1',
          'storage-1 → blue-1': 'seen as storage-1',
          'local-1 → storage-1': 'seen as local-1',
          'blue-1 → metrics-1': NOTHING,
          'metrics-1 → blue-1': NOTHING,
          'internet → blue-1': NOTHING,
          'internet → blue-2@internet': NOTHING,
          'internet → storage-1': NOTHING,
          'storage-1 → internet': NOTHING,
          'blue-1 → local-1': NOTHING,
        },
        'ipv6',
      ));

    test('a machine uses its addresses each for itself', async () => {
      const routes = await done(scenario(), 'internet~isp1', 'ip -6 route; ip -4 route');
      // The world knows the global prefixes, and nothing of what stays inside.
      expect(routes).toContain('2a02:c00:30::/64');
      expect(routes).toContain('185.1.2.0/24');
      expect(routes).not.toContain('fd00:');
      expect(routes).not.toContain('10.129.');
      for (const family of ['ipv4', 'ipv6'] as const) {
        const world = addressOf(scenario(), 'internet', family);
        const ping = (source: string): string => `ping -c 2 -i 0.2 -W 5 -I ${source} ${world}`;
        await done(scenario(), 'blue-2', ping(addressOf(scenario(), 'blue-2', family)));
        await done(scenario(), 'blue-2', ping(addressOf(scenario(), 'blue-2@internet', family)));
      }
    });
  },
  { spines: 1, borderLeaves: 1, superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48', '2a02:c00:30::/48'] },
);
