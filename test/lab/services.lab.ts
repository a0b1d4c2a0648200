import { Firewall, Machine, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { expectFlows, NOTHING } from './attack';
import { describeFabric } from './scenario';

describeFabric(
  'Several services on one firewall: each sees its consumers as it asks for, calls back only whom it sees as they are, and reaches no other service.',
  (fra) => {
    const rack = new Rack(fra, 'rack1');
    const archive = new SharedNetwork(fra, 'archive', { project: 'ops', nat: false });
    const metrics = new SharedNetwork(fra, 'metrics', { project: 'ops', nat: true });
    const vault = new SharedNetwork(fra, 'vault', { project: 'ops', nat: false });
    vault.exposedTo('blue');
    for (const service of [archive, metrics, vault]) {
      new Machine(fra, `${service.node.id}-1`, { rack, primaryNetwork: service });
    }
    const tenants = { blue: [archive, metrics, vault], green: [archive, metrics] };
    for (const [tenant, services] of Object.entries(tenants)) {
      const network = new PrivateNetwork(fra, tenant, { project: tenant });
      new Machine(fra, `${tenant}-1`, { rack, primaryNetwork: network });
      const firewall = new Firewall(fra, `${tenant}-fw`, { rack, primaryNetwork: network });
      for (const service of services) firewall.connect(service);
    }
  },
  (scenario) => {
    test('every promise is kept', () => scenario().expectKept());

    test('consumers reach the services that their firewall is connected to, seen as these ask for', () =>
      expectFlows(scenario(), {
        'blue-1 → archive-1': 'seen as blue-1',
        'blue-1 → metrics-1': 'seen as blue-fw@metrics',
        'blue-1 → vault-1': 'seen as blue-1',
        'green-1 → archive-1': 'seen as green-1',
        'green-1 → metrics-1': 'seen as green-fw@metrics',
      }));

    test('what is not exposed to a project is not reached from there, by no service it shares with others', () =>
      expectFlows(scenario(), {
        'blue-1 → vault-1': 'seen as blue-1',
        'green-1 → vault-1': NOTHING,
        'vault-1 → green-1': NOTHING,
        'green-1 → blue-1': NOTHING,
      }));

    test('a machine of a service, without a firewall, calls back the consumers it sees, and no hidden ones', () =>
      expectFlows(scenario(), {
        'archive-1 → blue-1': 'seen as archive-1',
        'archive-1 → green-1': 'seen as archive-1',
        'vault-1 → blue-1': 'seen as vault-1',
        'metrics-1 → blue-1': NOTHING,
        'metrics-1 → green-1': NOTHING,
      }));

    test('no service reaches another one through the firewall that both are connected to', () =>
      expectFlows(scenario(), {
        'archive-1 → blue-1': 'seen as archive-1',
        'archive-1 → metrics-1': NOTHING,
        'archive-1 → vault-1': NOTHING,
        'metrics-1 → archive-1': NOTHING,
        'metrics-1 → vault-1': NOTHING,
        'vault-1 → archive-1': NOTHING,
        'vault-1 → metrics-1': NOTHING,
      }));

    test('by IPv6, a service that hides its consumers has no path to them in either direction', () =>
      expectFlows(
        scenario(),
        {
          'blue-1 → archive-1': 'seen as blue-1',
          'archive-1 → blue-1': 'seen as archive-1',
          'blue-1 → metrics-1': NOTHING,
          'metrics-1 → blue-1': NOTHING,
          'metrics-1 → archive-1': NOTHING,
        },
        'ipv6',
      ));
  },
  { spines: 1 },
);
