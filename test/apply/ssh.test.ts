import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSshTarget, Interrupted, runOnDevice, sshArguments, type SshTarget } from '../../lib/apply';
import { FakeSsh } from './fake-ssh';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZlcnkgbXVjaCBhIGtleSBvZiB0aGlydHl0d28';
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFub3RoZXIga2V5LCBvZiAzMiBieXRlcywgeWVz';

const target = (with_: Partial<SshTarget> = {}): SshTarget => ({
  kind: 'ssh',
  host: '192.0.2.7',
  port: 22,
  user: 'root',
  become: 'none',
  hostKey: KEY,
  bastion: null,
  connectTimeout: 5,
  healthTimeout: 60,
  confirmTimeout: 60,
  ...with_,
});

const BASTION = { host: 'jump.example.net', port: 2222, user: 'ops', hostKey: OTHER };

const COMMON = (known: string, checked = true): readonly string[] => [
  ...['-o', 'BatchMode=yes', '-o', `StrictHostKeyChecking=${checked ? 'yes' : 'no'}`],
  ...['-o', `UserKnownHostsFile=${checked ? known : '/dev/null'}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
  ...['-o', 'UpdateHostKeys=no', '-o', 'ConnectTimeout=5', '-o', 'ServerAliveInterval=15', '-o', 'LogLevel=ERROR'],
];

/** Seconds, by which a process is found. */
const NOBODY_ELSES = 1_000_000 + process.pid;

let ssh: FakeSsh;
beforeEach(() => {
  ssh = new FakeSsh();
});
afterEach(() => {
  expect(ssh.leftBehind()).toEqual([]);
  ssh.end();
});

const status = (to: SshTarget, options = {}) =>
  runOnDevice(to, { words: ['sh', '-s', '--', 'status'], input: 'x', seconds: 5 }, options);

test('ssh gets these arguments, no others, and the key as a host’s and as an authority’s', async () => {
  ssh.answers('192.0.2.7', 'status', { out: 'state idle\n', err: 'a word\n', code: 3 });
  expect(await status(target())).toEqual({ kind: 'ran', code: 3, out: 'state idle\n', err: 'a word\n' });
  expect(ssh.calls()).toEqual([
    {
      argv: [
        ...['-F', 'none', '-T', '-p', '22', '-l', 'root'],
        ...COMMON('known-device'),
        ...['--', '192.0.2.7', 'sh -s -- status'],
      ],
      files: { 'known-device': `600\n* ${KEY}\n@cert-authority * ${KEY}\n` },
      program: false,
    },
  ]);
});

test('with a bastion, an identity, sudo, and IPv6', async () => {
  ssh.answers('fd00::7', 'status', {});
  const identity = join(ssh.home, "a key's name");
  for (const suffix of ['', '.pub']) writeFileSync(`${identity}${suffix}`, `private${suffix}\n`, { mode: 0o600 });
  await status(target({ host: 'fd00::7', become: 'sudo', user: 'admin', port: 830, bastion: BASTION }), { identity });
  const [call] = ssh.calls();
  const mine = ['-i', 'identity', '-o', 'IdentitiesOnly=yes'];
  expect(call?.argv).toEqual([
    ...['-F', 'none', '-T', '-p', '830', '-l', 'admin', ...mine],
    ...COMMON('known-device'),
    '-o',
    `ProxyCommand=ssh -F none -T -p 2222 -l ops ${[...mine, ...COMMON('known-bastion')].join(' ')} -W '[%h]:%p' -- jump.example.net`,
    ...['--', 'fd00::7', 'sudo -n sh -s -- status'],
  ]);
  expect(call?.files).toEqual({
    'known-device': `600\n* ${KEY}\n@cert-authority * ${KEY}\n`,
    'known-bastion': `600\n* ${OTHER}\n@cert-authority * ${OTHER}\n`,
    identity: '777\nprivate\n',
    'identity.pub': '777\nprivate.pub\n',
  });
});

test('where checking was waived, no key is known, and any will do', () => {
  expect(sshArguments(target({ hostKey: null }), ['true'], false)).toEqual([
    ...['-F', 'none', '-T', '-p', '22', '-l', 'root'],
    ...COMMON('', false),
    ...['--', '192.0.2.7', 'true'],
  ]);
});

test('the real client takes the arguments as they are meant', () => {
  const argv = sshArguments(
    target({ host: 'fd00::7', port: 830, bastion: BASTION }),
    ['sh', '-s', '--', 'status'],
    true,
  );
  writeFileSync(join(ssh.home, 'identity'), 'a key\n', { mode: 0o600 });
  const path = (process.env['PATH'] ?? '').replace(`${join(ssh.home, 'bin')}:`, '');
  const said = execFileSync('ssh', ['-G', ...argv], {
    cwd: ssh.home,
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  }).split('\n');
  for (const line of [
    'user root',
    'hostname fd00::7',
    'port 830',
    'batchmode yes',
    'stricthostkeychecking true',
    'userknownhostsfile known-device',
    'globalknownhostsfile /dev/null',
    'identitiesonly yes',
    'requesttty false',
    'connecttimeout 5',
    'identityfile identity',
    'updatehostkeys false',
  ]) {
    expect(said).toContain(line);
  }
  expect(said.find((line) => line.startsWith('proxycommand '))).toMatch(/^proxycommand ssh .*-W '\[%h\]:%p' -- jump/);
});

describe('what ssh says becomes a reason', () => {
  test.each([
    ['ssh: connect to host x port 22: Connection refused\n', 'ssh: connect to host x port 22: Connection refused'],
    ['admin@x: Permission denied (publickey).\r\n', 'admin@x: Permission denied (publickey).'],
    ['@@@@\nHost key verification failed.\r\n', 'its host key is not the one that was declared'],
    [
      '@@\r\nThe fingerprint is\nSHA256:VmLOS+/x.\r\nOffending key in known-device:1\r\nHost key verification failed.\r\n',
      'its host key is not the one that was declared, but SHA256:VmLOS+/x',
    ],
    [
      'SHA256:a.\nOffending key in known-bastion:1\nHost key verification failed.\r\nkex_exchange_identification: closed\r\n',
      'the host key of its bastion is not the one that was declared, but SHA256:a',
    ],
    ['\u001b[31mred\u001b[0m\n', '\ufffd[31mred\ufffd[0m'],
    ['', 'ssh says nothing'],
  ])('%j', async (err, reason) => {
    ssh.answers('192.0.2.7', 'status', { err, code: 255 });
    expect(await status(target())).toEqual({ kind: 'unreachable', reason });
  });
});

test('what takes too long is ended', async () => {
  ssh.answers('192.0.2.7', 'status', { after: 60 });
  const ran = await runOnDevice(target({ connectTimeout: 1 }), { words: ['sh', '-s', '--', 'status'], seconds: 1 }, {});
  expect(ran).toEqual({ kind: 'unreachable', reason: 'no answer within 2 s' });
});

test('when it is interrupted, what was started has ended before it says so', async () => {
  ssh.answers('192.0.2.7', 'status', { after: NOBODY_ELSES });
  const control = new AbortController();
  const running = status(target(), { signal: control.signal });
  while (ssh.calls().length === 0) await new Promise((go) => setTimeout(go, 50));
  control.abort();
  await expect(running).rejects.toThrow(Interrupted);
  expect(() => execFileSync('pgrep', ['-f', `sleep ${NOBODY_ELSES}`])).toThrow();
  await expect(status(target(), { signal: control.signal })).rejects.toThrow(Interrupted);
});

test('without ssh it says what to install', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'no-ssh-'));
  process.env['PATH'] = empty;
  await expect(status(target())).rejects.toThrow(
    'ssh is not installed; install the OpenSSH client: apt-get install openssh-client',
  );
  rmSync(empty, { recursive: true });
});

test('words that a shell would read otherwise are never sent', async () => {
  for (const word of ['a b', '$(id)', ';', '', '`id`', "'"]) {
    await expect(runOnDevice(target(), { words: ['sh', word], seconds: 1 }, {})).rejects.toThrow('invariant');
  }
  expect(ssh.calls()).toEqual([]);
});

describe('a target is refused that ssh, its files or a shell would read otherwise', () => {
  const refusal = (given: Partial<SshTarget>): string => {
    try {
      checkSshTarget('spine1', target(given));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[Partial<SshTarget>, string]>([
    [{ host: '-oProxyCommand=id' }, '"-oProxyCommand=id" is no host'],
    [{ host: 'a b' }, '"a b" is no host'],
    [{ host: '' }, '"" is no host'],
    [{ host: 'user@host' }, '"user@host" is no host'],
    [{ host: '$(id)' }, '"$(id)" is no host'],
    [{ host: '%h' }, '"%h" is no host'],
    [{ host: 'fe80::1%eth0' }, '"fe80::1%eth0" is no host'],
    [{ host: 'a\n' }, '"a\\n" is no host'],
    [{ host: 'a'.repeat(300) }, 'is no host'],
    [{ port: 0 }, '"0" is no port'],
    [{ port: 65_536 }, '"65536" is no port'],
    [{ port: 22.5 }, '"22.5" is no port'],
    [{ user: '-l' }, '"-l" is no user'],
    [{ user: 'a;id' }, '"a;id" is no user'],
    [{ user: 'root\n' }, '"root\\n" is no user'],
    [{ user: '' }, '"" is no user'],
    [{ hostKey: `${KEY}\n* ${OTHER}` }, 'is no host key'],
    [{ hostKey: KEY.replace('ed25519', 'rsa') }, 'is no host key'],
    [{ hostKey: 'ssh-ed25519 AAAA' }, 'is no host key'],
    [{ hostKey: '' }, '"" is no host key'],
    [{ hostKey: `@revoked * ${KEY}` }, 'is no host key'],
    [{ connectTimeout: 0 }, '"0" is no connectTimeout'],
    [{ healthTimeout: 100_000 }, '"100000" is no healthTimeout'],
    [{ confirmTimeout: 1.5 }, '"1.5" is no confirmTimeout'],
    [{ bastion: { ...BASTION, host: "x'; id; '" } }, `is no host for the bastion`],
    [{ bastion: { ...BASTION, user: '$(id)' } }, '"$(id)" is no user for the bastion'],
    [{ bastion: { ...BASTION, port: -1 } }, '"-1" is no port for the bastion'],
    [{ bastion: { ...BASTION, hostKey: 'x' } }, '"x" is no host key for the bastion'],
  ])('%j', (given, problem) => {
    expect(refusal(given)).toContain(problem);
    expect(refusal(given)).toMatch(/^fabric\.json: .* of device "spine1"; synthesize again$/);
  });

  test.each<Partial<SshTarget>>([
    {},
    { host: 'fd00:10::7' },
    { host: 'spine1.fra.example.net' },
    { user: 'net_admin.1' },
    { bastion: BASTION },
    { bastion: { ...BASTION, hostKey: null }, hostKey: null },
    { healthTimeout: 99_999, port: 65_535 },
  ])('%j is none of these', (given) => {
    expect(refusal(given)).toBe('');
  });
});
