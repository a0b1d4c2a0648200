import { type Asking, isSsh, wantedVersion } from './drift';
import { type DirectoryDevice, showDirectory } from './directory';
import type { Device, Role } from './devices';
import { type Effects, effectsOf, type Texts } from './effects';
import { onEach } from './on-each';
import { showApplied, type Trouble } from './on-device';
import type { SshOptions } from './ssh';
import { printDiff } from './text-diff';

export type PlanResult = 'unchanged' | 'changes' | 'new' | Trouble['trouble'];

/** What would be changed on one device. */
export interface DevicePlan {
  readonly device: string;
  readonly role: Role;
  readonly target: Device['target']['kind'];
  readonly result: PlanResult;
  /** The version in place, and the one of the output. */
  readonly applied: string | null;
  readonly wanted: string;
  /** Why it could not be compared. */
  readonly reason: string | null;
  /** Those that differ. */
  readonly files: readonly FilePlan[];
  /** None where nothing was applied yet: what is there is not known. */
  readonly effects: Effects | null;
}

export interface FilePlan {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Unified. */
  readonly diff: string;
}

/** Compares what was applied to devices with what the output has for them; changes nothing. */
export const previewDevices = (devices: readonly Device[], asking: Asking): Promise<readonly DevicePlan[]> =>
  onEach(devices, asking.parallel, (device) => previewDevice(device, asking), asking.watch);

async function previewDevice(device: Device, options: SshOptions): Promise<DevicePlan> {
  const { name, role, target } = device;
  const wanted = wantedVersion(device);
  const base = { device: name, role, target: target.kind, wanted };
  const shown = isSsh(device) ? await showApplied(device, options) : showDirectory(device as DirectoryDevice);
  if ('trouble' in shown) {
    return { ...base, result: shown.trouble, applied: null, reason: shown.reason, files: [], effects: null };
  }
  const { applied = null } = shown;
  const after: Texts = new Map(device.files.map((file) => [file.name, file.text]));
  const files = filesThatChange(shown.files, after);
  if (applied === null) return { ...base, result: 'new', applied, reason: null, files, effects: null };
  const same = applied === wanted && files.length === 0;
  const effects = same ? null : effectsOf(shown.files, after);
  return { ...base, result: same ? 'unchanged' : 'changes', applied, reason: null, files, effects };
}

function filesThatChange(before: Texts, after: Texts): readonly FilePlan[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name): readonly FilePlan[] => {
    const diff = printDiff(name, before.get(name), after.get(name));
    if (diff === '') return [];
    return [{ name, change: !before.has(name) ? 'added' : after.has(name) ? 'changed' : 'removed', diff }];
  });
}
