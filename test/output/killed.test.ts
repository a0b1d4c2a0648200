import { spawn } from 'node:child_process';
import fs, { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { faultsOf, leftovers, readWritten, stateOf, type Written } from './state';
import { declareTwoStacks, type Size } from './two-stacks';

const STACKS = ['fra', 'muc'];

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'killed-')));
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What lies in the folder after an old synthesis, which is kept in `<name>-old` to start from, and after a new one over that or, if
 * there was none, into an empty folder.
 */
function versionsOf(name: string, size: Size, hadOld = true): { readonly old: Written; readonly new: Written } {
  fs.mkdirSync(at(name));
  declareTwoStacks(at(name), 'old', size).synth();
  const old = readWritten(at(name), STACKS);
  cpSync(at(name), at(`${name}-old`), { recursive: true, verbatimSymlinks: true });
  startFrom(name, hadOld);
  declareTwoStacks(at(name), 'new', size).synth();
  return { old, new: readWritten(at(name), STACKS) };
}

function startFrom(name: string, hadOld: boolean): void {
  rmSync(at(name), { recursive: true, force: true });
  if (hadOld) cpSync(at(`${name}-old`), at(name), { recursive: true, verbatimSymlinks: true });
  else fs.mkdirSync(at(name));
}

/** All by which a synthesis changes what is on the disk. */
const CHANGES = [
  'writeFileSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'symlinkSync',
  'linkSync',
  'copyFileSync',
  'openSync',
  'writeSync',
] as const;

/**
 * Does the work as if it were killed before its n-th change of the disk. Returns the changes until then, by where they were.
 */
function killedBefore(change: number, work: () => void): readonly string[] {
  const changes: string[] = [];
  for (const name of CHANGES) {
    const real = fs[name] as (...given: unknown[]) => unknown;
    jest.spyOn(fs, name).mockImplementation(((...given: unknown[]) => {
      if (name === 'openSync' && given[1] === 'r') return real(...given);
      changes.push(String(given[name === 'symlinkSync' ? 1 : 0]));
      // Nothing that comes later changes anything either: whoever is killed cleans nothing up.
      if (changes.length >= change) throw new Error('killed');
      return real(...given);
    }) as never);
  }
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('killed'))) throw error;
  } finally {
    jest.restoreAllMocks();
  }
  return changes;
}

/** Most changes are of what is written aside: a few of these are enough, and all others. */
function momentsIn(changes: readonly string[]): readonly number[] {
  return [...changes.keys()]
    .filter((index) => index % 40 === 0 || !(changes[index] ?? '').includes('/.staging/'))
    .map((index) => index + 1);
}

/** Kills the work before its changes, and gives back what was wrong afterwards, and how often it was killed. */
function killEverywhere(
  name: string,
  hadOld: boolean,
  versions: { readonly old: Written; readonly new: Written },
  work: () => void,
): { readonly faults: readonly string[]; readonly kills: number; readonly reached: ReadonlySet<string> } {
  startFrom(name, hadOld);
  const moments = momentsIn(killedBefore(Infinity, work));
  const faults: string[] = [];
  const reached = new Set<string>();
  for (const change of moments) {
    startFrom(name, hadOld);
    killedBefore(change, work);
    const state = stateOf(readWritten(at(name), STACKS), versions);
    reached.add(JSON.stringify(state));
    faults.push(...faultsOf(state, hadOld).map((fault) => `before change ${change}: ${fault}`));
  }
  return { faults, kills: moments.length, reached };
}

describe('killed before each single change of the disk', () => {
  const SIZE = { racks: 1, machinesPerRack: 1 };

  test.each([
    ['over an old output', true],
    ['into an empty folder', false],
  ])(
    '%s, each stack and each ledger is as it was or as it is to be',
    (name, hadOld) => {
      const versions = versionsOf(name, SIZE, hadOld);
      const { faults, kills, reached } = killEverywhere(name, hadOld, versions, () => {
        declareTwoStacks(at(name), 'new', SIZE).synth();
      });
      expect(faults).toEqual([]);
      expect(kills).toBeGreaterThan(25);
      // Nothing, one stack, its ledger, the other stack: all of that was seen; the last change comes before its ledger.
      expect(reached.size).toBeGreaterThanOrEqual(4);
    },
    120_000,
  );

  test('the next run finishes what was killed, and leaves nothing lying about', () => {
    const name = 'finished';
    const versions = versionsOf(name, SIZE);
    const work = (): void => declareTwoStacks(at(name), 'new', SIZE).synth();
    startFrom(name, true);
    const moments = momentsIn(killedBefore(Infinity, work));
    for (const change of moments.filter((_, index) => index % 4 === 0)) {
      startFrom(name, true);
      killedBefore(change, work);
      declareTwoStacks(at(name), 'new', SIZE).synth();
      expect(stateOf(readWritten(at(name), STACKS), versions)).toEqual({
        stacks: { fra: 'new', muc: 'new' },
        ledgers: { fra: 'new', muc: 'new' },
      });
      expect(leftovers(at(name))).toEqual([]);
    }
  }, 120_000);

  test('one who writes into the output itself would be found out', () => {
    const name = 'naive';
    const versions = versionsOf(name, SIZE);
    const { faults } = killEverywhere(name, true, versions, () => {
      for (const [stack, tree] of versions.new.stacks) {
        for (const [path, text] of [...tree].slice(0, 3)) {
          fs.mkdirSync(join(at(name), 'out', 'stacks', stack, path, '..'), { recursive: true });
          fs.writeFileSync(join(at(name), 'out', 'stacks', stack, path), text);
        }
      }
    });
    expect(faults).toContainEqual(expect.stringContaining('stack fra is mixed'));
  });
});

/** How often: `METAL_FABRIC_KILLS=50` for more. */
const KILLS = Number(process.env['METAL_FABRIC_KILLS'] ?? 5);

describe('killed by the kernel at some moment of a synthesis', () => {
  const SIZE = { racks: 3, machinesPerRack: 12 };
  const ROOT = resolve(__dirname, '..', '..');
  const ENGINE =
    process.env['METAL_FABRIC_ENGINE'] === 'cdktn' ? ['--require', join(ROOT, 'test', 'examples', 'on-cdktn.cjs')] : [];
  const PROGRAM = join(ROOT, 'test', 'output', 'synthesize.ts');

  /** Runs the new synthesis in a process of its own, killed so long after it began; says how long it took if it was not. */
  function run(
    name: string,
    killAfter: number | undefined,
  ): Promise<{ readonly killed: boolean; readonly took: number }> {
    // Not by the command tsx: it starts a process of its own, which would live on.
    const words = ['--import', 'tsx', ...ENGINE, PROGRAM, at(name), JSON.stringify(SIZE)];
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, words, {
        cwd: ROOT,
        env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let began: number | undefined;
      let took = 0;
      child.stdout.on('data', () => {
        if (began !== undefined) {
          took = performance.now() - began;
          return;
        }
        began = performance.now();
        if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
      });
      child.once('error', fail);
      child.once('close', (code, signal) => {
        if (code !== 0 && signal !== 'SIGKILL')
          fail(new Error(`the synthesis ended with ${code ?? signal ?? 'nothing'}`));
        else done({ killed: signal === 'SIGKILL', took });
      });
    });
  }

  test(
    `${KILLS} times, each stack and each ledger is as it was or as it is to be`,
    async () => {
      const name = 'random';
      const versions = versionsOf(name, SIZE);
      startFrom(name, true);
      let { took } = await run(name, undefined);
      expect(stateOf(readWritten(at(name), STACKS), versions).stacks).toEqual({ fra: 'new', muc: 'new' });
      const seen: string[] = [];
      let killed = 0;
      for (let attempt = 0; killed < KILLS && attempt < 4 * KILLS; attempt += 1) {
        startFrom(name, true);
        // Spread over the whole time, and within each part of it at random.
        const moment = ((killed + Math.random()) / KILLS) * took;
        const outcome = await run(name, moment);
        // One that was done before its moment shows that a synthesis takes less by now.
        if (outcome.killed) killed += 1;
        else took = Math.min(took, outcome.took);
        const state = stateOf(readWritten(at(name), STACKS), versions);
        seen.push(`${moment.toFixed(0)} of ${took.toFixed(0)} ms: ${JSON.stringify(state.stacks)}`);
        expect({ moment, faults: faultsOf(state, true) }).toEqual({ moment, faults: [] });
      }
      if (process.env['METAL_FABRIC_KILLS'] !== undefined) process.stderr.write(`${seen.join('\n')}\n`);
      expect(killed).toBe(KILLS);
      // Who was killed early has changed nothing: that it was killed indeed.
      expect(seen[0]).toContain('"fra":"old","muc":"old"');
    },
    60_000 + KILLS * 20_000,
  );
});
