import { ExternalNetwork, Firewall, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { addressOf, countedOn, countPackets, done, expectFlows, NOTHING } from './attack';
import { describeFabric } from './scenario';

describeFabric(
  'Consumers of a DMZ reach the internet through it, and only so: hidden in it behind their own firewall, and beyond it behind the firewall of the DMZ.',
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const internet = new ExternalNetwork(fra, 'internet', {
      prefixes: ['185.1.2.0/24'],
      destinationPrefixes: ['0.0.0.0/0'],
      nat: true,
      routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
    });
    const dmz = new SharedNetwork(fra, 'dmz', { project: 'ops', nat: true, destinationPrefixes: ['0.0.0.0/0'] });
    new Machine(fra, 'web-1', { rack, primaryNetwork: dmz });
    new Firewall(fra, 'dmz-fw', { rack, primaryNetwork: dmz }).connect(internet);
    for (const tenant of ['blue', 'green']) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant });
      new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
      new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network }).connect(dmz);
    }
  },
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test('consumers and machines of the DMZ reach the internet as its firewall', () =>
      expectFlows(scenario(), {
        'blue-1 → internet': 'seen as dmz-fw@internet',
        'green-1 → internet': 'seen as dmz-fw@internet',
        'web-1 → internet': 'seen as dmz-fw@internet',
      }));

    test('the DMZ sees its consumers as their firewalls, and nobody opens a connection to them', () =>
      expectFlows(scenario(), {
        'blue-1 → web-1': 'seen as blue-fw@dmz',
        'green-1 → web-1': 'seen as green-fw@dmz',
        'web-1 → blue-1': NOTHING,
        'web-1 → green-1': NOTHING,
        'internet → blue-1': NOTHING,
        'internet → web-1': NOTHING,
        'blue-1 → green-1': NOTHING,
        'green-1 → blue-1': NOTHING,
      }));

    test('a packet to the internet passes the two firewalls in its path, each once, and no third one', async () => {
      const world = addressOf(scenario(), 'internet');
      const firewalls = ['blue-fw', 'green-fw', 'dmz-fw'];
      for (const node of firewalls) await countPackets(scenario(), node, 'forward', { world: `ip daddr ${world}` });
      await done(scenario(), 'blue-1', `ping -c 7 -i 0.2 -W 5 -I ${addressOf(scenario(), 'blue-1')} ${world}`);
      const counted: Record<string, number | undefined> = {};
      for (const node of firewalls) counted[node] = (await countedOn(scenario(), node))['world'];
      expect(counted).toEqual({ 'blue-fw': 7, 'green-fw': 0, 'dmz-fw': 7 });
    });

    test('neither the firewall of the DMZ nor the world learns a route to a consumer', async () => {
      const { lab } = scenario();
      const routes = (node: string): Promise<string> => done(scenario(), node, 'ip -4 route show table all');
      const world = await routes('internet~isp1');
      const firewall = await routes('dmz-fw');
      // The controls: each knows what it is to know.
      expect(world).toContain('185.1.2.0/24');
      expect(firewall).toContain(`${addressOf(scenario(), 'web-1')} `);
      for (const tenant of ['blue', 'green']) {
        const [prefix = ''] = lab.output.manifest.networks.find(({ name }) => name === tenant)?.prefixes ?? [];
        expect(prefix).toMatch(/^10\./);
        for (const said of [world, firewall]) {
          expect(said).not.toContain(prefix);
          expect(said).not.toContain(`${addressOf(scenario(), `${tenant}-1`)} `);
        }
      }
    });
  },
  { spines: 1, borderLeaves: 1 },
);
