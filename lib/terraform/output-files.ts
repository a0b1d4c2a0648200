import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEVICE_LIST, printDeviceList } from '../apply';
import type { CompiledPartition } from '../compile';
import { PROOF_FILE } from '../manifest';
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

/** A file that is to be written. */
export interface OutputFile {
  /** Seen from the folder of the stack. */
  readonly path: string;
  readonly content: string;
  /** The rights of a program; undefined for those of any file. */
  readonly mode: number | undefined;
}

/** The files of a stack's partitions, those of a device one after another. */
export function* outputFiles(partitions: readonly CompiledPartition[]): Iterable<OutputFile> {
  if (partitions.length === 0) return;
  for (const partition of partitions) yield* partitionFiles(partition);
  for (const program of PROGRAMS) {
    const path = join(FABRIC_FOLDER, PROGRAMS_FOLDER, basename(program));
    yield { path, content: readFileSync(program, 'utf8'), mode: statSync(program).mode & 0o777 };
  }
}

/** What was proven of a partition as it lies in a stack's folder; undefined where none does. */
export function tryReadProof(stackFolder: string, partition: string): string | undefined {
  const file = join(stackFolder, FABRIC_FOLDER, partition, PROOF_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function* partitionFiles({ plan, devices, manifest, manifestText, proof }: CompiledPartition): Iterable<OutputFile> {
  const folder = join(FABRIC_FOLDER, plan.partition.name);
  const lists = new Map(manifest.devices.map((entry) => [entry.name, entry]));
  for (const { device, files } of devices) {
    for (const { name, content } of files) yield { path: join(folder, device.name, name), content, mode: undefined };
    const entry = lists.get(device.name);
    if (entry === undefined) throw new Error(`invariant: ${device.name} is not in the manifest`);
    yield { path: join(folder, device.name, DEVICE_LIST), content: printDeviceList(manifest, entry), mode: undefined };
  }
  yield { path: join(folder, 'fabric.json'), content: manifestText, mode: undefined };
  yield { path: join(folder, PROOF_FILE), content: proof, mode: undefined };
}
