import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTimeOf } from './guardian';
import { LabError } from './lab-error';
import type { ManagementRecord } from './management';
import type { Guest } from './runtime';

/** What is kept of a lab that is up, for the commands that come later. */
export interface LabRecord {
  readonly guest: Guest;
  /** The output that was booted. */
  readonly output: string;
  readonly release: string;
  readonly management?: ManagementRecord | undefined;
}

/** The lab of that name that a user looks for when no other name is given. */
export const DEFAULT_NAME = 'fabric';

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Sockets and logs of a lab; only its user may enter. A socket's path must be short, so it is not below the project. */
export function folderOf(name: string): string {
  if (!NAME.test(name)) throw new LabError(`"${name}" is no name of a lab`, 'use a-z, 0-9 and -, 32 at most');
  return join(labsFolder(), name);
}

function labsFolder(): string {
  return join(tmpdir(), `metal-fabric-lab-${process.getuid?.() ?? 0}`);
}

/** An empty folder for a new lab. @throws LabError if a lab of that name is up. */
export function makeFolder(name: string): string {
  const folder = folderOf(name);
  const record = tryReadRecord(name);
  if (record !== undefined && isAlive(record.guest)) {
    throw new LabError(`the lab "${name}" is up already`, `end it with metal-fabric lab down --name ${name}`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(labsFolder(), 0o700);
  return folder;
}

export function removeFolder(name: string): void {
  rmSync(folderOf(name), { recursive: true, force: true });
  try {
    if (readdirSync(labsFolder()).length === 0) rmSync(labsFolder(), { recursive: true });
  } catch {
    // Somebody else has just made or removed it.
  }
}

export function writeRecord(name: string, record: LabRecord): void {
  writeFileSync(join(folderOf(name), 'lab.json'), `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
}

/** The lab of a name. @throws LabError if it is not up. */
export function readRecord(name: string): LabRecord {
  const record = tryReadRecord(name);
  if (record === undefined || !isAlive(record.guest)) {
    throw new LabError(`no lab "${name}" is up`, 'start one: metal-fabric lab up cdktf.out');
  }
  return record;
}

export function tryReadRecord(name: string): LabRecord | undefined {
  const file = join(folderOf(name), 'lab.json');
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LabRecord;
  } catch {
    return undefined;
  }
}

export function isAlive({ pid, started }: Guest): boolean {
  return started !== '' && startTimeOf(pid) === started;
}
