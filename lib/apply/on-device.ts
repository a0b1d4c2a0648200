import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from './devices';
import { lastWords, printable } from './said';
import { type Ran, runOnDevice, type SshOptions } from './ssh';
import type { SshTarget } from './ssh-target';

/** A device over SSH. */
export type SshDevice = Device & { readonly target: SshTarget };

/** Kinds of things on a device that are compared. */
export const KINDS = ['file', 'frr', 'nftables', 'interfaces', 'addresses', 'routes', 'rules', 'sysctl'] as const;
export type Kind = (typeof KINDS)[number];

/** One thing that is not as it was applied. */
export interface Difference {
  readonly kind: Kind;
  readonly what: string;
}

/** Why there is no answer that could be compared. */
export interface Trouble {
  readonly trouble: 'busy' | 'interrupted' | 'unreachable' | 'error';
  readonly reason: string;
}

export interface Found {
  /** The version in place; undefined if nothing was applied yet. */
  readonly applied: string | undefined;
  readonly differences: readonly Difference[];
}

export interface Shown {
  readonly applied: string | undefined;
  /** Texts of files, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** The program that runs on devices; it comes with the connection, and needs not be there. */
export const PROGRAM = join(__dirname, 'on-device', 'metal-fabric-device');

/** Seconds that a device may take to look at itself. */
const LOOK_SECONDS = 120;

/** What differs on a device from what was applied to it. */
export async function findDrift(device: SshDevice, options: SshOptions): Promise<Found | Trouble> {
  const ran = await look(device, 'drift', options);
  if ('trouble' in ran) return ran;
  const { code, out } = ran;
  const read = readAnswer(out);
  const differences = read?.lines.map(readDifference) ?? [];
  // 3 says that there is drift, and so do the lines.
  if (read === undefined || differences.includes(undefined) || code !== (differences.length === 0 ? 0 : 3))
    return misunderstood(device, ran);
  return { applied: read.applied, differences: differences as Difference[] };
}

/** What was applied to a device. */
export async function showApplied(device: SshDevice, options: SshOptions): Promise<Shown | Trouble> {
  const ran = await look(device, 'show', options);
  if ('trouble' in ran) return ran;
  const read = readAnswer(ran.out);
  const files = read?.lines.map(readFile) ?? [];
  if (read === undefined || files.includes(undefined) || ran.code !== 0) return misunderstood(device, ran);
  return { applied: read.applied, files: new Map(files as [string, string][]) };
}

/** While a device is being changed, there is nothing to compare it with. */
async function look(
  device: SshDevice,
  action: 'drift' | 'show',
  options: SshOptions,
): Promise<Extract<Ran, { kind: 'ran' }> | Trouble> {
  const status = await ask(device, 'status', options);
  if (status.kind === 'unreachable') return { trouble: 'unreachable', reason: status.reason };
  const state = new Map(status.out.split('\n').map((line) => splitOnce(line, ' ')));
  const phase = printable(state.get('phase') ?? '');
  switch (status.code === 0 ? state.get('state') : undefined) {
    case 'idle':
      break;
    case 'busy':
      return { trouble: 'busy', reason: `it is being changed (at: ${phase})` };
    case 'unconfirmed':
      return { trouble: 'busy', reason: 'a change waits to be confirmed' };
    case 'interrupted':
      return {
        trouble: 'interrupted',
        reason: `a change was interrupted (at: ${phase}); the next one takes it back first`,
      };
    case undefined:
    default:
      return misunderstood(device, status);
  }
  const ran = await ask(device, action, options);
  return ran.kind === 'ran' ? ran : { trouble: 'unreachable', reason: ran.reason };
}

const ask = ({ target }: SshDevice, action: string, options: SshOptions): Promise<Ran> =>
  runOnDevice(
    target,
    { words: ['sh', '-s', '--', action], input: readFileSync(PROGRAM, 'utf8'), seconds: LOOK_SECONDS },
    options,
  );

function misunderstood({ name }: SshDevice, { code, out, err }: Extract<Ran, { kind: 'ran' }>): Trouble {
  const words = lastWords(err, name) || lastWords(out, name) || 'it says nothing';
  return { trouble: 'error', reason: `${words} (exit status ${code})` };
}

/** Lines from `applied` on; before it stands what shells of some sites say at every login. */
function readAnswer(
  out: string,
): { readonly applied: string | undefined; readonly lines: readonly string[] } | undefined {
  const lines = out.split('\n');
  const start = lines.findIndex((line) => /^applied (none|initial|[0-9a-f]{64})$/.test(line));
  const [, applied] = splitOnce(lines[start] ?? '', ' ');
  if (applied === '' || lines.at(-1) !== '') return undefined;
  return { applied: applied.length === 64 ? applied : undefined, lines: lines.slice(start + 1, -1) };
}

function readDifference(line: string): Difference | undefined {
  const [word, what] = splitOnce(line, '\t');
  const kind = KINDS.find((one) => one === word);
  return kind === undefined ? undefined : { kind, what: printable(what).replaceAll('\t', ' ') };
}

function readFile(line: string): [string, string] | undefined {
  const [, name, content] = /^file ([A-Za-z0-9][A-Za-z0-9._-]*) ([A-Za-z0-9+/]*={0,2})$/.exec(line) ?? [];
  return name === undefined || content === undefined
    ? undefined
    : [name, Buffer.from(content, 'base64').toString('utf8')];
}

function splitOnce(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + separator.length)];
}
