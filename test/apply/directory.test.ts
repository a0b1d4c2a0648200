import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { compareDevices, type DeviceDrift, devicesOf, previewDevices } from '../../lib/apply';
import { readOutput } from '../../lib/output';
import { FABRIC, writeOutput } from './output';

const APPLY = resolve(__dirname, '../../lib/terraform/apply-to-directory.sh');

let folder: string;
let output: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  output = join(folder, 'cdktf.out');
  home = join(folder, 'devices/spine1');
  writeOutput(output, 'share-later', (device) => ({ kind: 'directory', path: `devices/${device}` }));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As Terraform does. */
function apply(): void {
  const { status, stderr } = spawnSync('sh', [APPLY], {
    env: { ...process.env, FABRIC_NEW: join(output, FABRIC, 'spine1'), FABRIC_TARGET: home },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
}

const current = (name: string): string => join(home, 'current', name);
const devices = () => devicesOf(readOutput(output), ['spine1'], folder);

async function drift(): Promise<DeviceDrift> {
  const [one] = await compareDevices(devices(), { parallel: 1 });
  return one!;
}

const edit = (file: string): void => writeFileSync(file, `${readFileSync(file, 'utf8')}! by hand\n`);

test('nothing was applied', async () => {
  expect(await drift()).toMatchObject({ result: 'never-applied', applied: null, differences: [], reason: null });
  expect((await previewDevices(devices(), { parallel: 1 }))[0]).toMatchObject({ result: 'new', effects: null });
});

test('what stands in the way of reading is told of the device', async () => {
  mkdirSync(dirname(home), { recursive: true });
  writeFileSync(home, 'a file');
  const told = { result: 'error', reason: expect.stringContaining('ENOTDIR') as string };
  expect(await drift()).toMatchObject(told);
  expect((await previewDevices(devices(), { parallel: 1 }))[0]).toMatchObject(told);
});

test('what was applied is as applied, and a plan is empty', async () => {
  apply();
  const version = basename(readlinkSync(join(home, 'current')));
  expect(await drift()).toMatchObject({ result: 'as-applied', applied: version, wanted: version, differences: [] });
  expect((await previewDevices(devices(), { parallel: 1 }))[0]).toMatchObject({ result: 'unchanged', files: [] });
});

test('another version is told, and planned', async () => {
  apply();
  edit(join(output, FABRIC, 'spine1/frr.conf'));
  expect(await drift()).toMatchObject({ result: 'other-version', differences: [] });
  expect((await previewDevices(devices(), { parallel: 1 }))[0]).toMatchObject({
    result: 'changes',
    files: [{ name: 'frr.conf', change: 'changed' }],
  });
});

describe('what somebody does by hand is found', () => {
  test.each<[string, () => void, readonly string[]]>([
    ['a file that is edited', () => edit(current('frr.conf')), ['frr.conf was edited']],
    ['a file that is gone', () => rmSync(current('nftables.conf')), ['nftables.conf is missing']],
    ['a file that is none of its own', () => writeFileSync(current('extra'), ''), ['extra was not applied']],
    ['a folder', () => mkdirSync(current('extra')), ['extra was not applied']],
    [
      'a file that becomes a link',
      () => {
        rmSync(current('daemons'));
        symlinkSync('/etc/passwd', current('daemons'));
      },
      ['daemons is no file any more'],
    ],
    ['the list', () => edit(current('device.list')), ['device.list was edited']],
    [
      'several',
      () => {
        edit(current('daemons'));
        rmSync(current('sysctl.conf'));
      },
      ['daemons was edited', 'sysctl.conf is missing'],
    ],
    ['current is gone', () => rmSync(join(home, 'current')), ['current is missing']],
    [
      'current is a folder',
      () => {
        rmSync(join(home, 'current'));
        mkdirSync(join(home, 'current'));
      },
      ['current is no link to a version'],
    ],
    [
      'current leads elsewhere',
      () => {
        rmSync(join(home, 'current'));
        symlinkSync('/etc', join(home, 'current'));
      },
      ['current is no link to a version'],
    ],
    [
      'the version is gone',
      () => rmSync(join(home, 'versions'), { recursive: true }),
      [expect.stringMatching(/^current leads to versions\/[0-9a-f]{64}, which is not there$/) as string],
    ],
  ])('%s', async (_, change, expected) => {
    apply();
    change();
    const { result, differences } = await drift();
    expect([result, differences.map(({ what }) => what)]).toEqual(['drifted', expected]);
  });

  test('also in a version without a list, from before there was one', async () => {
    rmSync(join(output, FABRIC, 'spine1/device.list'));
    apply();
    expect(await drift()).toMatchObject({ result: 'as-applied' });
    edit(current('frr.conf'));
    expect(await drift()).toMatchObject({
      result: 'drifted',
      differences: [{ kind: 'file', what: 'files are not those that were applied' }],
    });
  });
});

test('paths are relative to the folder that is named, unless they are absolute', () => {
  expect(devices()[0]?.target).toEqual({ kind: 'directory', path: home });
  cpSync(output, join(folder, 'other'), { recursive: true });
  writeOutput(join(folder, 'other'), 'share-later', () => ({ kind: 'directory', path: '/srv/x' }));
  expect(devicesOf(readOutput(join(folder, 'other')), ['spine1'], folder)[0]?.target).toEqual({
    kind: 'directory',
    path: '/srv/x',
  });
});
