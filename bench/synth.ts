import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType, SharedNetwork } from 'cdktf-metal-fabric';

/**
 * How synthesis grows with the fabric: `npx tsx bench/synth.ts [machines …]`. Ten machines and one firewall a network, forty
 * machines a rack, every firewall connected to one shared network. Each size runs in an app of its own, once with an empty
 * ledger and once with the ledger of the first run.
 */
const sizes = process.argv.slice(2).map(Number);

function build(outdir: string, ledgerDirectory: string, machines: number): App {
  const app = new App({ outdir });
  const partition = new Partition(new TerraformStack(app, 'bench'), 'bench', {
    superNetworks: ['10.0.0.0/9', 'fd00::/32'],
    ipv4PrefixLength: 26,
    spines: 4,
    vlanPool: { first: 1001, last: 4094 },
    switchPorts: 512,
    resourceType: ResourceType.TERRAFORM_DATA,
    ledgerDirectory,
  });
  const racks = Array.from({ length: Math.ceil(machines / 40) }, (_, index) => new Rack(partition, `rack${index}`));
  const rackOf = (index: number): Rack => {
    const rack = racks[index % racks.length];
    if (rack === undefined) throw new Error('a bench without racks');
    return rack;
  };
  const storage = new SharedNetwork(partition, 'storage', { project: 'storage', nat: false, ipv4PrefixLength: 16 });
  for (let network = 0; network < machines / 10; network += 1) {
    const tenant = new PrivateNetwork(partition, `tenant${network}`, { project: `tenant${network}` });
    new Firewall(partition, `fw${network}`, { rack: rackOf(network), primaryNetwork: tenant }).connect(storage);
    for (let index = 0; index < 10; index += 1) {
      const number = network * 10 + index;
      new Machine(partition, `machine${number}`, { rack: rackOf(number), primaryNetwork: tenant });
    }
  }
  return app;
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

for (const machines of sizes.length === 0 ? [100, 1000] : sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  for (const run of ['first', 'again']) {
    let app: App | undefined;
    const declare = time(() => (app = build(join(folder, 'out'), join(folder, 'lock'), machines)));
    const synth = time(() => app?.synth());
    const memory = Math.round(process.memoryUsage().rss / 1e6);
    console.log(
      `${machines} machines, ${run}: declare ${declare.toFixed(2)} s, synth ${synth.toFixed(2)} s, ${memory} MB resident`,
    );
  }
  rmSync(folder, { recursive: true });
}
