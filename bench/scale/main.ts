import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { brokenBudgets } from './budgets';
import { slowerThan } from './compare';
import { type Cut, sizeOf } from './described';
import { takeInventory } from './floor';
import type { Measured, Task } from './measure';
import { printResults, withTables } from './report';
import { type FabricResult, type Machine, median, medianOf, type Results } from './results';

/**
 * Synthesizes fabrics of growing size, and the same amount by cdktf alone; prints tables, writes the results, and fails where a
 * budget is broken or something became slower than the baseline.
 * `--write-baseline` makes this run the baseline, and puts its tables into docs/performance.md.
 *   main.js [--leaves 10,50,…] [--rounds 3] [--seed 1] [--write-baseline]
 */
const ROOT = resolve(__dirname, ...(__dirname.includes('.cache') ? ['..', '..', '..', '..'] : ['..', '..']));
const RESULTS = join(ROOT, '.cache', 'bench-results.json');
const BASELINE = join(ROOT, 'bench', 'baseline.json');
const PAGE = join(ROOT, 'docs', 'performance.md');
const CUTS: readonly Cut[] = ['many', 'few'];

async function main(): Promise<void> {
  const leaves = option('--leaves', '10,50,100,200,1000').split(',').map(Number);
  const rounds = Number(option('--rounds', '3'));
  const seed = Number(option('--seed', '1'));
  const calibrations: number[] = [];
  const fabrics = CUTS.flatMap((cut) => leaves.map((one) => measureFabric(one, cut, rounds, seed, calibrations)));
  const results: Results = { machine: thisMachine(), rounds, calibration: median(calibrations), fabrics };
  console.log(printResults(results));
  write(RESULTS, results);
  const slower = existsSync(BASELINE) ? slowerThan(JSON.parse(readFileSync(BASELINE, 'utf8')) as Results, results) : [];
  if (process.argv.includes('--write-baseline')) {
    write(BASELINE, results);
    await writePage(results);
  }
  for (const one of slower) console.log(`slower than the baseline: ${one}`);
  process.exitCode = slower.length === 0 && brokenBudgets(results).length === 0 ? 0 : 1;
}

function option(name: string, otherwise: string): string {
  const index = process.argv.indexOf(name);
  return index === -1 ? otherwise : (process.argv[index + 1] ?? otherwise);
}

const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory: totalmem(),
  system: `${type()} ${release()}`,
  node: process.versions.node,
});

function write(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** In each round all that is compared, one after another, so that what else the machine does weighs on all alike. */
function measureFabric(leaves: number, cut: Cut, rounds: number, seed: number, calibrations: number[]): FabricResult {
  const runs: Omit<FabricResult, 'cut' | 'size'>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`${cut}: ${leaves} leaves, round ${round + 1} of ${rounds}\n`);
    const folder = mkdtempSync(join(tmpdir(), 'bench-scale-'));
    try {
      calibrations.push(measure({ kind: 'calibration' }).phases.calibration?.cpu ?? 0);
      const fabric = { kind: 'fabric', folder, leaves, cut, seed, grown: false, batch: true } as const;
      const first = measure(fabric);
      const inventory = takeInventory(join(folder, 'out'));
      writeFileSync(join(folder, 'inventory.json'), JSON.stringify(inventory));
      const floor = measure({ kind: 'floor', folder, batch: true });
      const again = measure(fabric);
      const grown = measure({ ...fabric, grown: true });
      rmSync(join(folder, 'out'), { recursive: true });
      rmSync(join(folder, 'lock'), { recursive: true });
      const plain = measure({ ...fabric, batch: false });
      runs.push({ first, floor, again, grown, plain, output: sumOf(inventory) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const [some] = runs;
  if (some === undefined) throw new Error('a bench without rounds');
  return {
    cut,
    size: sizeOf(leaves, cut),
    first: medianOf(runs.map(({ first }) => first)),
    again: medianOf(runs.map(({ again }) => again)),
    grown: medianOf(runs.map(({ grown }) => grown)),
    floor: medianOf(runs.map(({ floor }) => floor)),
    plain: medianOf(runs.map(({ plain }) => plain)),
    output: some.output,
  };
}

function measure(task: Task): Measured {
  const output = execFileSync(process.execPath, [join(__dirname, 'measure.js'), JSON.stringify(task)], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Measured;
}

function sumOf({ stacks, files }: ReturnType<typeof takeInventory>): FabricResult['output'] {
  return {
    files: files.length + stacks.length,
    bytes: files.reduce((sum, [, size]) => sum + size, 0) + stacks.reduce((sum, { bytes }) => sum + bytes, 0),
    resources: stacks.reduce((sum, { resources }) => sum + Object.keys(resources).length, 0),
  };
}

/** The tables of docs/performance.md are those of the baseline. */
async function writePage(results: Results): Promise<void> {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, await format(withTables(page, results), { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}

void main();
