import { App, PgBackend, TerraformStack } from 'cdktf';
import { Machine, Partition, PrivateNetwork, Rack, ResourceType } from 'cdktf-metal-fabric';

// Two failure domains, planned and applied apart, with their state in PostgreSQL.

const app = new App();
for (const name of ['fra-equ01', 'fra-equ02']) {
  const stack = new TerraformStack(app, name);
  // The password is no part of it: PGPASSWORD.
  new PgBackend(stack, { connStr: `postgres://terraform@state.example.com/${name}` });
  const partition = new Partition(stack, name, {
    superNetworks: ['10.128.0.0/14'],
    resourceType: ResourceType.TERRAFORM_DATA,
  });
  const rack = new Rack(partition, 'rack1');
  const blue = new PrivateNetwork(partition, 'blue', { project: 'blue' });
  new Machine(partition, 'blue-1', { rack, primaryNetwork: blue });
}
app.synth();
