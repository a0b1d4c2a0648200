import { type Manifest, type Session, sessionsOf, sha256 } from '../manifest';

/** The file in a device's folder that says what is to be on it. */
export const DEVICE_LIST = 'device.list';

/** The sessions of a manifest, derived once for all of its devices. */
const sessions = new WeakMap<Manifest, ReadonlyMap<string, readonly Session[]>>();

/**
 * The text of `device.list`: what the program on the device reads. It holds the hash of every file, so that it changes when
 * any of them does.
 */
export function printDeviceList(
  manifest: Manifest,
  { name, role, management, files }: Manifest['devices'][number],
): string {
  const known = sessions.get(manifest) ?? sessionsOf(manifest);
  sessions.set(manifest, known);
  return [
    'metal-fabric-device 1',
    `device ${name}`,
    `role ${role}`,
    `frr ${manifest.frr}`,
    `management ${management.interface}`,
    ...(known.get(name) ?? []).map(({ vrf, neighbor }) => `session ${vrf} ${neighbor}`),
    ...files.map((file) => `file ${file.sha256} ${file.name} ${file.path}`),
    '',
  ].join('\n');
}

/** The version of a device's configuration. */
export function versionOf(list: string): string {
  return sha256(list);
}
