import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printDeviceList, type SshTarget, versionOf } from '../../lib/apply';
import type { Manifest } from '../../lib/manifest';

const GOLDEN = resolve(__dirname, '../examples/golden');

/** Where the fabric lies in an output. */
export const FABRIC = 'stacks/fra-equ01/fabric/fra-equ01';

/** Writes a golden fabric as an output, with its devices at other targets. */
export function writeOutput(folder: string, fabric: string, target: (device: string) => object): Manifest {
  cpSync(join(GOLDEN, fabric, 'fra-equ01'), join(folder, 'stacks/fra-equ01'), { recursive: true });
  const file = join(folder, FABRIC, 'fabric.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const changed = {
    ...manifest,
    devices: manifest.devices.map((device) => ({ ...device, target: target(device.name) })),
  };
  writeFileSync(file, JSON.stringify(changed));
  return changed as Manifest;
}

/** Not that of any host. */
export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZlcnkgbXVjaCBhIGtleSBvZiB0aGlydHl0d28';

export const sshTarget = (device: string, more: Partial<SshTarget> = {}): SshTarget => ({
  kind: 'ssh',
  host: `${device}.test`,
  port: 22,
  user: 'root',
  become: 'none',
  hostKey: HOST_KEY,
  bastion: null,
  connectTimeout: 5,
  healthTimeout: 7,
  confirmTimeout: 9,
  ...more,
});

export const findVersion = (manifest: Manifest, device: string): string =>
  versionOf(
    printDeviceList(
      manifest,
      manifest.devices.find(({ name }) => name === device)!,
    ),
  );

/** What `show` prints of the files of an output. */
export function shown(folder: string, manifest: Manifest, device: string): readonly string[] {
  return manifest.devices
    .find(({ name }) => name === device)!
    .files.map(({ name }) => `file ${name} ${readFileSync(join(folder, FABRIC, device, name)).toString('base64')}`);
}
