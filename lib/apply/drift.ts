import { type DirectoryDevice, findDriftInDirectory, versionOfFolder } from './directory';
import type { Device, Role } from './devices';
import { onEach, type Progress } from './on-each';
import { type Difference, findDrift, type Found, type SshDevice, type Trouble } from './on-device';
import type { SshOptions } from './ssh';

export type DriftResult = 'as-applied' | 'drifted' | 'other-version' | 'never-applied' | Trouble['trouble'];

/** What was found on one device. */
export interface DeviceDrift {
  readonly device: string;
  readonly role: Role;
  readonly target: Device['target']['kind'];
  readonly result: DriftResult;
  /** The version in place, and the one of the output. */
  readonly applied: string | null;
  readonly wanted: string;
  /** Between what runs and what was applied, whichever version that is. */
  readonly differences: readonly Difference[];
  /** Why it could not be compared. */
  readonly reason: string | null;
}

/** How devices are asked. */
export interface Asking extends SshOptions {
  /** How many at a time. */
  readonly parallel: number;
  readonly watch?: ((progress: Progress) => void) | undefined;
}

/** Compares what runs on devices with what was applied to them; changes nothing. */
export const compareDevices = (devices: readonly Device[], asking: Asking): Promise<readonly DeviceDrift[]> =>
  onEach(devices, asking.parallel, (device) => compareDevice(device, asking), asking.watch);

async function compareDevice(device: Device, options: SshOptions): Promise<DeviceDrift> {
  const { name, role, target } = device;
  const wanted = wantedVersion(device);
  const base = { device: name, role, target: target.kind, wanted };
  const found = isSsh(device) ? await findDrift(device, options) : findDriftInDirectory(device as DirectoryDevice);
  if ('trouble' in found) {
    return { ...base, result: found.trouble, applied: null, differences: [], reason: found.reason };
  }
  const { applied = null, differences } = found;
  return { ...base, result: resultOf(found, wanted), applied, differences, reason: null };
}

function resultOf({ applied, differences }: Found, wanted: string): DriftResult {
  if (applied === undefined) return differences.length === 0 ? 'never-applied' : 'drifted';
  if (applied !== wanted) return 'other-version';
  return differences.length === 0 ? 'as-applied' : 'drifted';
}

/** The version that the device would have if the output were applied: a folder is named after its files. */
export const wantedVersion = (device: Device): string =>
  isSsh(device) ? device.version : versionOfFolder(device.folder);

export const isSsh = (device: Device): device is SshDevice => device.target.kind === 'ssh';
