import { App, TerraformStack, TerraformVariable } from 'cdktf';
import {
  Firewall,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  Rollout,
  SharedNetwork,
  Target,
} from 'cdktf-metal-fabric';

// The devices themselves are changed, over SSH through a bastion; two of them before all others.
const app = new App();
const stack = new TerraformStack(app, 'fra-equ01');

const key = new TerraformVariable(stack, 'ssh_key', { type: 'string', sensitive: true });
const target = Target.ssh({
  user: 'fabric',
  domain: 'fra-equ01.example.net',
  privateKey: key.stringValue,
  // Of the CA that signed the host keys of all devices.
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
  bastion: {
    host: 'jump.example.net',
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/',
  },
});

const fra = new Partition(stack, 'fra-equ01', {
  superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
  resourceType: ResourceType.TERRAFORM_DATA,
  target,
});
const rack1 = new Rack(fra, 'rack1');
const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
new Machine(fra, 'nvme-1', { rack: rack1, primaryNetwork: storage });

const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
const firewall = new Firewall(fra, 'blue-fw', {
  rack: rack1,
  primaryNetwork: blue,
  managementAddress: 'fd00:10:0:1::17',
}).connect(storage);

fra.rollOut(Rollout.canary([...fra.spines.slice(0, 1), firewall]));

app.synth();
