import {
  ExternalNetwork,
  Firewall,
  type INetwork,
  Machine,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { verify } from '../../lib/lab';
import { expectFlows, NOTHING } from './attack';
import { describeFabric, printMismatch } from './scenario';

const TENANTS = ['blue', 'green', 'red', 'cyan', 'teal', 'lime', 'pink'] as const;

describeFabric(
  'Forty nodes in four racks: seven tenants, two services and the internet keep every promise at once.',
  (fra) => {
    const racks = [1, 2, 3, 4].map((index) => new Rack(fra, `rack${index}`));
    let placed = 0;
    // Round robin, so that what belongs together stands apart.
    const rack = (): Rack => racks[placed++ % racks.length] as Rack;
    const machines = (network: INetwork, name: string, count: number): void => {
      for (let index = 1; index <= count; index++) {
        new Machine(fra, `${name}-${index}`, { rack: rack(), primaryNetwork: network });
      }
    };
    const internet = new ExternalNetwork(fra, 'internet', {
      prefixes: ['185.1.2.0/24'],
      destinationPrefixes: ['0.0.0.0/0'],
      nat: true,
      routers: [
        { name: 'isp1', address: '192.0.2.1', asn: 64500 },
        { name: 'isp2', address: '192.0.2.3', asn: 64500 },
      ],
    });
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    machines(storage, 'storage', 2);
    new Firewall(fra, 'storage-fw', { rack: rack(), primaryNetwork: storage }).connect(internet);
    const metrics = new SharedNetwork(fra, 'metrics', { project: 'ops', nat: true });
    machines(metrics, 'metrics', 1);
    for (const [index, tenant] of TENANTS.entries()) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant });
      machines(network, tenant, 2);
      const firewall = new Firewall(fra, `${tenant}-fw`, { rack: rack(), primaryNetwork: network }).connect(storage);
      if (index % 2 === 0) firewall.connect(metrics);
      firewall.connect(internet);
    }
  },
  (scenario) => {
    test('there are forty nodes', () => {
      const { nodes } = scenario().lab;
      const count = (role: string): number => nodes.filter((node) => node.role === role).length;
      expect(nodes.length).toBe(40);
      expect([count('spine'), count('border-leaf'), count('leaf'), count('firewall'), count('machine')]).toEqual([
        2, 2, 8, 8, 17,
      ]);
    });

    test('every promise is kept', async () => {
      const { checks, passed } = await verify(scenario().lab, { settlingSeconds: 120 });
      if (process.env['LAB_TIMES'] !== undefined) {
        const told = checks.map(({ name, seconds, passed: kept }) => `${name} ${kept} in ${seconds.toFixed(1)} s`);
        process.stderr.write(`verified: ${told.join(', ')}\n`);
      }
      expect(checks.flatMap(({ mismatches }) => mismatches).map(printMismatch)).toEqual([]);
      expect(passed).toBeGreaterThan(3000);
    }, 600_000);

    test('the far ends of the fabric, in words', () =>
      expectFlows(scenario(), {
        'blue-1 → blue-2': 'seen as blue-1',
        'blue-1 → storage-2': 'seen as blue-1',
        'storage-1 → pink-2': 'seen as storage-1',
        'pink-2 → metrics-1': 'seen as pink-fw@metrics',
        'lime-2 → metrics-1': NOTHING,
        'lime-2 → internet': 'seen as lime-fw@internet',
        'storage-2 → internet': 'seen as storage-fw@internet',
        'metrics-1 → pink-2': NOTHING,
        'blue-1 → green-1': NOTHING,
        'internet → storage-1': NOTHING,
      }));
  },
);
