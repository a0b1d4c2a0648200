import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What one real parser says about one file. */
export interface Verdict {
  readonly file: string;
  /** Such as `vtysh 8.4.4-1.1~deb12u2 (bookworm)`. */
  readonly parser: string;
  readonly ok: boolean;
  /** The parser's own words. */
  readonly output: string;
}

interface Tool {
  readonly name: string;
  readonly release: string;
  readonly version: string;
  readonly path: string;
}

const ROOT = resolve(__dirname, '..');
const STORE = join(ROOT, '.cache', 'debian');
const LARGE = 1 << 29;

/** Every parser that `tools/debian-tools` has brought; empty when it has not run. */
export function toolsAtHand(): readonly Tool[] {
  const list = join(STORE, 'tools.tsv');
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', release = '', version = '', path = ''] = line.split('\t');
      return { name, release, version, path: join(STORE, path) };
    });
}

/** `describe` when the parsers are at hand or must be (in CI), else a skipped one that names the command to get them. */
export function describeWithRealParsers(name: string, body: () => void): void {
  if (toolsAtHand().length > 0 || process.env['CI'] !== undefined) describe(name, body);
  else describe.skip(`${name} (not checked: run tools/debian-tools)`, body);
}

/**
 * Every FRR at hand that a file may be given to: the syntax as vtysh sees it, and what bgpd itself makes of it. What is
 * written for FRR 10 has lines that older ones do not know.
 */
export function checkFrr(files: readonly string[]): Verdict[] {
  return [...versionsOf('vtysh').flatMap((tool) => vtyshVerdicts(tool, filesFor(tool, files))), ...bgpdVerdicts(files)];
}

function filesFor({ version }: Tool, files: readonly string[]): readonly string[] {
  if (parseInt(version, 10) >= 10) return files;
  return files.filter((file) => !/^frr version [1-9]\d/m.test(readFileSync(file, 'utf8')));
}

/**
 * nft's own parser, and where this machine allows a throw-away network namespace, the kernel's. nft always asks the
 * kernel; where that is forbidden, as in an ordinary container, the files are passed with a warning, in CI refused.
 */
export function checkNftables(files: readonly string[]): Verdict[] {
  const { wrap, isolated } = sandbox(files);
  return versionsOf('nft').flatMap((tool) => {
    const nft = quoted(tool.path);
    const refusal =
      spoken(['nothing'], wrap, () => `echo 'table inet probe' | ${nft} -c -f /dev/stdin`)[0]?.output ?? '';
    if (refusal !== '') return files.map((file) => unchecked(tool, file, refusal));
    return judged(tool, files, wrap, (path) => {
      const file = quoted(path);
      // A check alone lets pass what the kernel refuses, such as snat outside of a nat chain.
      return isolated ? `${nft} -c -f ${file} && ${nft} -f ${file} && ${nft} flush ruleset` : `${nft} -c -f ${file}`;
    });
  });
}

let warned = false;

function unchecked({ name, version, release }: Tool, file: string, refusal: string): Verdict {
  const output = `NOT CHECKED: this machine does not let nft ask the kernel (${refusal.split('\n')[0] ?? ''}); in a container, add the capability NET_ADMIN`;
  if (!warned) process.emitWarning(output);
  warned = true;
  return { file, parser: `${name} ${version} (${release}), NOT CHECKED`, ok: process.env['CI'] === undefined, output };
}

/** ifupdown2's own parser, strict: unknown attributes are errors. */
export function checkInterfaces(files: readonly string[]): Verdict[] {
  const { wrap } = sandbox(files);
  return versionsOf('ifupdown2').flatMap((tool) => {
    if (files.length === 0) return [];
    const python = join(STORE, 'bin', `run-${tool.release}`);
    const script = `exec ${[python, 'usr/bin/python3', join(ROOT, 'tools', 'check-interfaces.py'), tool.path, ...files].map(quoted).join(' ')}`;
    const run = shell(wrap, script);
    const answers = run.stdout.split('\n').filter((line) => line.startsWith('{'));
    if (answers.length !== files.length) {
      throw new Error(`ifupdown2 answered for ${answers.length} of ${files.length} files:\n${run.stdout}${run.stderr}`);
    }
    return answers.map((line) => {
      const { file, status, output } = JSON.parse(line) as { file: string; status: number; output: string };
      return verdict(tool, file, status, output);
    });
  });
}

/** shellcheck; what a program sources is read, too, by its path in the checkout. */
export function checkShell(files: readonly string[]): Verdict[] {
  const flags = ['--external-sources', '--source-path', ROOT];
  return versionsOf('shellcheck').flatMap((tool) =>
    judged(tool, files, [], (file) => [tool.path, ...flags, file].map(quoted).join(' ')),
  );
}

export const vtyshCheck = (file: string): { ok: boolean; output: string } => summed(checkFrr([file]));
export const nftCheck = (file: string): { ok: boolean; output: string } => summed(checkNftables([file]));
export const ifupdown2Check = (file: string): { ok: boolean; output: string } => summed(checkInterfaces([file]));

function summed(verdicts: readonly Verdict[]): { ok: boolean; output: string } {
  const failed = verdicts.filter(({ ok }) => !ok);
  return { ok: failed.length === 0, output: failed.map(({ parser, output }) => `${parser}: ${output}`).join('\n') };
}

function versionsOf(name: string): Tool[] {
  const found = toolsAtHand().filter((tool) => tool.name === name);
  if (found.length === 0) throw new Error(`no ${name} is at hand; run tools/debian-tools`);
  return found;
}

function vtyshVerdicts(tool: Tool, files: readonly string[]): Verdict[] {
  return judged(tool, files, sandbox(files).wrap, (file) => `${quoted(tool.path)} -C -f ${quoted(file)}`);
}

/**
 * vtysh knows the grammar only. bgpd, told to read and exit, also refuses what has no meaning: a neighbor without an AS,
 * `le` below the prefix length, a second instance. It always exits with 0 and does not know the other daemons' commands.
 */
function bgpdVerdicts(files: readonly string[]): Verdict[] {
  const scratch = mkdtempSync(join(tmpdir(), 'bgpd-'));
  try {
    return versionsOf('bgpd').flatMap((tool) => {
      const asked = filesFor(tool, files);
      const copies = asked.map((file, index) => {
        const copy = join(scratch, `${tool.release}-${index}.conf`);
        writeFileSync(copy, withoutBlocksOfOthers(readFileSync(file, 'utf8')));
        return copy;
      });
      const flags = [
        '-S',
        '-C',
        '-n',
        '-p',
        '0',
        '-i',
        join(scratch, 'pid'),
        '--vty_socket',
        scratch,
        '-z',
        join(scratch, 'zserv'),
      ];
      const command = (copy: string) => [tool.path, ...flags, '-f', copy].map(quoted).join(' ');
      return spoken(copies, sandbox(copies).wrap, command).map(({ output }, index) => {
        const complaints = output.split('\n').filter(isComplaint).join('\n');
        return verdict(tool, asked[index] ?? '', complaints === '' ? 0 : 1, complaints);
      });
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The `exit` of a block that bgpd does not know would end its reading: such blocks are blanked, so lines keep their numbers. */
function withoutBlocksOfOthers(text: string): string {
  let others = false;
  return text
    .split('\n')
    .map((line) => {
      const closes = /^(exit|end)/.test(line);
      if (/^[^\s!]/.test(line) && !closes) others = HEADS_OF_OTHERS.test(line);
      const blanked = others;
      if (closes) others = false;
      return blanked ? '!' : line;
    })
    .join('\n');
}

const HEADS_OF_OTHERS = /^(bfd|key chain |nexthop-group |pbr-map |router (?!bgp)|segment-routing|vrf )/;

function isComplaint(line: string): boolean {
  if (line.trim() === '' || /log ?file/.test(line)) return false;
  const logged = /^\d{4}\/\d\d\/\d\d /.test(line);
  return !logged || /Command returned|error processing configuration/.test(line);
}

function judged(
  tool: Tool,
  files: readonly string[],
  wrap: readonly string[],
  command: (file: string) => string,
): Verdict[] {
  return spoken(files, wrap, command).map(({ status, output }, index) =>
    verdict(tool, files[index] ?? '', status, output),
  );
}

function verdict({ name, release, version }: Tool, file: string, status: number, output: string): Verdict {
  const parser = `${name} ${version} (${release})`;
  if (existsSync(file) && readFileSync(file, 'utf8').trim() === '')
    return { file, parser, ok: false, output: 'the file is empty' };
  const words = output.trim();
  return {
    file,
    parser,
    ok: status === 0 && words === '',
    output: words === '' && status !== 0 ? `exit ${status}` : words,
  };
}

/** Runs one command for each file, all in one shell, because entering the sandbox costs more than most commands. */
function spoken(
  files: readonly string[],
  wrap: readonly string[],
  command: (file: string) => string,
): { status: number; output: string }[] {
  if (files.length === 0) return [];
  const script = files
    .map((file) => `out=$( { ${command(file)}; } 2>&1 </dev/null); printf '%s\\0%s\\0' "$?" "$out"`)
    .join('\n');
  const run = shell(wrap, script);
  const fields = run.stdout.split('\0');
  if (fields.length !== 2 * files.length + 1) throw new Error(`a parser run broke off:\n${run.stdout}${run.stderr}`);
  return files.map((_, index) => ({ status: Number(fields[2 * index]), output: fields[2 * index + 1] ?? '' }));
}

function shell(wrap: readonly string[], script: string): { stdout: string; stderr: string } {
  const [program = 'sh', ...rest] = wrap;
  const { stdout, stderr, error } = spawnSync(program, wrap.length === 0 ? [] : [...rest, 'sh'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: LARGE,
  });
  if (error !== undefined) throw error;
  return { stdout, stderr };
}

let unshare: readonly string[] | undefined;

/** Own network, mounts and (without root) user: rulesets are loaded and FRR writes its crash logs where nobody is hurt. */
function sandbox(files: readonly string[]): { wrap: readonly string[]; isolated: boolean } {
  if (unshare === undefined) {
    const candidate =
      process.getuid?.() === 0 ? ['unshare', '--net', '--mount'] : ['unshare', '--map-root-user', '--net', '--mount'];
    unshare = spawnSync('unshare', [...candidate.slice(1), 'true']).status === 0 ? candidate : [];
  }
  if (unshare.length === 0) return { wrap: [], isolated: false };
  const hidden = ['/run', '/var/tmp'].filter((folder) => !files.some((file) => resolve(file).startsWith(`${folder}/`)));
  const mounts = hidden.map((folder) => `mount -t tmpfs none ${folder} 2>/dev/null; `).join('');
  return { wrap: [...unshare, 'sh', '-c', `${mounts}exec "$@"`, 'sandbox'], isolated: true };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
