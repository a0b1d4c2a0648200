import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEVICE_LIST, printDeviceList } from '../apply';
import type { CompiledPartition } from '../compile';
import { DEVICE_PROGRAM, DIRECTORY_PROGRAM } from './provisioners';

/** The folder in a stack's output that holds the configurations. */
export const FABRIC_FOLDER = 'fabric';

/** The folder beside the partitions that holds the programs Terraform runs; no partition can be named so. */
export const PROGRAMS_FOLDER = '.programs';

const PROGRAMS = [
  join(__dirname, DIRECTORY_PROGRAM),
  // As it is in lib/, so it is in dist/lib/.
  join(__dirname, '..', 'apply', 'on-device', DEVICE_PROGRAM),
];

/**
 * Writes the configurations of a stack's partitions into its folder. All is written beside the old output first and then
 * renamed over it, so that a run that is killed leaves the old output or the new one.
 */
export function writeOutput(stackFolder: string, partitions: readonly CompiledPartition[]): void {
  const final = join(stackFolder, FABRIC_FOLDER);
  const fresh = `${final}.new`;
  const old = `${final}.old`;
  rmSync(fresh, { recursive: true, force: true });
  for (const partition of partitions) writePartition(join(fresh, partition.plan.partition.name), partition);
  writePrograms(join(fresh, PROGRAMS_FOLDER));
  rmSync(old, { recursive: true, force: true });
  if (existsSync(final)) renameSync(final, old);
  renameSync(fresh, final);
  rmSync(old, { recursive: true, force: true });
}

function writePartition(folder: string, { devices, manifest, manifestText }: CompiledPartition): void {
  mkdirSync(folder, { recursive: true });
  for (const { device, files } of devices) {
    mkdirSync(join(folder, device.name), { recursive: true });
    for (const { name, content } of files) writeFileSync(join(folder, device.name, name), content);
  }
  for (const entry of manifest.devices) {
    writeFileSync(join(folder, entry.name, DEVICE_LIST), printDeviceList(manifest, entry));
  }
  writeFileSync(join(folder, 'fabric.json'), manifestText);
}

function writePrograms(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const program of PROGRAMS) cpSync(program, join(folder, basename(program)));
}
