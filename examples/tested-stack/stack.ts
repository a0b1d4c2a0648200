import { type App, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  Partition,
  Policy,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
} from 'cdktf-metal-fabric';

/** A partition with two tenants and a service, in a function, so that tests can declare it too. */
export function declareFabric(app: App, ledgerDirectory = 'fabric.lock') {
  const fra = new Partition(new TerraformStack(app, 'fra-equ01'), 'fra-equ01', {
    superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
    resourceType: ResourceType.TERRAFORM_DATA,
    ledgerDirectory,
  });
  const rack = new Rack(fra, 'rack1');
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
  });
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  const nvme = new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage, ip: '10.128.0.10' });

  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const blue1 = new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
  new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue })
    .connect(storage)
    .connect(internet, { ip: '185.1.2.10', allow: [Flow.to('0.0.0.0/0').tcp(80, 443)] });

  const green = new PrivateNetwork(fra, 'green', { project: 'green' });
  const green1 = new Machine(fra, 'green-1', { rack, primaryNetwork: green });
  new Firewall(fra, 'green-fw', { rack, primaryNetwork: green }).connect(storage);

  // Whatever is declared later: the tenants stay apart.
  fra.require(Policy.isolated(blue, green));
  return { fra, internet, storage, nvme, blue, blue1, green, green1 };
}
