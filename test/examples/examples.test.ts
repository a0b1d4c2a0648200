import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Manifest, manifestSchema, PROOF_FILE } from '../../lib/manifest';
import { changedFiles, readTree } from './files';
import { expectGolden } from './golden';
import { DEVICE_LIST } from '../../lib/apply';
import { type ExampleRun, outputOf, PROGRAMS, runExample } from './run-example';

const WRITING = [
  'single-consumer',
  'multiple-consumers',
  'internet-access',
  'over-ssh',
  'share-later',
  'tested-stack',
] as const;
const FABRIC = 'fra-equ01/fabric/fra-equ01';

let folder: string;
const folderOf = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'examples-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(name: string, env: Readonly<Record<string, string>> = {}, into = name): Promise<ExampleRun> {
  mkdirSync(folderOf(into), { recursive: true });
  return runExample(name, folderOf(into), env);
}

/** The programs are compared apart; everything else is golden. */
function goldenPart(tree: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const isProgram = (file: string): boolean => file.includes('/fabric/.programs/');
  const programs = new Map([...tree].filter(([file]) => isProgram(file)));
  expect(programs).toEqual(new Map([...PROGRAMS].map(([file, text]) => [`fra-equ01/${file}`, text])));
  return new Map([...tree].filter(([file]) => !isProgram(file)));
}

test('every example is run here', () => {
  expect(readdirSync(resolve(__dirname, '..', '..', 'examples')).sort()).toEqual(
    [...WRITING, 'many-errors', 'two-stacks'].sort(),
  );
});

describe('an example writes what is kept as golden', () => {
  test.concurrent.each(WRITING)('%s', async (name) => {
    const run = await start(name);
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expectGolden(name, goldenPart(outputOf(folderOf(name))));
  });
});

test('two-stacks writes two stacks that know nothing of one another', async () => {
  expect(await start('two-stacks')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const tree = outputOf(folderOf('two-stacks'));
  for (const [name, other] of [
    ['fra-equ01', 'fra-equ02'],
    ['fra-equ02', 'fra-equ01'],
  ] as const) {
    const text = tree.get(`${name}/cdk.tf.json`) ?? '';
    expect(text).toContain(`"conn_str": "postgres://terraform@state.example.com/${name}"`);
    expect(text).not.toContain(other);
    expect(tree.get(`${name}/fabric/${name}/blue-1/frr.conf`)).toContain('hostname blue-1');
    expect(tree.has(`fabric.lock/${name}.json`)).toBe(true);
  }
});

describe('the golden output', () => {
  test.each(WRITING)('of %s is what its fabric.json says, no file more or less', (name) => {
    const tree = outputOf(folderOf(name));
    const { devices } = manifestOf(tree);
    const ofDevices = devices.flatMap((device) =>
      [DEVICE_LIST, ...device.files.map((file) => file.name)].map((file) => `${device.name}/${file}`),
    );
    const named = [PROOF_FILE, 'fabric.json', ...ofDevices].map((file) => `${FABRIC}/${file}`);
    const written = [...tree.keys()].filter((file) => file.startsWith(`${FABRIC}/`));
    expect(named.length).toBeGreaterThan(30);
    expect(written.sort()).toEqual(named.sort());
  });
});

describe('share-later, with SHARED=1 in the second run', () => {
  let before: ReadonlyMap<string, string>;
  let after: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const name = 'share-later-again';
    expect(await start('share-later', {}, name)).toMatchObject({ exitCode: 0 });
    before = outputOf(folderOf(name));
    expect(await start('share-later', { SHARED: '1' }, name)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    after = outputOf(folderOf(name));
  });

  test('is what is kept as golden', () => {
    expectGolden('share-later-shared', goldenPart(after));
  });

  test('the network keeps its VNI and prefixes; that it is shared, and hides its consumers, is new', () => {
    const [old, now] = [before, after].map((tree) => manifestOf(tree).networks.find(({ name }) => name === 'cluster'));
    expect(old).toMatchObject({ shared: false, nat: false });
    expect(now).toEqual({ ...old, shared: true, nat: true });
  });

  test('every host keeps its addresses; the firewall gets one more, of the cluster', () => {
    const [old, now] = [before, after].map((tree) => manifestOf(tree).hosts);
    const addressesOf = (hosts: Manifest['hosts'] | undefined, name: string) =>
      hosts?.find((host) => host.name === name)?.addresses.map(({ address }) => address);
    for (const name of ['node-1', 'node-2', 'blue-1']) expect(addressesOf(now, name)).toEqual(addressesOf(old, name));
    expect(addressesOf(now, 'blue-fw')).toEqual([...addressesOf(old, 'blue-fw')!, '10.128.4.3', 'fd00:10:128:1::3']);
  });

  test('only the firewall, and the leaves that filter what it says, are told', () => {
    const devices = changedFiles(before, after).filter((file) => file.startsWith(`${FABRIC}/`));
    expect(devices.map((file) => file.slice(FABRIC.length + 1))).toEqual([
      PROOF_FILE,
      'blue-fw/device.list',
      'blue-fw/frr.conf',
      'blue-fw/interfaces',
      'blue-fw/nftables.conf',
      'fabric.json',
      'rack1-leaf1/device.list',
      'rack1-leaf1/frr.conf',
      'rack1-leaf1/nftables.conf',
      'rack1-leaf2/device.list',
      'rack1-leaf2/frr.conf',
      'rack1-leaf2/nftables.conf',
    ]);
  });

  test('the ledger remembers it, and changes no number it gave', () => {
    interface Kept {
      readonly shared: readonly string[];
      readonly revision: number;
      readonly pools: Readonly<Record<string, { readonly given: object; readonly freed: readonly unknown[] }>>;
    }
    const [old, now] = [before, after].map((tree) => JSON.parse(tree.get('fabric.lock/fra-equ01.json')!) as Kept);
    expect(old?.shared).toEqual([]);
    expect(now?.shared).toEqual(['cluster']);
    for (const [pool, { given, freed }] of Object.entries(old!.pools)) {
      expect(now!.pools[pool]).toMatchObject({ given });
      expect([pool, now!.pools[pool]!.freed]).toEqual([pool, freed]);
    }
  });

  test('there is no way back: the code without the mark is refused, and nothing is written', async () => {
    const { exitCode, stderr } = await start('share-later', {}, 'share-later-again');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      '[fra-equ01/fra-equ01/cluster] network/stays-shared: was shared, and is declared unshared now',
    );
    expect(outputOf(folderOf('share-later-again'))).toEqual(after);
  });
});

describe('many-errors', () => {
  let run: ExampleRun;
  beforeAll(async () => {
    run = await start('many-errors');
  });

  test('says all that is wrong, in these words', () => {
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toBe('');
    expectGolden('many-errors', new Map([['stderr.txt', `${messageOf(run.stderr)}\n`]]));
  });

  test('names the line of the program that synthesized, and no frame of the library', () => {
    const frames = run.stderr.split('\n').filter((line) => line.startsWith('    at '));
    expect(frames[0]).toMatch(/\/examples\/many-errors\/main\.ts:\d+:\d+\)?$/);
    expect(frames.filter((frame) => frame.includes('/lib/constructs/'))).toEqual([]);
  });

  test('writes nothing', () => {
    expect([...readTree(folderOf('many-errors')).keys()]).toEqual([]);
  });

  test('is refused also where validation is skipped, and in the same words', async () => {
    const skipped = await start('many-errors', { SKIP_VALIDATION: '1' }, 'many-errors-skipped');
    expect(skipped.exitCode).toBe(1);
    expect(messageOf(skipped.stderr)).toBe(messageOf(run.stderr));
    expect([...readTree(folderOf('many-errors-skipped')).keys()]).toEqual([]);
  });
});

function manifestOf(tree: ReadonlyMap<string, string>): Manifest {
  return manifestSchema.parse(JSON.parse(tree.get(`${FABRIC}/fabric.json`) ?? 'null'));
}

/** What an uncaught error says, without the lines that node adds before and after. */
function messageOf(stderr: string): string {
  const lines = stderr.split('\n');
  const first = lines.findIndex((line) => line.startsWith('FabricError: '));
  const last = lines.findIndex((line) => line.startsWith('    at '));
  return lines.slice(first, last).join('\n');
}
