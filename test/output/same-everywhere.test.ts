import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { changedFiles, readTree } from '../examples/files';

const ROOT = resolve(__dirname, '..', '..');
const TSX = [join(ROOT, 'node_modules', '.bin', 'tsx'), '--tsconfig', join(ROOT, 'tsconfig.json')];
const ENGINE =
  process.env['METAL_FABRIC_ENGINE'] === 'cdktn' ? ['--require', join(ROOT, 'test', 'examples', 'on-cdktn.cjs')] : [];
const PROGRAM = join(ROOT, 'test', 'output', 'synthesize-fabric.ts');

/** Nobody's number on every Linux. */
const NOBODY = 65_534;
const mayBecomeNobody = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'same-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Surroundings {
  readonly order?: 'backwards';
  readonly seed?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly asNobody?: boolean;
}

/** The output and the ledgers that a process of its own writes, in a folder of its own. */
function written(
  name: string,
  { order, seed = 1, env = {}, asNobody = false }: Surroundings = {},
): ReadonlyMap<string, string> {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  const words = [process.execPath, ...TSX, ...ENGINE, PROGRAM, order ?? 'as-described', String(seed)];
  if (asNobody) {
    chownSync(folder, NOBODY, NOBODY);
    chownSync(cwd, NOBODY, NOBODY);
    words.unshift('setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups');
  }
  const [program = '', ...given] = words;
  const run = spawnSync(program, given, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  return readTree(cwd);
}

describe('the output and the ledger are the same to the byte', () => {
  let first: ReadonlyMap<string, string>;
  beforeAll(() => {
    first = written('first');
    expect(first.size).toBeGreaterThan(1_000);
  });

  const expectSame = (other: ReadonlyMap<string, string>): void => {
    expect(changedFiles(first, other)).toEqual([]);
  };

  test('in a second run', () => {
    expectSame(written('second'));
  });

  test('declared in the opposite order', () => {
    expectSame(written('backwards', { order: 'backwards' }));
  });

  test('under another home, time zone and language, and in another folder', () => {
    const env = {
      HOME: '/nonexistent',
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      USER: 'x',
    };
    expectSame(written('else/where', { env }));
  });

  (mayBecomeNobody ? test : test.skip)('by another user', () => {
    const other = written('nobody', { env: { HOME: '/nonexistent', TZ: 'America/St_Johns' }, asNobody: true });
    expect(statSync(join(folder, 'nobody', 'cdktf.out', 'manifest.json')).uid).toBe(NOBODY);
    expectSame(other);
  });

  test('and another fabric is another output: the comparison looks at something', () => {
    expect(changedFiles(first, written('other', { seed: 2 })).length).toBeGreaterThan(100);
    expect(readFileSync(join(folder, 'other', 'cdktf.out', 'manifest.json'), 'utf8')).toBe(
      first.get('cdktf.out/manifest.json'),
    );
  });
});
