import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../examples/files';

/** Which version lies in a folder, as far as it is one of the two. */
export interface State {
  /** By stack: `none` if nothing is there, `mixed` if it is neither of the versions. */
  readonly stacks: Readonly<Record<string, Which>>;
  readonly ledgers: Readonly<Record<string, Which>>;
}

export type Which = 'none' | 'old' | 'new' | 'mixed';

type Tree = ReadonlyMap<string, string>;

/** What a user finds in the two folders. */
export interface Written {
  readonly stacks: ReadonlyMap<string, Tree>;
  readonly ledgers: ReadonlyMap<string, string>;
}

export function readWritten(folder: string, names: readonly string[]): Written {
  return {
    stacks: new Map(names.map((name) => [name, readTree(join(folder, 'out', 'stacks', name))])),
    ledgers: new Map(names.map((name) => [name, tryRead(join(folder, 'lock', `${name}.json`)) ?? ''])),
  };
}

export function stateOf(
  written: Written,
  versions: { readonly old: Written | undefined; readonly new: Written },
): State {
  const { old, new: fresh } = versions;
  return {
    stacks: Object.fromEntries(
      [...written.stacks].map(([name, tree]) => [
        name,
        whichOf(tree.size === 0, isSame(tree, old?.stacks.get(name)), isSame(tree, fresh.stacks.get(name))),
      ]),
    ),
    ledgers: Object.fromEntries(
      [...written.ledgers].map(([name, text]) => [
        name,
        whichOf(text === '', text === old?.ledgers.get(name), text === fresh.ledgers.get(name)),
      ]),
    ),
  };
}

/** What is wrong with a state after a run that was killed: nothing may be mixed, and no ledger newer than its output. */
export function faultsOf({ stacks, ledgers }: State, hadOld: boolean): readonly string[] {
  const allowed: readonly Which[] = hadOld ? ['old', 'new'] : ['none', 'new'];
  return [
    ...Object.entries(stacks).flatMap(([name, which]) =>
      allowed.includes(which) ? [] : [`stack ${name} is ${which}`],
    ),
    ...Object.entries(ledgers).flatMap(([name, which]) =>
      allowed.includes(which) ? [] : [`ledger ${name} is ${which}`],
    ),
    ...Object.entries(ledgers).flatMap(([name, which]) =>
      which === 'new' && stacks[name] !== 'new' ? [`ledger ${name} is newer than its output`] : [],
    ),
  ];
}

/** What a synthesis leaves besides its output: nothing, and of each stack one version. */
export function leftovers(folder: string): readonly string[] {
  const stacks = join(folder, 'out', 'stacks');
  return [
    ...(existsSync(join(folder, 'out', '.staging')) ? ['.staging'] : []),
    ...readdirSync(stacks).flatMap((name) =>
      readdirSync(join(stacks, name, '.output'))
        .filter((one) => one !== 'current')
        .slice(1)
        .map((one) => `${name}/.output/${one}`),
    ),
  ];
}

/** Where each file lies on the disk, and when it was written. */
export function placesOf(folder: string): ReadonlyMap<string, string> {
  return new Map(
    [...readTree(folder).keys()].map((path) => {
      const { ino, mtimeMs } = statSync(join(folder, path));
      return [path, `${ino} ${mtimeMs}`];
    }),
  );
}

const whichOf = (isNone: boolean, isOld: boolean, isNew: boolean): Which =>
  isNone ? 'none' : isOld ? 'old' : isNew ? 'new' : 'mixed';

const isSame = (a: Tree, b: Tree | undefined): boolean =>
  b !== undefined && a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);

function tryRead(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
