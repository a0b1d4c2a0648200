import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Manifest, manifestSchema } from '../manifest';
import { OutputError } from './output-error';

/** A file of a device. */
export interface PlacedFile {
  /** Where it belongs on the device. */
  readonly path: string;
  readonly content: Buffer;
}

/** A synthesized fabric as it lies on disk: `fabric.json` and the files of its devices. */
export interface Output {
  /** The folder of `fabric.json`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** By device. */
  readonly files: ReadonlyMap<string, readonly PlacedFile[]>;
  /** Files that are not what was synthesized, as `<device>/<file>`. */
  readonly changedByHand: readonly string[];
}

/**
 * Reads an output.
 * @param path `fabric.json`, its folder, or any folder above that holds one fabric, such as `cdktf.out`
 * @throws OutputError if there is none, more than one, or one that is not whole.
 */
export function readOutput(path: string): Output {
  const file = findFabric(resolve(path));
  const folder = dirname(file);
  const manifest = parseManifest(file);
  const files = new Map<string, readonly PlacedFile[]>();
  const changedByHand: string[] = [];
  for (const device of manifest.devices) {
    const read = device.files.map(({ name, path: place, sha256 }) => {
      const content = readDeviceFile(join(folder, device.name, name));
      if (createHash('sha256').update(content).digest('hex') !== sha256) changedByHand.push(`${device.name}/${name}`);
      return { path: place, content };
    });
    files.set(device.name, read);
  }
  return { folder, manifest, files, changedByHand };
}

function findFabric(path: string): string {
  if (!existsSync(path))
    throw new OutputError(`there is no ${path}`, 'synthesize first, and name cdktf.out or what is in it');
  if (!statSync(path).isDirectory()) return path;
  const found = fabricsBelow(path, 6);
  const [first] = found;
  if (first === undefined)
    throw new OutputError(`${path} holds no fabric.json`, 'synthesize first, and name cdktf.out');
  if (found.length > 1) {
    throw new OutputError(
      `${path} holds ${found.length} fabrics`,
      `name one: ${found.map((one) => dirname(one)).join(', ')}`,
    );
  }
  return first;
}

function fabricsBelow(folder: string, depth: number): readonly string[] {
  const entries = entriesOf(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.some((entry) => entry.isFile() && entry.name === 'fabric.json')) return [join(folder, 'fabric.json')];
  if (depth === 0) return [];
  // What is written before it counts, and what counted before, lies in hidden folders; links lead to what counts.
  return entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map(({ name }) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap((path) => fabricsBelow(path, depth - 1));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new OutputError(`${folder} cannot be read: ${message}`, 'name a folder that you may read');
  }
}

function parseManifest(file: string): Manifest {
  const parsed = manifestSchema.safeParse(tryJson(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new OutputError(
    `${file} is no fabric.json of this release${where}: ${issue?.message ?? ''}`,
    'synthesize again',
  );
}

function tryJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function readDeviceFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new OutputError(`${file} is missing`, 'synthesize again');
  }
}
