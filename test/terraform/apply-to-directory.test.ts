import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describeWithRealParsers } from '../language/real-parsers';

const ROOT = resolve(__dirname, '..', '..');
const PROGRAM = join(ROOT, 'lib', 'terraform', 'apply-to-directory.sh');

let folder: string;
let target: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'apply-')));
  target = join(folder, 'devices', 'leaf1');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of new files, whole in the sense of `wholeness`. */
function version(name: string, files: Readonly<Record<string, string>> = {}): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries({ interfaces: name, 'sysctl.conf': name, ...files })) {
    writeFileSync(join(path, file), text);
  }
  return path;
}

interface Run {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function apply(from: string, env: Readonly<Record<string, string>> = {}): Run {
  const { status, signal, stdout, stderr } = spawnSync('sh', [PROGRAM], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FABRIC_NEW: from, FABRIC_TARGET: target, ...env },
  });
  return { status, signal, output: `${stdout}${stderr}` };
}

const at = (link: string): string => readFileSync(join(target, link, 'interfaces'), 'utf8');
const versions = (): readonly string[] => readdirSync(join(target, 'versions'));
/** All that is there but what is meant to be. */
const leftovers = (): readonly string[] =>
  readdirSync(target).filter((name) => !['current', 'previous', 'versions', 'lock'].includes(name));

describe('a folder', () => {
  test('is applied: `current` leads to a whole copy', () => {
    expect(apply(version('one'))).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^leaf1: applied, [0-9a-f]{64}\n$/) as string,
    });
    expect(readdirSync(join(target, 'current')).sort()).toEqual(['interfaces', 'sysctl.conf']);
    expect(readlinkSync(join(target, 'current'))).toBe(`versions/${versions().join()}`);
    expect(existsSync(join(target, 'previous'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  test('is left alone when it is in place already', () => {
    apply(version('one'));
    expect(apply(version('one'))).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^leaf1: unchanged, /) as string,
    });
    expect(existsSync(join(target, 'previous'))).toBe(false);
  });

  test('keeps the version before as `previous`, and none before that', () => {
    for (const name of ['one', 'two', 'three']) expect(apply(version(name)).status).toBe(0);
    expect([at('current'), at('previous'), versions().length]).toEqual(['three', 'two', 2]);
  });

  test('goes back to the version before', () => {
    for (const name of ['one', 'two', 'one']) apply(version(name));
    expect([at('current'), at('previous'), versions().length]).toEqual(['one', 'two', 2]);
  });

  test.each<[string, () => void]>([
    ['edited', () => writeFileSync(join(target, 'current', 'interfaces'), 'by hand')],
    ['added', () => writeFileSync(join(target, 'current', 'more'), 'by hand')],
    ['removed', () => rmSync(join(target, 'current', 'interfaces'))],
  ])('puts back what was %s by hand', (_, change) => {
    apply(version('one'));
    apply(version('two'));
    change();
    expect(apply(version('two'))).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^leaf1: applied, /) as string,
    });
    expect([at('current'), at('previous'), versions().length, leftovers()]).toEqual(['two', 'one', 2, []]);
    expect(readdirSync(join(target, 'current')).sort()).toEqual(['interfaces', 'sysctl.conf']);
  });

  test('goes back to the version before as it was, not as somebody has edited it', () => {
    apply(version('one'));
    writeFileSync(join(target, 'current', 'interfaces'), 'by hand');
    apply(version('two'));
    expect(at('previous')).toBe('by hand');
    apply(version('one'));
    expect([at('current'), at('previous'), versions().length]).toEqual(['one', 'two', 2]);
  });

  test('changes with the name of a file, and with one that goes', () => {
    apply(version('one', { a: 'x' }));
    rmSync(join(folder, 'one', 'a'));
    writeFileSync(join(folder, 'one', 'b'), 'x');
    expect(apply(join(folder, 'one')).output).toMatch(/applied/);
    expect(readdirSync(join(target, 'current')).sort()).toEqual(['b', 'interfaces', 'sysctl.conf']);
  });
});

describe('it is refused, and the old version stays,', () => {
  beforeEach(() => {
    apply(version('one'));
  });
  afterEach(() => {
    expect([at('current'), versions().length, leftovers()]).toEqual(['one', 1, []]);
  });

  test('without a folder to apply', () => {
    expect(apply(join(folder, 'nothing'))).toMatchObject({
      status: 2,
      output: expect.stringContaining('run the synthesis again') as string,
    });
  });

  describeWithRealParsers('by the tools of the device:', () => {
    const PATH = [join(ROOT, '.cache', 'debian', 'bin'), process.env['PATH']].join(delimiter);

    test('by FRR', () => {
      const bad = version('two', { 'frr.conf': 'router bgp nonsense\n' });
      expect(apply(bad, { PATH })).toMatchObject({
        status: 1,
        output: expect.stringMatching(/^leaf1: FRR refuses frr.conf: .*router bgp nonsense/s) as string,
      });
    });

    test('by nftables', () => {
      const bad = version('two', { 'frr.conf': '!\nhostname leaf1\n', 'nftables.conf': 'table inet x { nonsense }\n' });
      expect(apply(bad, { PATH })).toMatchObject({
        status: 1,
        output: expect.stringMatching(/^leaf1: nftables refuses nftables.conf: /) as string,
      });
    });
  });

  test('by any tool of that name that fails', () => {
    const PATH = fakes({ vtysh: 'echo "line 1: no" >&2; exit 1' });
    const bad = version('two', { 'frr.conf': 'x' });
    expect(apply(bad, { PATH })).toMatchObject({ status: 1, output: 'leaf1: FRR refuses frr.conf: line 1: no\n' });
  });

  test('when the disk is full', () => {
    expect(apply(version('two'), { PATH: fakes({ cp: 'echo "No space left on device" >&2; exit 1' }) })).toMatchObject({
      status: 1,
    });
  });
});

test('of two at once the second is refused', async () => {
  apply(version('one'));
  const PATH = fakes({
    cp: `touch "${folder}/started"; while [ ! -e "${folder}/go" ]; do sleep 0.02; done; exec /bin/cp "$@"`,
  });
  const first = spawn('sh', [PROGRAM], {
    cwd: folder,
    env: { ...process.env, PATH, FABRIC_NEW: version('two'), FABRIC_TARGET: target },
  });
  while (!existsSync(join(folder, 'started'))) await new Promise((done) => setTimeout(done, 10));
  const second = apply(version('three'));
  writeFileSync(join(folder, 'go'), '');
  const exitCode = await exitOf(first);
  expect(second).toEqual({ status: 2, signal: null, output: 'leaf1: another change is going on\n' });
  expect(exitCode).toBe(0);
  expect([at('current'), at('previous'), leftovers()]).toEqual(['two', 'one', []]);
});

/**
 * Killed before or after each of the programs that change something: what `current` leads to is whole, the old one or
 * the new one, and the next run brings the new one.
 */
test.each(['before', 'after'])('killed %s any of its steps, it leaves a whole version', (when) => {
  const step = (program: string): string => {
    const count = `n=$(cat "${folder}/count"); n=$((n + 1)); echo "$n" >"${folder}/count"`;
    const kill = `[ "$n" != "$KILL_AT" ] || kill -9 "$PPID"`;
    return when === 'before'
      ? `${count}; ${kill}; exec /bin/${program} "$@"`
      : `${count}; /bin/${program} "$@"; ${kill}`;
  };
  const PATH = fakes(Object.fromEntries(['cp', 'mv', 'ln', 'rm', 'mkdir'].map((program) => [program, step(program)])));
  let killed = 0;
  for (let at_ = 1; ; at_ += 1) {
    rmSync(target, { recursive: true, force: true });
    apply(version('one'));
    writeFileSync(join(folder, 'count'), '0\n');
    const run = apply(version('two'), { PATH, KILL_AT: `${at_}` });
    if (run.signal === null) break;
    killed += 1;
    expect(['one', 'two']).toContain(at('current'));
    expect(readdirSync(join(target, 'current')).sort()).toEqual(['interfaces', 'sysctl.conf']);
    // A program that the killed run had started may still hold the lock for a moment.
    let next = apply(version('two'));
    for (let tries = 0; next.status === 2 && tries < 50; tries += 1) next = apply(version('two'));
    expect([at_, next.status, at('current'), leftovers()]).toEqual([at_, 0, 'two', []]);
  }
  expect(killed).toBeGreaterThan(7);
});

test('killed in the middle of the copy, it never uses the half of it', () => {
  apply(version('one'));
  const half = 'for last; do :; done; mkdir -p "$last"; echo half >"$last/interfaces"; kill -9 "$PPID"';
  expect(apply(version('two'), { PATH: fakes({ cp: half }) }).signal).toBe('SIGKILL');
  expect(at('current')).toBe('one');
  expect(apply(version('two')).status).toBe(0);
  expect(at('current')).toBe('two');
  expect(readdirSync(join(target, 'current')).sort()).toEqual(['interfaces', 'sysctl.conf']);
  expect(leftovers()).toEqual([]);
});

describe('names mean nothing to the shell', () => {
  const hostile = [
    'with blanks  and\ttabs',
    "o'clock",
    '"quoted"',
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned',
    '-rf',
    '*',
    'a\nb',
    '\\',
    '${HOME}',
    'ü𝄞',
  ];

  test.each(hostile)('%j as the target and the source', (name) => {
    target = join(folder, name, 'leaf1');
    expect(apply(version(join('new', name)))).toMatchObject({ status: 0 });
    expect(apply(version(join('new', name, 'two')))).toMatchObject({ status: 0 });
    expect(at('previous')).toBe(join('new', name));
    expect(readdirSync(folder).sort()).toEqual([name, 'new'].sort());
  });

  test('relative ones are those of the folder it runs in, whatever CDPATH says', () => {
    version('one');
    mkdirSync(join(folder, 'elsewhere', 'one'), { recursive: true });
    writeFileSync(join(folder, 'elsewhere', 'one', 'interfaces'), 'wrong');
    const plain = apply('one').output;
    rmSync(target, { recursive: true });
    expect(apply('one', { CDPATH: join(folder, 'elsewhere') }).output).toBe(plain);
  });
});

/** A PATH that begins with programs of ours. */
function fakes(programs: Readonly<Record<string, string>>): string {
  const bin = mkdtempSync(join(tmpdir(), 'apply-bin-'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  toRemove.push(bin);
  return [bin, process.env['PATH']].join(delimiter);
}
const toRemove: string[] = [];
afterAll(() => toRemove.forEach((bin) => rmSync(bin, { recursive: true, force: true })));

const exitOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((done) => child.on('exit', done));
