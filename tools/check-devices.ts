import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type Verdict, checkFrr, checkInterfaces, checkNftables, toolsAtHand } from './real-parsers';

interface Manifest {
  readonly devices: readonly {
    readonly name: string;
    readonly files: readonly { readonly name: string; readonly sha256?: string }[];
  }[];
}

const PARSED: Readonly<Record<string, (files: readonly string[]) => Verdict[]>> = {
  'frr.conf': checkFrr,
  'nftables.conf': checkNftables,
  interfaces: checkInterfaces,
};

const root = process.argv[2];
if (root === undefined || !existsSync(root))
  fail('usage: tools/check-devices DIRECTORY, a folder that holds a fabric.json somewhere below');
if (toolsAtHand().length === 0) fail('no real parser is at hand; run tools/debian-tools');

const manifests = foldersWith('fabric.json', root);
if (manifests.length === 0) fail(`no fabric.json below ${root}: nothing was checked`);

const failures: string[] = [];
let leftOut = 0;
const expected = new Map<string, string[]>();
for (const folder of manifests)
  expect(folder, JSON.parse(readFileSync(join(folder, 'fabric.json'), 'utf8')) as Manifest);

console.log(`${manifests.length} fabric.json, ${[...expected.values()].flat().length} files of devices`);
for (const [kind, files] of expected) {
  const check = PARSED[kind];
  if (check === undefined) {
    console.log(`${kind}: ${files.length} present, no parser for this kind`);
    continue;
  }
  report(kind, files, check(files));
}
for (const kind of Object.keys(PARSED)) if (!expected.has(kind)) console.log(`${kind}: none named in fabric.json`);
if (!expected.has('frr.conf')) failures.push('no frr.conf at all: a fabric without routing was not what was meant');

if (failures.length > 0) fail(`\n${failures.join('\n')}\n\n${failures.length} failures`);
console.log(leftOut === 0 ? 'all accepted' : 'accepted, except what was NOT CHECKED');

function expect(folder: string, { devices }: Manifest): void {
  if (devices.length === 0) failures.push(`${join(folder, 'fabric.json')} names no devices`);
  for (const device of devices) {
    if (device.files.length === 0)
      failures.push(`${join(folder, 'fabric.json')}: device "${device.name}" names no files`);
    for (const file of device.files) {
      const path = join(folder, device.name, basename(file.name));
      if (!existsSync(path)) {
        failures.push(`${path}: named in fabric.json, not there`);
        continue;
      }
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      if (file.sha256 !== undefined && file.sha256 !== sha256)
        failures.push(`${path}: is not the file that fabric.json has the sha256 of`);
      const kind = basename(path);
      expected.set(kind, [...(expected.get(kind) ?? []), path]);
    }
  }
  const known = new Set(devices.map(({ name }) => name));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !known.has(entry.name))
      failures.push(`${join(folder, entry.name)}: a device that fabric.json does not name`);
  }
}

function report(kind: string, files: readonly string[], verdicts: readonly Verdict[]): void {
  const byParser = groupedByParser(verdicts);
  const answered = new Set(verdicts.map(({ file }) => file));
  for (const file of files.filter((one) => !answered.has(one)))
    failures.push(`${relative('.', file)}: no parser at hand knows what it is written for`);
  for (const [parser, own] of byParser) {
    const refused = own.filter(({ ok }) => !ok);
    const unchecked = parser.endsWith('NOT CHECKED');
    if (unchecked) {
      leftOut += 1;
      console.log(`${kind}: ${parser}`);
    } else console.log(`${kind}: ${own.length - refused.length} of ${own.length} accepted by ${parser}`);
    for (const { file, output } of refused)
      failures.push(`${relative('.', file)} refused by ${parser}:\n    ${output.replaceAll('\n', '\n    ')}`);
  }
}

function groupedByParser(verdicts: readonly Verdict[]): Map<string, Verdict[]> {
  const groups = new Map<string, Verdict[]>();
  for (const one of verdicts) groups.set(one.parser, [...(groups.get(one.parser) ?? []), one]);
  return groups;
}

function foldersWith(name: string, folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name === name)
      // Node 20.9 has `path`, later ones `parentPath`.
      .map((entry) => (entry as { parentPath?: string }).parentPath ?? (entry as { path: string }).path)
      .sort()
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
