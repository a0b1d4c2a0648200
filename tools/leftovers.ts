import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What labs have left on this machine: processes of guests, namespaces, folders. Nothing, when all are down. */
export function leftovers(): readonly string[] {
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /qemu-system-x86_64 -L|lab\/guest\/enter|\/lab\/agent\.py/.test(line));
  const folder = join(tmpdir(), `metal-fabric-lab-${process.getuid?.() ?? 0}`);
  const folders = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const namespaces = existsSync('/run/netns')
    ? readdirSync('/run/netns').map((name) => `network namespace ${name}`)
    : [];
  return [...processes, ...folders, ...namespaces];
}
