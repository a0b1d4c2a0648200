import { Firewall, Machine, NatPolicy, type Partition, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import { findingsOf, Scratch } from '../constructs/app';

// Private networks that never meet may overlap (docs/decisions/0005): an address is then that of several hosts, each in its own network.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface Tenant {
  readonly network: PrivateNetwork;
  readonly firewall: Firewall;
}

function tenantsOf(fra: Partition, rack: Rack, ...prefixes: readonly string[]): readonly Tenant[] {
  return prefixes.map((prefix, index) => {
    const name = `tenant${index}`;
    const network = new PrivateNetwork(fra, name, { project: name, prefixes: [prefix] });
    new Machine(fra, `${name}-1`, { rack, primaryNetwork: network, ip: '10.130.0.1' });
    return {
      network,
      firewall: new Firewall(fra, `${name}-fw`, { rack, primaryNetwork: network, ip: `10.130.0.${index + 1}0` }),
    };
  });
}

test.each([
  ['of the same prefix', '10.130.0.0/24'],
  ['of which one holds the other', '10.130.0.0/16'],
])('tenants %s, each behind translation, keep what is promised', (_, other) => {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const rack = new Rack(fra, 'rack1');
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: true });
  new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
  for (const { firewall } of tenantsOf(fra, rack, '10.130.0.0/24', other)) firewall.connect(storage);
  expect(findingsOf(app)).toEqual([]);
});

test('a host reaches the one of its own network, not another tenant’s of the same address', () => {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const rack = new Rack(fra, 'rack1');
  const [one] = tenantsOf(fra, rack, '10.130.0.0/24', '10.130.0.0/24');
  new Machine(fra, 'tenant0-2', { rack, primaryNetwork: one!.network, ip: '10.130.0.2' });
  new Machine(fra, 'tenant0-3', { rack, primaryNetwork: one!.network, ip: '10.130.0.20' });
  expect(findingsOf(app)).toEqual([]);
});

test('where one of them is seen as it is, the address is that one’s', () => {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const rack = new Rack(fra, 'rack1');
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
  const [one, other] = tenantsOf(fra, rack, '10.130.0.0/24', '10.130.0.0/24');
  one!.firewall.connect(storage);
  other!.firewall.connect(storage, { nat: NatPolicy.masquerade() });
  expect(findingsOf(app)).toEqual([]);
});
