import { App, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  InternetAccess,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
} from 'cdktf-metal-fabric';

// Machines of a shared network reach the internet in one of two ways: by a firewall of their own, or by an HTTP proxy.
const app = new App();
const stack = new TerraformStack(app, 'fra-equ01');

const fra = new Partition(stack, 'fra-equ01', {
  superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
  resourceType: ResourceType.TERRAFORM_DATA,
});
const rack = new Rack(fra, 'rack1');

const internet = new ExternalNetwork(fra, 'internet', {
  prefixes: ['185.1.2.0/24'],
  destinationPrefixes: ['0.0.0.0/0'],
  nat: true,
  routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
});

// By a firewall of its own: all that goes to the internet passes it.
const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
storage.internetAccess(InternetAccess.viaFirewall());
new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
new Firewall(fra, 'storage-fw', { rack, primaryNetwork: storage }).connect(internet);

// By a proxy: a pod in the cluster of project blue, exposed on a NodePort of its node blue-1. The way there is through the
// firewall of blue, which is connected to the shared network.
const blue = new PrivateNetwork(fra, 'blue', { project: 'blue', prefixes: ['10.129.0.0/22'] });
new Machine(fra, 'blue-1', { rack, primaryNetwork: blue, ip: '10.129.0.5' });
const backup = new SharedNetwork(fra, 'backup', { project: 'ops', nat: false });
backup.internetAccess(InternetAccess.viaProxy({ address: '10.129.0.5', port: 31280 }));
new Machine(fra, 'tape-1', { rack, primaryNetwork: backup });
new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(backup).connect(internet);

app.synth();
