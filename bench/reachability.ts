import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { Registry } from '../lib/constructs/registry';
import { deriveDevices } from '../lib/device';
import { knownOf, matrixCells, Reachability, snapshotOf } from '../lib/reachability';

/**
 * How the proof of reachability grows with the fabric: `npx tsx bench/reachability.ts [machines …]`. Ten machines and one firewall
 * a network, forty machines a rack, every firewall connected to a shared network with a machine in each rack, to one that hides its
 * consumers, and to the internet. Each size runs in a process of its own where several are given one by one.
 */
const sizes = process.argv.slice(2).map(Number);

function build(outdir: string, ledgerDirectory: string, machines: number): Partition {
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
  const internet = new ExternalNetwork(partition, 'internet', {
    prefixes: ['185.0.0.0/16'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [
      { name: 'isp1', address: '192.0.2.1', asn: 64500 },
      { name: 'isp2', address: '192.0.2.3', asn: 64500 },
    ],
  });
  const storage = new SharedNetwork(partition, 'storage', { project: 'storage', nat: false, ipv4PrefixLength: 16 });
  const metrics = new SharedNetwork(partition, 'metrics', { project: 'ops', nat: true, ipv4PrefixLength: 16 });
  for (const [index, rack] of racks.entries())
    new Machine(partition, `nvme${index}`, { rack, primaryNetwork: storage });
  new Machine(partition, 'metrics1', { rack: rackOf(0), primaryNetwork: metrics });
  for (let network = 0; network < machines / 10; network += 1) {
    const tenant = new PrivateNetwork(partition, `tenant${network}`, { project: `tenant${network}` });
    new Firewall(partition, `fw${network}`, { rack: rackOf(network), primaryNetwork: tenant })
      .connect(storage)
      .connect(metrics)
      .connect(internet);
    for (let index = 0; index < 10; index += 1) {
      const number = network * 10 + index;
      new Machine(partition, `machine${number}`, { rack: rackOf(number), primaryNetwork: tenant });
    }
  }
  return partition;
}

/** With the seconds of CPU, which a busy machine does not stretch as it does those on the clock. */
function timed<T>(work: () => T): readonly [T, number] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1e6];
}

for (const machines of sizes.length === 0 ? [1000] : sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const partition = build(join(folder, 'out'), join(folder, 'lock'), machines);
  const { plan, promises } = Registry.of(partition).compiledPartition(partition);
  const devices = deriveDevices(plan);
  const reachability = new Reachability(() => snapshotOf(plan, devices), knownOf(plan), promises);
  const clock = performance.now();
  const [, read] = timed(() => reachability.routing);
  const [classes, sorted] = timed(() => reachability.classes);
  const [found, proven] = timed(() => [...reachability.faults()]);
  const [cells, filled] = timed(() => [...matrixCells(reachability)]);
  const hosts = plan.machines.length + plan.firewalls.length;
  const seconds = (time: number): string => `${time.toFixed(2)} s`;
  console.log(
    [
      `${machines} machines, ${plan.firewalls.length} firewalls, ${plan.networks.length} networks, ${plan.switches.length} switches`,
      `${hosts} hosts in ${classes.length} classes of networks, ${found.length} faults, ${cells.length} cells of the matrix`,
      `devices read ${seconds(read)}, classes ${seconds(sorted)}, proof ${seconds(proven)}, matrix ${seconds(filled)}, together ${seconds(read + sorted + proven + filled)}`,
      `of CPU; ${seconds((performance.now() - clock) / 1000)} on the clock, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident`,
    ].join('; '),
  );
  rmSync(folder, { recursive: true });
}
