import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Device, DirectoryTarget } from './devices';
import { DEVICE_LIST } from './device-list';
import type { Difference, Found, Shown, Trouble } from './on-device';

/** A device whose configuration goes to a folder. */
export type DirectoryDevice = Device & { readonly target: DirectoryTarget };

/** What differs in the folder of a device from what was applied to it. */
export const findDriftInDirectory = (device: DirectoryDevice): Found | Trouble => readable(() => findDrift(device));

/** What was applied to the folder of a device. */
export const showDirectory = (device: DirectoryDevice): Shown | Trouble => readable(() => show(device));

/** A folder that cannot be read is the trouble of one device. */
function readable<Read>(read: () => Read): Read | Trouble {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { trouble: 'error', reason: message };
  }
}

function findDrift({ target }: DirectoryDevice): Found {
  const { applied, problem } = currentOf(target.path);
  if (applied === undefined)
    return { applied, differences: problem === undefined ? [] : [{ kind: 'file', what: problem }] };
  return { applied, differences: filesThatDiffer(join(target.path, 'versions', applied), applied) };
}

function show({ target }: DirectoryDevice): Shown {
  const { applied } = currentOf(target.path);
  if (applied === undefined) return { applied, files: new Map() };
  const folder = join(target.path, 'versions', applied);
  const files = entriesOf(folder).filter((entry) => entry.isFile() && entry.name !== DEVICE_LIST);
  return { applied, files: new Map(files.map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')])) };
}

/** The version that `apply-to-directory.sh` calls a folder: a hash of what `sha256sum` prints of its files. */
export function versionOfFolder(folder: string): string {
  return hashOf(
    entriesOf(folder)
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${hashOf(readFileSync(join(folder, name)))}  ./${name}\n`)
      .join(''),
  );
}

const hashOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

function currentOf(path: string): { readonly applied: string | undefined; readonly problem?: string } {
  const link = join(path, 'current');
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat === undefined) {
    const versions = entriesOf(join(path, 'versions'));
    return { applied: undefined, ...(versions.length === 0 ? {} : { problem: 'current is missing' }) };
  }
  const target = stat.isSymbolicLink() ? readlinkSync(link) : '';
  const [, version] = /^versions\/([0-9a-f]{64})$/.exec(target) ?? [];
  if (version === undefined) return { applied: undefined, problem: 'current is no link to a version' };
  if (lstatSync(join(path, target), { throwIfNoEntry: false })?.isDirectory() !== true)
    return { applied: undefined, problem: `current leads to ${target}, which is not there` };
  return { applied: version };
}

function filesThatDiffer(folder: string, version: string): readonly Difference[] {
  const listed = listOf(folder);
  const entries = entriesOf(folder);
  const differences = [
    ...[...listed].flatMap(([name, sha256]) => {
      const entry = entries.find((one) => one.name === name);
      if (entry === undefined) return [`${name} is missing`];
      if (!entry.isFile()) return [`${name} is no file any more`];
      return hashOf(readFileSync(join(folder, name))) === sha256 ? [] : [`${name} was edited`];
    }),
    ...entries
      .filter(({ name }) => listed.size > 0 && name !== DEVICE_LIST && !listed.has(name))
      .map(({ name }) => `${name} was not applied`),
  ];
  if (differences.length === 0 && versionOfFolder(folder) !== version) {
    differences.push(listed.size === 0 ? 'files are not those that were applied' : `${DEVICE_LIST} was edited`);
  }
  return differences.map((what) => ({ kind: 'file', what }));
}

/** Names and hashes of the files that make up a version. */
function listOf(folder: string): ReadonlyMap<string, string> {
  const file = join(folder, DEVICE_LIST);
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return new Map();
  const words = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(words.flatMap(([what, sha256, name]) => (what === 'file' && sha256 && name ? [[name, sha256]] : [])));
}

/** By name, in the order of bytes; none where there is no folder. */
function entriesOf(folder: string): readonly Dirent[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
