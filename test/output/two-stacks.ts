import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType, SharedNetwork } from 'cdktf-metal-fabric';

export interface Size {
  readonly racks: number;
  readonly machinesPerRack: number;
}

/** Two stacks with a partition each, `fra` and `muc`. The new app has a further rack, and lacks a machine of the old one. */
export function declareTwoStacks(folder: string, version: 'old' | 'new', { racks, machinesPerRack }: Size): App {
  const app = new App({ outdir: join(folder, 'out') });
  for (const name of ['fra', 'muc']) {
    const stack = new TerraformStack(app, name);
    // By default cdktf names its file by the whole path of the folder that the app is run in.
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    const partition = new Partition(stack, name, {
      superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
      resourceType: ResourceType.TERRAFORM_DATA,
      ledgerDirectory: join(folder, 'lock'),
    });
    const storage = new SharedNetwork(partition, 'storage', { project: 'storage', nat: false });
    const blue = new PrivateNetwork(partition, 'blue', { project: 'blue' });
    const all = Array.from({ length: version === 'old' ? racks : racks + 1 }, (_, index) => {
      const rack = new Rack(partition, `rack${index + 1}`);
      for (let machine = 1; machine <= machinesPerRack; machine += 1) {
        if (version === 'new' && index === 0 && machine === 1) continue;
        const network = machine % 2 === 0 ? storage : blue;
        new Machine(partition, `machine${index + 1}-${machine}`, { rack, primaryNetwork: network });
      }
      return rack;
    });
    const [rack] = all;
    if (rack === undefined) throw new Error('a fabric without racks');
    new Firewall(partition, 'blue-fw', { rack, primaryNetwork: blue }).connect(storage);
  }
  return app;
}
