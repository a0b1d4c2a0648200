import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, LocalBackend, PgBackend, TerraformStack } from 'cdktf';
import { Partition, ResourceType, Target } from '../lib';
import { freePort } from '../lib/lab/free-port';
import { describeFabric, type DescribedPartition, type Size } from './scale/described';
import { declarePartition } from './scale/fabric';

/**
 * What Terraform takes to plan and to apply fabrics of 100, 400 and 1,000 devices into folders: in one stack and split over five
 * that run at a time, with local state and with PostgreSQL. Usage: npx tsx bench/terraform.ts [devices …]
 */
const ROOT = resolve(__dirname, '..');
const STACKS = 5;
/** Spines and border leaves of each partition. */
const FIXED = 6;

type State = 'local' | 'postgres';

/** A partition has twice as many machines as it has leaves and firewalls; the rest of the devices are machines too. */
function sizeFor(devices: number, partitions: number): Size {
  const racks = Math.max(1, Math.floor((devices / partitions - FIXED) / 9)) * partitions;
  const firewalls = racks;
  return {
    leaves: racks * 2,
    firewalls,
    machines: devices - partitions * FIXED - racks * 2 - firewalls,
    networks: racks * 2 + partitions * 3,
    partitions,
  };
}

const countOf = ({ racks, firewalls, machines }: DescribedPartition): number =>
  FIXED + racks * 2 + firewalls.length + machines.length;

interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs Terraform in all folders at a time. */
async function terraform(folders: readonly string[], rc: string, ...words: readonly string[]): Promise<Took> {
  const start = performance.now();
  const runs = await Promise.allSettled(folders.map((folder) => runOne(folder, rc, words)));
  const wall = (performance.now() - start) / 1000;
  let cpu = 0;
  for (const run of runs) {
    if (run.status === 'rejected') throw run.reason;
    cpu += run.value;
  }
  return { wall, cpu };
}

/** Gives back the CPU seconds of Terraform and of what it runs, as bash counts them. */
function runOne(folder: string, rc: string, words: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time terraform "$@" >/dev/null', 'bash', ...words], {
      cwd: folder,
      env: { ...process.env, TF_CLI_CONFIG_FILE: rc, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    child.once('error', fail);
    child.once('close', (code) => {
      const [user, system] = (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (code !== 0 || user === undefined || system === undefined)
        fail(new Error(`terraform ${words.join(' ')}: ${said}`));
      else done(user + system);
    });
  });
}

/** @param databases gives a new database with each call */
async function measure(devices: number, partitions: number, state: State, databases: () => string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-terraform-'));
  try {
    const rc = join(folder, 'terraform.rc');
    // Nothing of the user's: no mirrors, no credentials.
    writeFileSync(rc, '');
    const described = describeFabric(sizeFor(devices, partitions), 1);
    const app = new App({ outdir: join(folder, 'out') });
    for (const one of described) {
      const stack = new TerraformStack(app, one.name);
      if (state === 'local') new LocalBackend(stack, { path: 'terraform.tfstate' });
      else new PgBackend(stack, { connStr: databases(), schemaName: 'terraform' });
      const partition = new Partition(stack, one.name, {
        superNetworks: ['10.0.0.0/9', 'fd00:10::/32'],
        ipv4PrefixLength: 24,
        spines: 4,
        switchPorts: 512,
        resourceType: ResourceType.TERRAFORM_DATA,
        ledgerDirectory: join(folder, 'lock'),
        target: Target.directory(join(folder, 'devices', one.name)),
      });
      declarePartition(partition, one, (list) => list);
    }
    app.synth();
    const folders = described.map(({ name }) => join(folder, 'out', 'stacks', name));
    await terraform(folders, rc, 'init', '-no-color');
    const plan = await terraform(folders, rc, 'plan', '-no-color', '-out=plan');
    const apply = await terraform(folders, rc, 'apply', '-no-color', 'plan');
    const again = await terraform(folders, rc, 'plan', '-no-color', '-detailed-exitcode');
    const count = described.reduce((sum, one) => sum + countOf(one), 0);
    const cells = [plan, apply, again].flatMap(({ wall, cpu }) => [wall.toFixed(1), cpu.toFixed(1)]);
    return `| ${[count, partitions, state, ...cells].join(' | ')} |`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Does the work with a server of its own; without one, with undefined, loudly. Stacks in one database would share a lock until each
 * has its first state.
 */
async function withPostgres(work: (databases: (() => string) | undefined) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
  const tool = join(ROOT, 'tools', 'postgres');
  try {
    // The server runs as another user where this is root.
    spawnSync('chmod', ['755', folder]);
    const database = join(folder, 'database');
    const { status } = spawnSync(tool, ['start', database, String(await freePort())], { stdio: 'inherit' });
    if (status === 3) {
      console.error('!! no PostgreSQL: state in PostgreSQL is NOT measured');
      await work(undefined);
      return;
    }
    if (status !== 0) throw new Error('the PostgreSQL server does not start');
    const stop = (): void => void spawnSync(tool, ['stop', database], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stop();
        process.exit(1);
      });
    }
    let count = 0;
    const databases = (): string => {
      count += 1;
      const made = spawnSync(tool, ['create', database, `state${count}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (made.status !== 0) throw new Error('no database can be made');
      return made.stdout.trim();
    };
    try {
      await work(databases);
    } finally {
      stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2).map(Number);
  console.log(
    '| devices | stacks | state | plan, wall s | CPU s | apply, wall s | CPU s | plan again, wall s | CPU s |',
  );
  console.log('| --: | --: | --- | --: | --: | --: | --: | --: | --: |');
  await withPostgres(async (databases) => {
    for (const devices of asked.length === 0 ? [100, 400, 1000] : asked) {
      for (const partitions of [1, STACKS]) {
        console.log(await measure(devices, partitions, 'local', () => ''));
        if (databases !== undefined) console.log(await measure(devices, partitions, 'postgres', databases));
      }
    }
  });
}

void main();
