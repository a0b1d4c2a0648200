import { isAbsolute, join, resolve } from 'node:path';
import type { Manifest } from '../manifest';
import { parseName, quote } from '../net';
import { ApplyError } from './apply-error';
import { printDeviceList, versionOf } from './device-list';
import { checkSshTarget, type SshTarget } from './ssh-target';

export type Role = Manifest['devices'][number]['role'];

/** A device of an output, with where it is found. */
export interface Device {
  readonly name: string;
  readonly role: Role;
  /** The text of its `device.list`, and the version that it stands for. */
  readonly list: string;
  readonly version: string;
  readonly target: SshTarget | DirectoryTarget;
  /** Its files in the output. */
  readonly files: readonly DeviceFile[];
  /** Its folder in the output. */
  readonly folder: string;
  /** What Terraform calls it, without the type of the resource. */
  readonly resource: string;
}

/** A folder that stands for a device. */
export interface DirectoryTarget {
  readonly kind: 'directory';
  /** Absolute. */
  readonly path: string;
}

export interface DeviceFile {
  readonly name: string;
  /** Its place on the device. */
  readonly path: string;
  readonly text: string;
}

/** An output as it lies on disk. */
export interface Synthesized {
  /** The folder of `fabric.json`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** By device, in the order of the manifest. */
  readonly files: ReadonlyMap<string, readonly { readonly path: string; readonly content: Buffer | string }[]>;
}

/**
 * The devices of an output, in its order.
 * @param names only these; all where it is empty
 * @param base the folder that paths of targets are relative to
 * @throws ApplyError if there is no device of such a name, or `fabric.json` says what it cannot have been written with.
 */
export function devicesOf(
  { folder, manifest, files }: Synthesized,
  names: readonly string[],
  base: string,
): readonly Device[] {
  const unknown = names.find((name) => manifest.devices.every((device) => device.name !== name));
  if (unknown !== undefined) {
    throw new ApplyError(
      `there is no device ${quote(unknown)} in ${manifest.partition}`,
      `name some of: ${manifest.devices.map(({ name }) => name).join(', ')}`,
    );
  }
  const chosen = manifest.devices.filter(({ name }) => names.length === 0 || names.includes(name));
  return chosen.map((entry): Device => {
    checkEntry(entry);
    const { name, role, target } = entry;
    const list = listIn(manifest, entry);
    return {
      name,
      role,
      list,
      version: versionOf(list),
      target:
        target.kind === 'ssh'
          ? target
          : { kind: target.kind, path: isAbsolute(target.path) ? target.path : resolve(base, target.path) },
      files: (files.get(name) ?? []).map(({ path, content }, index) => ({
        name: entry.files[index]?.name ?? '',
        path,
        text: content.toString(),
      })),
      folder: join(folder, name),
      resource: `device_${manifest.partition}_${name}`,
    };
  });
}

type Entry = Manifest['devices'][number];

function checkEntry({ name, files, target }: Entry): void {
  const refuse = (problem: string): never => {
    throw new ApplyError(`fabric.json: ${problem}`, 'synthesize again');
  };
  try {
    parseName(name);
  } catch {
    refuse(`${quote(name)} is no name of a device`);
  }
  const odd = files.find((file) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file.name));
  if (odd !== undefined) refuse(`${quote(odd.name)} is no file of device "${name}"`);
  if (target.kind === 'ssh') checkSshTarget(name, target);
}

function listIn(manifest: Manifest, entry: Entry): string {
  try {
    return printDeviceList(manifest, entry);
  } catch (error) {
    throw new ApplyError(`fabric.json is not whole: ${(error as Error).message}`, 'synthesize again');
  }
}
