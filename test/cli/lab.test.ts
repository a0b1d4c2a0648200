import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../lib/cli/program';
import { imageCache, releaseFor } from '../../lib/lab';
import { readOutput } from '../../lib/output';

const GOLDEN = resolve(__dirname, '..', 'examples', 'golden');
const NAME = `cli-test-${process.pid}`;

async function metalFabric(...words: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await run(words, {
    out: (text) => void (said.out += text.toString()),
    err: (text) => void (said.err += text.toString()),
  });
  return { code, ...said };
}

test.each([
  [['verify'], `no lab "${NAME}" is up`],
  [['exec', 'blue-1', '--', 'true'], `no lab "${NAME}" is up`],
  [['logs', 'blue-1'], `no lab "${NAME}" is up`],
])('without a lab, %j says so, and how to start one', async ([command = '', ...rest], problem) => {
  expect(await metalFabric('lab', command, '--name', NAME, ...rest)).toEqual({
    code: 1,
    out: '',
    err: `error: ${problem}\n    fix: start one: metal-fabric lab up cdktf.out\n`,
  });
});

test('down of nothing is no error', async () => {
  expect(await metalFabric('lab', 'down', '--name', NAME)).toEqual({
    code: 0,
    out: `no lab "${NAME}" was up\n`,
    err: '',
  });
});

test.each([
  [['lab', 'up'], "missing required argument 'output'"],
  [['lab', 'up', 'x', '--runtime', 'docker'], 'Allowed choices are direct, qemu'],
  [['lab', 'nothing'], "unknown command 'nothing'"],
])('%j is not understood', async (words, problem) => {
  const { code, err } = await metalFabric(...words);
  expect(code).toBe(2);
  expect(err).toContain(problem);
});

test('every command of the lab has help with examples', async () => {
  for (const command of ['run', 'up', 'verify', 'exec', 'shell', 'capture', 'logs', 'down']) {
    const { code, out } = await metalFabric('lab', command, '--help');
    expect([command, code]).toEqual([command, 0]);
    expect(out).toContain(`metal-fabric lab ${command}`);
    expect(out).toContain('Examples:');
  }
});

describe('an output', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'output-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is found below the folder that is named', () => {
    const { manifest, files, changedByHand } = readOutput(join(GOLDEN, 'multiple-consumers'));
    expect(manifest.partition).toBe('fra-equ01');
    expect(files.size).toBe(manifest.devices.length);
    expect(changedByHand).toEqual([]);
  });

  test('that is not there, or ambiguous, or broken, is refused before anything is started', async () => {
    const refusal = async (path: string): Promise<string> => {
      const { code, err } = await metalFabric('lab', 'up', path, '--name', NAME);
      expect(code).toBe(1);
      return err;
    };
    expect(await refusal(join(folder, 'none'))).toContain(`there is no ${join(folder, 'none')}`);
    expect(await refusal(folder)).toContain('holds no fabric.json');
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'fabric.json'), '{"format": "something else"}');
    }
    expect(await refusal(folder)).toContain(
      `holds 2 fabrics\n    fix: name one: ${join(folder, 'a')}, ${join(folder, 'b')}`,
    );
    expect(await refusal(join(folder, 'a'))).toContain('is no fabric.json of this release at format');
  });

  test('of which a device file is missing is refused, and one that was changed is named', () => {
    const manifest = {
      ...readOutput(join(GOLDEN, 'share-later')).manifest,
      hosts: [],
      networks: [],
      links: [],
      promises: [],
    };
    const [device] = manifest.devices;
    writeFileSync(join(folder, 'fabric.json'), JSON.stringify({ ...manifest, devices: [device] }));
    expect(() => readOutput(folder)).toThrow(`${join(folder, device!.name, device!.files[0]!.name)} is missing`);
    mkdirSync(join(folder, device!.name));
    for (const { name } of device!.files) writeFileSync(join(folder, device!.name, name), 'changed\n');
    expect(readOutput(folder).changedByHand).toEqual(device!.files.map(({ name }) => `${device!.name}/${name}`));
  });
});

test('the release of Debian follows the release of FRR', () => {
  expect(['8.4', '9.1', '10.0', '10.3'].map(releaseFor)).toEqual(['bookworm', 'bookworm', 'trixie', 'trixie']);
});

test('images are kept where the user says, or in the cache of the user', () => {
  expect(imageCache({ METAL_FABRIC_CACHE: '/a' })).toBe('/a/lab');
  expect(imageCache({ XDG_CACHE_HOME: '/b' })).toBe('/b/metal-fabric/lab');
  expect(imageCache({})).toMatch(/\/\.cache\/metal-fabric\/lab$/);
});
