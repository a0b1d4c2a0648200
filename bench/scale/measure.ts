import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cost, NOTHING, now, Stopwatch } from './cost';
import { type Cut, describeFabric, sizeOf, withOneMore } from './described';
import type { Inventory } from './floor';

/** What one process is to measure. It works in a folder: `out`, `lock`, and for the floor `inventory.json`. */
export type Task =
  | { readonly kind: 'calibration' }
  | {
      readonly kind: 'fabric';
      readonly folder: string;
      readonly leaves: number;
      readonly cut: Cut;
      readonly seed: number;
      /** Whether there is one machine more than at first. */
      readonly grown: boolean;
      /** Whether the app imports `cdktf-metal-fabric/batch`. */
      readonly batch: boolean;
    }
  | { readonly kind: 'floor'; readonly folder: string; readonly batch: boolean };

export interface Measured {
  readonly phases: Readonly<Record<string, Cost>>;
  /** The whole process, from its start on. */
  readonly whole: Cost;
  /** The most that was resident, in bytes. */
  readonly memory: number;
}

/** Does the task, and says on stdout what it took. A process does one, so that none profits from what another left warm. */
async function main(): Promise<void> {
  const watch = new Stopwatch();
  const work = await prepare(JSON.parse(process.argv[2] ?? '') as Task, watch);
  // What is loaded by now is what the task needs, and no more.
  const loaded = now();
  const spared = work();
  const { cpu, wall } = now();
  const measured: Measured = {
    phases: { load: loaded, ...Object.fromEntries(watch.costs) },
    whole: { cpu: cpu - spared.cpu, wall: wall - spared.wall },
    memory: process.resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(measured));
}

/** The work, which gives back what of it belongs to the bench and not to what it measures. */
async function prepare(task: Task, watch: Stopwatch): Promise<() => Cost> {
  const describe = <T>(work: () => T): T => watch.measure('describe', work);
  const described = (): Cost => watch.costs.get('describe') ?? NOTHING;
  if (task.kind !== 'calibration' && task.batch) await import('../../lib/batch.js');
  switch (task.kind) {
    case 'calibration': {
      const { calibrate } = await import('./calibrate.js');
      return () => {
        watch.measure('calibration', calibrate);
        return NOTHING;
      };
    }
    case 'fabric': {
      const { declareFabric } = await import('./fabric.js');
      const { folder, leaves, cut, seed, grown } = task;
      return () => {
        const partitions = describe(() => {
          const described = describeFabric(sizeOf(leaves, cut), seed);
          return grown ? withOneMore(described) : described;
        });
        const place = { outdir: join(folder, 'out'), ledgerDirectory: join(folder, 'lock') };
        watch.measure('construct', () => declareFabric(partitions, place)).synth();
        return described();
      };
    }
    case 'floor': {
      const { synthesizeBare } = await import('./floor.js');
      return () => {
        const file = join(task.folder, 'inventory.json');
        const inventory = describe(() => JSON.parse(readFileSync(file, 'utf8')) as Inventory);
        synthesizeBare(inventory, join(task.folder, 'bare'), watch);
        return described();
      };
    }
  }
}

void main();
