import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApplyError } from './apply-error';
import { printable } from './said';
import type { SshHop, SshTarget } from './ssh-target';

export interface SshOptions {
  /** The file of a private key; without one, those of the agent and ssh's own defaults. */
  readonly identity?: string | undefined;
  /** Ends what was started. */
  readonly signal?: AbortSignal | undefined;
}

export interface SshCommand {
  /** Words that no shell would read otherwise than they are written. */
  readonly words: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** Seconds that the command may take, besides connecting. */
  readonly seconds: number;
}

/** What a command on a device ended with. */
export type Ran =
  | { readonly kind: 'ran'; readonly code: number; readonly out: string; readonly err: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** That the user asked to end; what was started has ended. */
export class Interrupted extends Error {}

/** More than any device has to say. */
const MOST_OUTPUT = 32 * 1024 * 1024;

/**
 * Runs a command on a device, as root if the target says how to become it, over a connection of its own.
 * @throws ApplyError where there is no ssh
 * @throws Interrupted
 */
export async function runOnDevice(target: SshTarget, command: SshCommand, options: SshOptions): Promise<Ran> {
  if (command.words.some((word) => !/^[A-Za-z0-9/._-]+$/.test(word)))
    throw new Error(`invariant: a shell would not read ${JSON.stringify(command.words)} as it is written`);
  // ssh runs in this folder, and names its files without one: a path could hold what ssh or a shell reads otherwise.
  const folder = mkdtempSync(join(tmpdir(), 'metal-fabric-ssh-'));
  try {
    writeKnownHosts(folder, 'device', target);
    if (target.bastion !== null) writeKnownHosts(folder, 'bastion', target.bastion);
    if (options.identity !== undefined) linkIdentity(folder, options.identity);
    return await run(
      sshArguments(target, command.words, options.identity !== undefined),
      folder,
      target,
      command,
      options,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The key is that of the host, or that of the CA which signed the host's: either may answer. */
function writeKnownHosts(folder: string, name: Hop, { hostKey }: SshHop): void {
  const text = hostKey === null ? '' : `* ${hostKey}\n@cert-authority * ${hostKey}\n`;
  writeFileSync(join(folder, `known-${name}`), text, { mode: 0o600 });
}

type Hop = 'device' | 'bastion';

/** With what ssh looks for beside a key. */
function linkIdentity(folder: string, identity: string): void {
  for (const suffix of ['', '.pub', '-cert.pub']) {
    const file = resolve(`${identity}${suffix}`);
    if (existsSync(file)) symlinkSync(file, join(folder, `identity${suffix}`));
  }
}

/** The arguments of ssh for a command on a device. */
export function sshArguments(target: SshTarget, words: readonly string[], identity: boolean): readonly string[] {
  const { bastion, become } = target;
  const asRoot = become === 'none' ? [] : [become, '-n'];
  return [
    ...hopArguments('device', target, target.connectTimeout, identity),
    // A ProxyJump would check the bastion's key in the user's own way, not in this one.
    ...(bastion === null ? [] : ['-o', `ProxyCommand=${proxyCommand(bastion, target.connectTimeout, identity)}`]),
    '--',
    target.host,
    [...asRoot, ...words].join(' '),
  ];
}

const proxyCommand = (bastion: SshHop, seconds: number, identity: boolean): string =>
  ['ssh', ...hopArguments('bastion', bastion, seconds, identity), "-W '[%h]:%p'", '--', bastion.host].join(' ');

function hopArguments(
  name: Hop,
  { port, user, hostKey }: SshHop,
  seconds: number,
  identity: boolean,
): readonly string[] {
  return [
    // No configuration of the user or the site: Terraform reads none either, and both must reach the same device.
    ...['-F', 'none', '-T', '-p', `${port}`, '-l', user],
    ...(identity ? ['-i', 'identity', '-o', 'IdentitiesOnly=yes'] : []),
    ...option('BatchMode', 'yes'),
    ...option('StrictHostKeyChecking', hostKey === null ? 'no' : 'yes'),
    ...option('UserKnownHostsFile', hostKey === null ? '/dev/null' : `known-${name}`),
    ...option('GlobalKnownHostsFile', '/dev/null'),
    ...option('UpdateHostKeys', 'no'),
    ...option('ConnectTimeout', `${seconds}`),
    ...option('ServerAliveInterval', '15'),
    ...option('LogLevel', 'ERROR'),
  ];
}

const option = (name: string, value: string): readonly string[] => ['-o', `${name}=${value}`];

function run(
  argv: readonly string[],
  cwd: string,
  { connectTimeout, bastion }: SshTarget,
  { input = '', seconds }: SshCommand,
  { signal }: SshOptions,
): Promise<Ran> {
  const most = connectTimeout * (bastion === null ? 1 : 2) + seconds;
  return new Promise((done, fail) => {
    if (signal?.aborted === true) {
      fail(new Interrupted());
      return;
    }
    // A group of its own, without a terminal: ssh can ask nobody, and ends together with the ssh to a bastion.
    const child = spawn('ssh', argv, { cwd, env: process.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let tooMuch = false;
    let tooLong = false;
    const end = (): void => endGroup(child);
    const timer = setTimeout(() => {
      tooLong = true;
      end();
    }, most * 1000);
    signal?.addEventListener('abort', end);
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    };
    const [out, err] = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MOST_OUTPUT) chunks.push(chunk);
        else {
          tooMuch = true;
          end();
        }
      });
      return () => Buffer.concat(chunks).toString('utf8');
    }) as [() => string, () => string];
    child.on('error', (error) => {
      settled();
      fail(sshMissing(error));
    });
    child.on('close', (code, killedBy) => {
      settled();
      if (signal?.aborted === true) fail(new Interrupted());
      else if (tooLong) done({ kind: 'unreachable', reason: `no answer within ${most} s` });
      else if (tooMuch) done({ kind: 'unreachable', reason: 'it answers without end' });
      else if (code === 255) done({ kind: 'unreachable', reason: whyUnreachable(err()) });
      else if (code === null) done({ kind: 'unreachable', reason: `ssh was ended by ${killedBy ?? 'a signal'}` });
      else done({ kind: 'ran', code, out: out(), err: err() });
    });
    // What ends early does not read all of it; it says why by other means.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  const kill = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch {
      // It has ended.
    }
  };
  kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), 2000).unref();
}

const sshMissing = (error: NodeJS.ErrnoException): Error =>
  error.code === 'ENOENT'
    ? new ApplyError('ssh is not installed', 'install the OpenSSH client: apt-get install openssh-client')
    : error;

function whyUnreachable(err: string): string {
  const said = printable(err);
  if (said.includes('Host key verification failed')) {
    const whose = said.includes('known-bastion') ? 'the host key of its bastion' : 'its host key';
    const [shown] = /SHA256:[A-Za-z0-9+/]+/.exec(said) ?? [];
    return `${whose} is not the one that was declared${shown === undefined ? '' : `, but ${shown}`}`;
  }
  // The last lines say it; those before are of the way there.
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-2).join('; ').slice(-500) || 'ssh says nothing';
}
