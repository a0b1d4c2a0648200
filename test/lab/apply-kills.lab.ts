import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { Firewall, Machine, type Partition, PrivateNetwork, Rack, SharedNetwork } from 'cdktf-metal-fabric';
import type { Session } from '../../lib/lab';
import { type Deployment, describeSite, ran, type Site, type TerraformRun } from './applied';
import type { Declare } from './scenario';

/** How many kills; a hundred take most of an hour under emulation. */
const KILLS = Number(process.env['METAL_FABRIC_KILLS'] ?? 6);

/** Two states that differ on every device of `DEVICES`, in interfaces, routes and filters. */
const declared =
  (later: boolean): Declare =>
  (fra: Partition) => {
    const rack = new Rack(fra, 'rack1');
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
    new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
    const firewall = new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(storage);
    if (later) firewall.connect(new SharedNetwork(fra, 'metrics', { project: 'ops', nat: true }));
  };

const DEVICES = ['rack1-leaf1', 'rack1-leaf2', 'blue-fw'] as const;
const CONFIRM = 15;
/** How long a whole change is taken to last at first, in seconds; later, as long as the last one of the device. */
const CHANGE = 20;
/** The part of the kills that come while files are copied, and how long that lasts in seconds. */
const [WHILE_COPYING, COPYING] = [0.1, 4] as const;

jest.setTimeout(5_400_000);

describeSite(
  'Whatever is killed in the middle of a change, the device is wholly old or wholly new, and the next apply converges.',
  { first: declared(false), largest: declared(true) },
  (site) => {
    let states: readonly [Deployment, Deployment];

    test('the fabric is up, in both states once', async () => {
      states = [site().synthesize('early', declared(false)), site().synthesize('late', declared(true))];
      for (const state of [...states].reverse()) {
        const { exit, output } = await site().apply(state);
        if (exit !== 0) throw new Error(output);
      }
      for (const device of DEVICES)
        expect(provisionersOf(states[0], device)).not.toEqual(provisionersOf(states[1], device));
    });

    test(`${KILLS} kills`, async () => {
      const random = numbers(4711);
      const kills: Kill[] = Array.from({ length: KILLS }, (_, index) => ({
        victim: CHOSEN[index % CHOSEN.length] ?? 'session',
        moment: random(),
      }));
      const results: Result[] = [];
      const lanes = await Promise.all(
        DEVICES.map(async (device): Promise<Lane> => {
          return { site: site(), session: await site().lab.openSession(), device, lasts: CHANGE, at: 0 };
        }),
      );
      const strikeFrom = async (lane: Lane, some: Kill[]): Promise<void> => {
        for (let next = some.shift(); next !== undefined; next = some.shift()) {
          const to = lane.at === 0 ? 1 : 0;
          results.push(await strike(lane, next, states[lane.at], states[to]));
          lane.at = to;
          process.stderr.write(`${results.length} of ${KILLS}: ${JSON.stringify(results.at(-1))}\n`);
        }
      };
      // Each device has one change at a time, and all have one at the same time. But a device without power takes its
      // sessions with it: a neighbor that is being changed would rightly go back.
      for (let turn = 0; kills.length > 0; turn += 1) {
        const next = kills.findIndex(({ victim }) => victim === 'power');
        const before = kills.splice(0, next === -1 ? kills.length : next);
        await Promise.all(lanes.map((lane) => strikeFrom(lane, before)));
        const alone = lanes[turn % lanes.length];
        if (alone !== undefined) await strikeFrom(alone, kills.splice(0, 1));
      }
      for (const { session } of lanes) session.close();
      process.stderr.write(`${tableOf(results)}\n`);
      expect(results).toHaveLength(KILLS);
      expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    });
  },
  { health: 60, confirm: CONFIRM },
);

/** What is killed: the connection, the shell that changes the device, the one that watches it, both, or the device itself. */
const VICTIMS = ['session', 'worker', 'watcher', 'program', 'power'] as const;

/** `METAL_FABRIC_VICTIM=power` kills nothing else. */
const CHOSEN = VICTIMS.filter((victim) => victim === (process.env['METAL_FABRIC_VICTIM'] ?? victim));

interface Kill {
  readonly victim: (typeof VICTIMS)[number];
  /** 0 is when the change is asked for, `WHILE_COPYING` when all is copied, 1 when it would be over. */
  readonly moment: number;
}

interface Result extends Kill {
  readonly device: string;
  readonly phase: string;
  readonly outcome: 'old' | 'new' | 'neither';
  /** What whoever asked for the change was told last. */
  readonly said: string;
  readonly problems: readonly string[];
}

/** A device that is struck again and again, and a line of its own to it. */
interface Lane {
  readonly site: Site;
  readonly session: Session;
  readonly device: string;
  /** Seconds. */
  lasts: number;
  /** The state that it is in. */
  at: 0 | 1;
}

async function strike(lane: Lane, kill: Kill, from: Deployment, to: Deployment): Promise<Result> {
  const { site, device } = lane;
  const problems: string[] = [];
  const [before, after] = [versionIn(from, device), versionIn(to, device)];
  const change = { isOver: false };
  const ended = provision(site, to, device).finally(() => (change.isOver = true));
  if (kill.moment < WHILE_COPYING) {
    await sleep((kill.moment / WHILE_COPYING) * COPYING * 1000);
  } else {
    while (!change.isOver && (await shell(lane, `${PHASE} || true`)) === '') await sleep(200);
    await sleep(((kill.moment - WHILE_COPYING) / (1 - WHILE_COPYING)) * lane.lasts * 1000);
  }
  const seen = await hit(lane, kill.victim);
  const phase = seen !== '' ? seen : change.isOver ? 'over' : 'copying';
  const said = lastLine((await ended).output);
  const status = await settled(lane);
  if (status['state'] === 'interrupted') await program(lane, 'recover');
  else if (status['state'] !== 'idle') problems.push(`left ${status['state'] ?? 'without an answer'}`);
  const { applied } = await statusOf(lane);
  const outcome = applied === before ? 'old' : applied === after ? 'new' : 'neither';
  if (outcome === 'neither') problems.push(`${applied ?? 'nothing'} is in place`);
  // What runs is what that version ran when it was applied.
  const drift = await program(lane, 'drift');
  if (drift.exit !== 0) problems.push(`half: ${drift.output}`);
  const again = await provision(site, to, device);
  lane.lasts = await lastSeconds(lane);
  if (again.exit !== 0) problems.push(`does not converge: ${again.output}`);
  const last = await program(lane, 'drift');
  if (last.exit !== 0 || (await statusOf(lane))['applied'] !== after) problems.push(`not there: ${last.output}`);
  const left = await shell(lane, 'ls -A /etc/metal-fabric | grep -E "transaction|new|done" || true');
  if (left !== '') problems.push(`left behind: ${left}`);
  return { device, ...kill, phase, outcome, said, problems };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Says in which phase a change is; nothing when there is none. */
const PHASE =
  '{ [ -f /run/metal-fabric/lock ] && { flock -n /run/metal-fabric/lock true || cat /run/metal-fabric/phase; }; } 2>/dev/null';

/** Seconds for what comes before a change is written down. */
const CHECKS = 3;

/** How long the last change of a device took, from its first check on. */
async function lastSeconds(lane: Lane): Promise<number> {
  const line = (await shell(lane, 'grep applied /var/log/metal-fabric/journal | tail -n 1')).trim();
  const { began, time } = JSON.parse(line) as { readonly began: string; readonly time: string };
  return (Date.parse(time) - Date.parse(began)) / 1000 + CHECKS;
}

/** Kills; says in which phase the change was, or nothing when there was none. */
async function hit(lane: Lane, victim: Kill['victim']): Promise<string> {
  const session = '$(cat /run/metal-fabric/session 2>/dev/null || echo none)';
  // The session's own shell has the least number, as it was there first.
  const pids = `pgrep -s ${session} -f run-change | sort -n`;
  const commands: Readonly<Record<Exclude<Kill['victim'], 'power'>, string>> = {
    // What sshd has started for a connection: not the one that listens.
    session: "pkill -KILL -f '^sshd(-session)?: [a-z]+(@| [[]priv)' || true",
    watcher: `kill -KILL $(${pids} | head -n 1) 2>/dev/null || true`,
    worker: `kill -KILL $(${pids} | sed -n 2p) 2>/dev/null || true`,
    program: `kill -KILL $(${pids}) 2>/dev/null || true`,
  };
  const seen = (await shell(lane, `${PHASE} || true`)).trim();
  if (victim === 'power') {
    await powerCycle(lane);
  } else {
    await shell(lane, commands[victim]);
  }
  return seen;
}

/** Until nothing goes on by itself any more. */
async function settled(lane: Lane): Promise<Readonly<Record<string, string>>> {
  for (let tries = 0; ; tries += 1) {
    const status = await statusOf(lane);
    if (!['busy', 'unconfirmed'].includes(status['state'] ?? '') || tries > 200) return status;
    await sleep(1000);
  }
}

/** The lab switches one device after another. */
let switching: Promise<unknown> = Promise.resolve();

function powerCycle({ site: { lab }, device }: Lane): Promise<unknown> {
  switching = switching.then(async () => {
    await lab.powerOff(device);
    const failed = (await lab.powerOn(device)).filter(({ exit }) => exit !== 0);
    if (failed.length > 0) throw new Error(`${device} does not boot: ${JSON.stringify(failed)}`);
  });
  return switching;
}

async function shell({ session, device }: Lane, command: string): Promise<string> {
  const { exit, out, err } = await session.run(device, ['sh', '-c', command]);
  if (exit !== 0) throw new Error(`${device}: ${command}\n${out}${err}`);
  return out;
}

async function program({ session, device }: Lane, action: string): Promise<TerraformRun> {
  const { exit, out, err } = await session.run(device, ['sh', '/etc/metal-fabric/program', action]);
  return { exit, out, output: out + err, seconds: 0 };
}

async function statusOf(lane: Lane): Promise<Readonly<Record<string, string>>> {
  const { output } = await program(lane, 'status');
  return Object.fromEntries(
    output.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1).join(' ')]),
  );
}

// ---- what Terraform does, for one device

type Provisioner =
  | { readonly 'remote-exec': { readonly inline: readonly string[] } }
  | { readonly file: { readonly source: string; readonly destination: string } };

function provisionersOf({ stack }: Deployment, device: string): readonly Provisioner[] {
  const { resource } = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')) as {
    resource: { null_resource: Record<string, { provisioner: readonly Provisioner[] }> };
  };
  return resource.null_resource[`device_fra_${device}`]?.provisioner ?? [];
}

function versionIn(deployment: Deployment, device: string): string {
  return /confirm ([0-9a-f]{64})/.exec(JSON.stringify(provisionersOf(deployment, device)))?.[1] ?? '';
}

/** The provisioners of a device, one after another, until one fails. */
async function provision({ management }: Site, deployment: Deployment, device: string): Promise<TerraformRun> {
  const options = [
    '-F',
    management.sshConfigFile,
    '-o',
    'User=fabric',
    '-o',
    'ServerAliveInterval=5',
    '-o',
    'ConnectTimeout=20',
  ];
  let all = '';
  for (const one of provisionersOf(deployment, device)) {
    const run =
      'file' in one
        ? await copied(options, join(deployment.stack, one.file.source), device, one.file.destination)
        : await ran('ssh', [...options, device, one['remote-exec'].inline.join('\n')], deployment.stack, process.env);
    all += run.output;
    if (run.exit !== 0) return { ...run, output: all };
  }
  return { exit: 0, out: '', output: all, seconds: 0 };
}

/** A file, or the files in a folder. */
function copied(
  options: readonly string[],
  source: string,
  device: string,
  destination: string,
): Promise<TerraformRun> {
  const from = source.endsWith('/') ? readdirSync(source).map((name) => join(source, name)) : [source];
  return ran('scp', ['-O', '-q', ...options, ...from, `${device}:${destination}`], '/', process.env);
}

// ---- results

function tableOf(results: readonly Result[]): string {
  const phases = [...new Set(results.map(({ phase }) => phase))].sort();
  const table = new Table({
    head: ['phase', ...VICTIMS, 'old', 'new', 'neither', 'problems'],
    style: { head: [], border: [] },
  });
  const row = (name: string, of: readonly Result[]): string[] => [
    name,
    ...VICTIMS.map((victim) => `${of.filter((one) => one.victim === victim).length}`),
    ...(['old', 'new', 'neither'] as const).map((outcome) => `${of.filter((one) => one.outcome === outcome).length}`),
    `${of.filter(({ problems }) => problems.length > 0).length}`,
  ];
  for (const phase of phases)
    table.push(
      row(
        phase,
        results.filter((one) => one.phase === phase),
      ),
    );
  table.push(row('all', results));
  return table.toString();
}

/** Random, and the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
