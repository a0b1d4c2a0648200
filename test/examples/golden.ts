import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTree } from './files';

export const GOLDEN = join(__dirname, 'golden');

/**
 * Holds a tree of files against the one kept in `golden/`: the same names, the same text. With UPDATE_GOLDEN=1 the kept
 * one is rewritten instead; read the diff.
 */
export function expectGolden(name: string, tree: ReadonlyMap<string, string>): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeTree(join(GOLDEN, name), tree);
  const kept = readTree(join(GOLDEN, name));
  expect([...tree.keys()].sort()).toEqual([...kept.keys()].sort());
  for (const [file, text] of tree) {
    if (text !== kept.get(file)) expect({ file, text }).toEqual({ file, text: kept.get(file) });
  }
}

function writeTree(folder: string, tree: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of tree) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
