import { Firewall, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { type Declare, describeFabric } from './scenario';

/** Two tenants and a service, each tenant behind a firewall of its own: the pictures of the specification. */
const sharedBy =
  (nat: boolean): Declare =>
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat });
    new Machine(fra, 'storage-1', { rack, primaryNetwork: storage });
    new Machine(fra, 'storage-2', { rack, primaryNetwork: storage });
    for (const tenant of ['blue', 'green']) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant });
      new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
      new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network }).connect(storage);
    }
  };

describeFabric(
  'Without NAT, tenants and the shared network reach one another with their own addresses, and tenants do not reach tenants.',
  sharedBy(false),
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());
  },
);

describeFabric(
  'With NAT, the shared network sees the firewalls only, and knows no way to the tenants behind them.',
  sharedBy(true),
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test('no machine of the shared network has a route to a tenant', async () => {
      const { lab, shell } = scenario();
      const tenants = lab.output.manifest.networks.filter(({ shared }) => !shared).flatMap(({ prefixes }) => prefixes);
      expect(tenants.length).toBe(4);
      const { out } = await shell('storage-1', 'ip -4 route; ip -6 route');
      // The control: it does have routes, to the firewalls' addresses in its own network.
      expect(out.split('\n').filter((line) => line.includes('proto bgp')).length).toBeGreaterThan(2);
      for (const host of lab.output.manifest.hosts.filter(({ network }) => network !== 'storage')) {
        for (const { network, address } of host.addresses) {
          if (network !== 'storage') expect(out).not.toContain(`${address} `);
        }
      }
    });
  },
);
