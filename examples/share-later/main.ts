import { App, TerraformStack } from 'cdktf';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType } from 'cdktf-metal-fabric';

// A network is marked as shared after it was allocated: a Kubernetes cluster starts to offer a service. Run it once as it
// is, then with SHARED=1. Nothing of the network changes but who may use it; and there is no way back.
const app = new App();
const stack = new TerraformStack(app, 'fra-equ01');

const fra = new Partition(stack, 'fra-equ01', {
  superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
  resourceType: ResourceType.TERRAFORM_DATA,
});
const rack = new Rack(fra, 'rack1');

const cluster = new PrivateNetwork(fra, 'cluster', { project: 'ops' });
new Machine(fra, 'node-1', { rack, primaryNetwork: cluster });
new Machine(fra, 'node-2', { rack, primaryNetwork: cluster });

const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
const firewall = new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue });

if (process.env.SHARED === '1') firewall.connect(cluster.share({ nat: true }));

app.synth();
