import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType, SharedNetwork } from 'cdktf-metal-fabric';
import { Lab, verify } from '../lib/lab';

/**
 * Boots fabrics of 12, 24 and 48 nodes, and prints the seconds of each phase and the memory of the guest.
 * Usage: npx tsx bench/lab.ts [nodes…]
 */

/** Two spines and two leaves for each rack; the rest are hosts: every fourth a firewall, every fourth serves storage. */
function declare(fra: Partition, nodes: number): void {
  const racks = [...Array(nodes >= 40 ? 4 : nodes >= 20 ? 2 : 1).keys()].map(
    (index) => new Rack(fra, `rack${index + 1}`),
  );
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  const hosts = nodes - 2 - 2 * racks.length;
  let tenant = new PrivateNetwork(fra, 'tenant0', { project: 'tenant0' });
  for (let index = 0; index < hosts; index++) {
    const rack = racks[index % racks.length];
    if (rack === undefined) throw new Error('invariant: there is a rack');
    if (index % 4 === 0) {
      if (index > 0) tenant = new PrivateNetwork(fra, `tenant${index}`, { project: `tenant${index}` });
      new Firewall(fra, `fw${index}`, { rack, primaryNetwork: tenant }).connect(storage);
    } else new Machine(fra, `m${index}`, { rack, primaryNetwork: index % 4 === 1 ? storage : tenant });
  }
}

async function measure(nodes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lab-'));
  try {
    const app = new App({ outdir: join(folder, 'out') });
    const fra = new Partition(new TerraformStack(app, 'fra'), 'fra', {
      superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
      resourceType: ResourceType.TERRAFORM_DATA,
      ledgerDirectory: join(folder, 'lock'),
    });
    declare(fra, nodes);
    app.synth();
    const phases: string[] = [];
    const start = performance.now();
    const lab = await Lab.up(join(folder, 'out'), {
      name: `bench-${process.pid}`,
      watch: { phase: (name, seconds) => void phases.push(`${name} ${seconds.toFixed(1)}`), note: () => undefined },
    });
    try {
      const up = (performance.now() - start) / 1000;
      const { passed, failed } = await verify(lab);
      const all = (performance.now() - start) / 1000;
      const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${lab.guest.pid}/status`, 'utf8'))?.[1] ?? '0';
      console.log(
        `${lab.nodes.length} nodes: up ${up.toFixed(1)} s, verified ${all.toFixed(1)} s, ${Math.round(Number(memory) / 1024)} MiB, ` +
          `${passed} kept, ${failed} not (${phases.join(', ')})`,
      );
    } finally {
      await lab.down();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2).map(Number);
  for (const nodes of asked.length === 0 ? [12, 24, 48] : asked) await measure(nodes);
}

void main();
