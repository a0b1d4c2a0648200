import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileBytes } from './file-bytes';
import type { OutputFile } from './output-files';

/** The folder of a stack that holds what was written: a version, for a while a second one, and a link to the one that counts. */
export const VERSIONS_FOLDER = '.output';
const CURRENT = 'current';
const SLOTS = ['a', 'b'] as const;

/** The folder beside the stacks in which a synthesis writes until it is done. */
const STAGING_FOLDER = '.staging';

/** A stack as it is to be. */
interface Staged {
  /** Seen from the folder of the app. */
  readonly folder: string;
  readonly files: Iterable<OutputFile>;
  /** What is to be done once it is there. */
  readonly afterwards: () => void;
}

/**
 * The output of an app while it is written. It is written aside, by cdktf too. Only when all of it is there does each stack change
 * from its old version to the new one, by one rename: docs/decisions/0022-a-stack-changes-by-one-rename.md.
 */
export class VersionedOutput {
  #staged: Staged[] = [];

  /** @param outdir the folder of the app */
  public constructor(private readonly outdir: string) {
    // What a run that was killed left there.
    this.close();
    mkdirSync(join(this.folder, 'stacks'), { recursive: true });
  }

  /** Where cdktf is to write, as if it were the folder of the app. */
  public get folder(): string {
    return join(this.outdir, STAGING_FOLDER);
  }

  /** Takes a stack that cdktf has written there, with further files. */
  public stage(staged: Staged): void {
    this.#staged.push(staged);
  }

  /** Makes what was staged the output. */
  public publish(): void {
    const stacks = this.#staged.map(({ folder, files, afterwards }) => {
      const stack = new VersionedStack(join(this.outdir, folder));
      stack.write(join(this.folder, folder), [...files]);
      return { stack, afterwards };
    });
    this.#staged = [];
    for (const { stack } of stacks) stack.prepare();
    for (const { stack } of stacks) stack.change();
    for (const { afterwards } of stacks) afterwards();
    for (const { stack } of stacks) stack.tidy();
    replaceFile(join(this.folder, 'manifest.json'), join(this.outdir, 'manifest.json'));
  }

  /** Removes what was not published. */
  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a stack's folder holds versions. */
export function isVersioned(stackFolder: string): boolean {
  return existsSync(join(stackFolder, VERSIONS_FOLDER));
}

/** The folder of a stack. What is in it beside versions and the links to them, Terraform's own files say, is left alone. */
class VersionedStack {
  readonly #versions: string;
  readonly #current: string;
  /** Where a new version is written. */
  readonly #fresh: string;
  /** Whether there is one. */
  #isChanged = false;
  /** A link before it takes the name of another one. */
  readonly #next: string;

  public constructor(private readonly folder: string) {
    this.#versions = join(folder, VERSIONS_FOLDER);
    this.#current = join(this.#versions, CURRENT);
    this.#next = join(this.#versions, 'next');
    const old = tryReadLink(this.#current);
    this.#fresh = join(this.#versions, SLOTS.find((slot) => slot !== old) ?? SLOTS[0]);
  }

  /** Makes a version of what was written aside and the files, unless it would be the same as the current one. */
  public write(staged: string, files: readonly OutputFile[]): void {
    mkdirSync(this.#versions, { recursive: true });
    // What a run that was killed left there.
    for (const left of [this.#fresh, this.#next]) rmSync(left, { recursive: true, force: true });
    const byCdktf = filesBelow(staged);
    const before = new Set(filesBelow(this.#current));
    const bytes = new FileBytes();
    const isKept = (path: string, content: () => Buffer): boolean =>
      before.has(path) && bytes.isSame(join(this.#current, path), content());
    const kept = new Set([
      ...byCdktf.filter((path) => isKept(path, () => readFileSync(join(staged, path)))),
      ...files.filter(({ path, content }) => isKept(path, () => bytes.encode(content))).map(({ path }) => path),
    ]);
    if (kept.size === before.size && kept.size === byCdktf.length + files.length) return;
    for (const path of byCdktf.filter((one) => kept.has(one))) {
      rmSync(join(staged, path));
      keepFile(join(this.#current, path), join(staged, path));
    }
    for (const { path, content, mode } of inNewFolders(staged, files)) {
      if (kept.has(path)) keepFile(join(this.#current, path), join(staged, path));
      else writeFileSync(join(staged, path), bytes.encode(content), { mode: mode ?? 0o666 });
    }
    renameSync(staged, this.#fresh);
    this.#isChanged = true;
  }

  /** Makes links for names that there were not before: they lead nowhere until the change. */
  public prepare(): void {
    for (const name of readdirSync(this.#isChanged ? this.#fresh : this.#current)) {
      this.#takeAway(name);
      this.#link(join(VERSIONS_FOLDER, CURRENT, name), join(this.folder, name));
    }
    if (this.#isChanged) symlinkSync(basename(this.#fresh), this.#next);
  }

  /** Makes what was written the current version, by one rename. */
  public change(): void {
    if (this.#isChanged) renameSync(this.#next, this.#current);
  }

  /** Removes the old version, and links that lead nowhere any more: of this run, or of one that was killed before it came to that. */
  public tidy(): void {
    const names = readdirSync(this.#current);
    for (const name of this.#linked().filter((one) => !names.includes(one))) rmSync(join(this.folder, name));
    const current = tryReadLink(this.#current);
    for (const slot of SLOTS.filter((one) => one !== current)) {
      rmSync(join(this.#versions, slot), { recursive: true, force: true });
    }
  }

  /** A folder that is no link, as cdktf by itself writes it, cannot be replaced by one at once. */
  #takeAway(name: string): void {
    const stat = lstatSync(join(this.folder, name), { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) rmSync(join(this.folder, name), { recursive: true });
  }

  /** A link that takes the place of what had that name. */
  #link(target: string, link: string): void {
    if (tryReadLink(link) === target) return;
    symlinkSync(target, this.#next);
    renameSync(this.#next, link);
  }

  /** What leads to the current version. */
  #linked(): readonly string[] {
    return readdirSync(this.folder).filter(
      (name) => tryReadLink(join(this.folder, name)) === join(VERSIONS_FOLDER, CURRENT, name),
    );
  }
}

/** Writes the files into a folder in which none of them is. */
export function writeFiles(root: string, files: Iterable<OutputFile>): void {
  for (const { path, content, mode } of inNewFolders(root, files)) {
    writeFileSync(join(root, path), content, { mode: mode ?? 0o666 });
  }
}

/** The files, each after its folder was made. */
function* inNewFolders(root: string, files: Iterable<OutputFile>): Iterable<OutputFile> {
  let last = '';
  for (const file of files) {
    const folder = dirname(file.path);
    if (folder !== last) mkdirSync(join(root, folder), { recursive: true });
    last = folder;
    yield file;
  }
}

/** So the file keeps its place on the disk, and the time it was written. */
function keepFile(old: string, fresh: string): void {
  try {
    linkSync(old, fresh);
  } catch {
    // Not every file system has links, and not every user may link what is another's.
    copyFileSync(old, fresh);
  }
}

/** Leaves the old file alone if the new one is the same. */
function replaceFile(fresh: string, old: string): void {
  if (existsSync(old) && readFileSync(old).equals(readFileSync(fresh))) return;
  renameSync(fresh, old);
}

/** By their path from the folder; none if it is not there. */
function filesBelow(folder: string, within = ''): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const path = join(within, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

function tryReadLink(link: string): string | undefined {
  const stat = lstatSync(link, { throwIfNoEntry: false });
  return stat?.isSymbolicLink() === true ? readlinkSync(link) : undefined;
}
