import { App, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  Partition,
  type PartitionProps,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
  Target,
} from 'cdktf-metal-fabric';

/** What `examples/multiple-consumers` declares, with other settings of the partition. A test holds the two together. */
export function multipleConsumers(outdir: string, settings: Partial<PartitionProps> = {}): App {
  const app = new App({ outdir });
  const fra = new Partition(new TerraformStack(app, 'fra-equ01'), 'fra-equ01', {
    superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
    resourceType: ResourceType.TERRAFORM_DATA,
    target: Target.directory('devices'),
    ...settings,
  });
  const [rack1, rack2] = [new Rack(fra, 'rack1'), new Rack(fra, 'rack2')];
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [
      { name: 'isp1', address: '192.0.2.1', asn: 64500 },
      { name: 'isp2', address: '192.0.2.3', asn: 64500 },
    ],
  });
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false, description: 'NVMe over TCP' });
  new Machine(fra, 'nvme-1', { rack: rack1, primaryNetwork: storage, ip: '10.128.0.10' });
  new Machine(fra, 'nvme-2', { rack: rack2, primaryNetwork: storage });
  const monitoring = new SharedNetwork(fra, 'monitoring', { project: 'ops', nat: true });
  new Machine(fra, 'metrics-1', { rack: rack1, primaryNetwork: monitoring });
  for (const tenant of ['blue', 'green', 'red']) {
    const network = new PrivateNetwork(fra, tenant, { project: tenant });
    new Machine(fra, `${tenant}-1`, { rack: rack1, primaryNetwork: network });
    new Machine(fra, `${tenant}-2`, { rack: rack2, primaryNetwork: network });
    new Firewall(fra, `${tenant}-fw`, { rack: rack2, primaryNetwork: network })
      .connect(storage)
      .connect(monitoring)
      .connect(internet, { allow: [Flow.to('0.0.0.0/0').tcp(80, 443).comment('the web, and nothing else')] });
  }
  return app;
}
