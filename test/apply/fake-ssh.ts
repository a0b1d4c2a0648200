import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PROGRAM } from '../../lib/apply';

/** A call of ssh: its arguments, what it found beside it, and what it was given. */
export interface Call {
  readonly argv: readonly string[];
  /** By name of the file in the folder it ran in: mode and text. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether the program for devices came through standard input. */
  readonly program: boolean;
}

/** What a device says to an action. */
export interface Answer {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  /** Seconds before it says so. */
  readonly after?: number;
}

// Host and command are the last two arguments. A device is a folder; `<action>` in it is what it answers. With
// a `box` in it, the real program runs there.
const SCRIPT = `#!/bin/sh
home=$(dirname -- "$(dirname -- "$0")")
number=$$
call=$home/calls/$number
mkdir -p "$call/files"
for word in "$@"; do printf '%s\\0' "$word"; done >"$call/argv"
for file in *; do
  [ -e "$file" ] && { stat -c %a "$file"; cat "$file"; } >"$call/files/$file"
done
cat >"$call/stdin"
while [ $# -gt 2 ]; do shift; done
host=$1 command=$2
pwd >"$call/folder"
date +%s.%N >"$call/began"
device=$home/devices/$host
action=\${command##*-s -- }
action=\${action#*/etc/metal-fabric/program }
action=\${action%% *}
if [ -f "$device/box" ]; then
  . "$device/box"
  sh -c "$(printf '%s\\n' "$command" | sed "s!/etc/metal-fabric/program!$METAL_FABRIC_ROOT&!")" <"$call/stdin"
  exit
fi
[ -f "$device/$action.code" ] || { echo "ssh: connect to host $host port 22: Connection refused" >&2; exit 255; }
sleep "$(cat "$device/$action.after")"
cat "$device/$action.err" >&2
cat "$device/$action.out"
code=$(cat "$device/$action.code")
if [ -f "$device/$action.then" ]; then sh "$device/$action.then"; fi
exit "$code"
`;

/** An `ssh` that comes first on PATH, and connects to folders. */
export class FakeSsh {
  public readonly home = mkdtempSync(join(tmpdir(), 'fake-ssh-'));
  readonly #path = process.env['PATH'];

  public constructor() {
    for (const folder of ['bin', 'calls', 'devices']) mkdirSync(join(this.home, folder));
    writeFileSync(join(this.home, 'bin', 'ssh'), SCRIPT, { mode: 0o755 });
    process.env['PATH'] = `${join(this.home, 'bin')}:${this.#path ?? ''}`;
  }

  public end(): void {
    process.env['PATH'] = this.#path;
    rmSync(this.home, { recursive: true, force: true });
  }

  /** @param then what changes in the device's folder with it, as a program of the shell that runs there */
  public answers(
    host: string,
    action: string,
    { out = '', err = '', code = 0, after = 0 }: Answer,
    then?: string,
  ): void {
    const folder = this.#device(host);
    for (const [name, text] of Object.entries({ out, err, code: `${code}`, after: `${after}` }))
      writeFileSync(join(folder, `${action}.${name}`), text);
    if (then !== undefined) writeFileSync(join(folder, `${action}.then`), `cd '${folder}' && ${then}\n`);
  }

  /** Idle, and as `drift` and `show` say. */
  public device(host: string, applied: string, drift: readonly string[] = [], files: readonly string[] = []): void {
    const lines = (more: readonly string[]): string => [`applied ${applied}`, ...more, ''].join('\n');
    this.answers(host, 'status', {
      out: `device ${host}\napplied ${applied}\nstate idle\nphase \nsince \nfrr 10.3\nnft 1.1.3\n`,
    });
    this.answers(host, 'drift', { out: lines(drift), code: drift.length === 0 ? 0 : 3 });
    this.answers(host, 'show', { out: lines(files) });
  }

  /** A device on which the real program runs. */
  public box(host: string, root: string): void {
    const env = { ROOT: root, PATH: `${root}/bin:/usr/sbin:/usr/bin:/sbin:/bin`, SETTLE: '0.05' };
    const lines = Object.entries(env).map(([name, value]) => `export METAL_FABRIC_${name}='${value}'\n`);
    writeFileSync(join(this.#device(host), 'box'), `${lines.join('')}export STATE='${root}/state'\n`);
  }

  /** In the order they began. */
  public calls(): readonly Call[] {
    const folders = readdirSync(join(this.home, 'calls')).map((name) => join(this.home, 'calls', name));
    const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
    return folders
      .filter((folder) => existsSync(join(folder, 'began')))
      .sort((a, b) => Number(read(a, 'began')) - Number(read(b, 'began')))
      .map((folder) => ({
        argv: read(folder, 'argv').split('\0').slice(0, -1),
        files: Object.fromEntries(
          readdirSync(join(folder, 'files')).map((name) => [name, read(join(folder, 'files'), name)]),
        ),
        program: read(folder, 'stdin') === readFileSync(PROGRAM, 'utf8'),
      }));
  }

  /** Folders that it ran in, and that are still there. */
  public leftBehind(): readonly string[] {
    return readdirSync(join(this.home, 'calls'))
      .map((name) => readFileSync(join(this.home, 'calls', name, 'folder'), 'utf8').trim())
      .filter(existsSync);
  }

  /** Host and command of each call. */
  public commands(): readonly (readonly [string, string])[] {
    return this.calls().map(({ argv }) => [argv.at(-2) ?? '', argv.at(-1) ?? '']);
  }

  #device(host: string): string {
    const folder = resolve(this.home, 'devices', host);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}
