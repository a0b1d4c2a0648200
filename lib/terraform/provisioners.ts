import { relative, resolve, posix } from 'node:path';
import type { FileProvisioner, LocalExecProvisioner, RemoteExecProvisioner } from 'cdktf';
import { type DirectoryTarget, folderOf, type SshTarget, type Target } from '../model';
import { terraformText } from './escape';
import { later } from './later';
import { connectionOf, type PrivateKeys, REMOVE_OLD_SCRIPTS } from './ssh-connection';

export type Provisioner = FileProvisioner | LocalExecProvisioner | RemoteExecProvisioner;

/** A target that was read: what was declared, and what Terraform alone knows. */
export interface ReadTarget {
  readonly declared: Target;
  readonly keys: PrivateKeys;
}

/** What is applied, and to which device. */
export interface DeviceOutput {
  readonly device: string;
  /** Where the device is reached over SSH. */
  readonly host: string;
  /** The version of its configuration. Known when the stack is written. */
  readonly version: () => string;
  /** The folder of the stack in the output: Terraform runs there. Known when the stack is written. */
  readonly stackFolder: () => string;
  /** The device's folder, seen from the folder of the stack. */
  readonly folder: string;
  /** The folder of programs, seen from the folder of the stack. */
  readonly programs: string;
}

/** The program that applies to a folder, and the one that runs on a device. */
export const DIRECTORY_PROGRAM = 'apply-to-directory.sh';
export const DEVICE_PROGRAM = 'metal-fabric-device';

/** What would be another place for the device: part of what makes Terraform apply it again. */
export function describePlace(
  { declared }: ReadTarget,
  { device, host }: Pick<DeviceOutput, 'device' | 'host'>,
): string {
  switch (declared.kind) {
    case 'directory':
      return terraformText(`directory:${folderOf(declared, device)}`);
    case 'ssh':
      return terraformText(`ssh:${host.includes(':') ? `[${host}]` : host}:${declared.port}`);
  }
}

/** What Terraform runs to apply a device, one after another. */
export function provisionersOf({ declared, keys }: ReadTarget, output: DeviceOutput): readonly Provisioner[] {
  switch (declared.kind) {
    case 'directory':
      return [intoDirectory(declared, output)];
    case 'ssh':
      return overSsh(declared, keys, output);
  }
}

const intoDirectory = (
  { path }: DirectoryTarget,
  { device, stackFolder, folder, programs }: DeviceOutput,
): LocalExecProvisioner => ({
  type: 'local-exec',
  // Values of users travel as environment variables: no shell ever reads them as text of a program.
  command: `sh "$FABRIC_PROGRAMS/${DIRECTORY_PROGRAM}"`,
  environment: {
    FABRIC_PROGRAMS: terraformText(programs),
    FABRIC_NEW: terraformText(folder),
    FABRIC_TARGET: later(() => terraformText(relative(resolve(stackFolder()), resolve(path, device)))),
  },
});

/** Where what is to be applied waits on the device, relative to the home of the user. */
const WAITING = '.metal-fabric';

/**
 * Two connections besides those that copy: what is applied over the first is confirmed over the second, so that a device that can no
 * longer be reached is not confirmed. All that is written into a command is of a grammar without a meaning to a shell.
 */
function overSsh(
  target: SshTarget,
  keys: PrivateKeys,
  { host, version, folder, programs }: DeviceOutput,
): readonly Provisioner[] {
  const connection = connectionOf(target, keys, host);
  const named = (text: (version: string) => string): string => later(() => text(version()));
  const run = (...lines: readonly string[]): RemoteExecProvisioner => ({
    type: 'remote-exec',
    connection,
    inline: ['set -eu', ...lines],
  });
  const copy = (source: string, destination: string): FileProvisioner => ({
    type: 'file',
    connection,
    source: terraformText(source),
    destination,
  });
  const become = target.become === 'none' ? 'sh' : `${target.become} -n sh`;
  const { health, confirm } = target.timeouts;
  const waiting = (v: string): string => `${WAITING}/${v}`;
  return [
    run(
      'umask 077',
      REMOVE_OLD_SCRIPTS,
      named((v) => `rm -rf ${waiting(v)}`),
      named((v) => `mkdir -p ${waiting(v)}`),
    ),
    copy(`${folder}/`, named(waiting)),
    copy(
      posix.join(programs, DEVICE_PROGRAM),
      named((v) => `${waiting(v)}/program`),
    ),
    run(
      named((v) => `${become} ${waiting(v)}/program apply ${waiting(v)} ${v} --health ${health} --confirm ${confirm}`),
    ),
    run(named((v) => `${become} /etc/metal-fabric/program confirm ${v}`)),
  ];
}
