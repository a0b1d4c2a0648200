import { App, TerraformStack } from 'cdktf';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType, SharedNetwork } from 'cdktf-metal-fabric';

// One tenant uses a storage service. Its machines reach it through their own firewall, and no second one.
const app = new App();
const stack = new TerraformStack(app, 'fra-equ01');

const fra = new Partition(stack, 'fra-equ01', {
  superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
  resourceType: ResourceType.TERRAFORM_DATA,
});
const rack1 = new Rack(fra, 'rack1');
const rack2 = new Rack(fra, 'rack2');

// The storage machines stand in the shared network itself, without a firewall.
const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
new Machine(fra, 'nvme-1', { rack: rack1, primaryNetwork: storage, ip: '10.128.0.10' });
new Machine(fra, 'nvme-2', { rack: rack1, primaryNetwork: storage });

const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
new Machine(fra, 'blue-1', { rack: rack2, primaryNetwork: blue });
new Machine(fra, 'blue-2', { rack: rack2, primaryNetwork: blue });
new Firewall(fra, 'blue-fw', { rack: rack2, primaryNetwork: blue }).connect(storage);

app.synth();
