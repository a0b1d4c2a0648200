import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { VERSIONS_FOLDER } from '../../lib/terraform';

/** Every file below a folder, by its path from there, in order; nothing if there is no such folder. */
export function readTree(folder: string): ReadonlyMap<string, string> {
  return new Map(filesBelow(folder).map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}

/** As a user sees them: through the links to the version that counts, and not in the folder of versions again. */
export function filesBelow(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name !== VERSIONS_FOLDER)
    .map((name) => join(folder, name))
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      // A link may lead to what is not there yet.
      if (stat === undefined) return [];
      return stat.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The files whose text differs between two trees, or that only one of them has, in order. */
export function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}
