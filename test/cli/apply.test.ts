import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../lib/cli/program';
import type { Terminal } from '../../lib/cli/terminal';
import type { Manifest } from '../../lib/manifest';
import { DeviceBox } from '../apply/device-box';
import { FakeSsh } from '../apply/fake-ssh';
import { FABRIC, findVersion, HOST_KEY, shown, sshTarget, writeOutput } from '../apply/output';

const OLD = 'a'.repeat(64);

let folder: string;
let output: string;
let manifest: Manifest;
let ssh: FakeSsh;
let names: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-apply-'));
  output = join(folder, 'cdktf.out');
  ssh = new FakeSsh();
  manifest = writeOutput(output, 'share-later', sshTarget);
  names = manifest.devices.map(({ name }) => name);
  for (const name of names) asApplied(name);
});
afterEach(() => {
  ssh.end();
  rmSync(folder, { recursive: true });
});

const host = (device: string): string => `${device}.test`;
const version = (device: string): string => findVersion(manifest, device);

function asApplied(device: string): void {
  ssh.device(host(device), version(device), [], shown(output, manifest, device));
}
const drifted = (device: string, ...lines: readonly string[]): void => {
  ssh.device(host(device), version(device), lines, shown(output, manifest, device));
};

async function metalFabric(words: readonly string[], terminal: Partial<Terminal> = {}) {
  const said = { out: '', err: '' };
  const code = await run(words, {
    out: (text) => void (said.out += text.toString()),
    err: (text) => void (said.err += text.toString()),
    ...terminal,
  });
  return { code, ...said };
}

describe('drift', () => {
  test('of nothing: a table, and code 0', async () => {
    const { code, out, err } = await metalFabric(['drift', output, '--device', 'spine1', 'rack1-leaf1']);
    const [leaf, spine] = ['rack1-leaf1', 'spine1'].map((name) => version(name).slice(0, 12)) as [string, string];
    expect({ code, out, err }).toEqual({
      code: 0,
      err: '',
      out: `┌─────────────┬───────┬────────────┬──────────────┬─────────────┐
│ device      │ role  │ result     │ applied      │ differences │
├─────────────┼───────┼────────────┼──────────────┼─────────────┤
│ rack1-leaf1 │ leaf  │ as applied │ ${leaf} │             │
├─────────────┼───────┼────────────┼──────────────┼─────────────┤
│ spine1      │ spine │ as applied │ ${spine} │             │
└─────────────┴───────┴────────────┴──────────────┴─────────────┘

fra-equ01: 2 devices, 2 as applied
`,
    });
  });

  test('asks each device for its state first, with the program, and then compares', async () => {
    await metalFabric(['drift', output, '--device', 'spine1']);
    expect(ssh.commands()).toEqual([
      ['spine1.test', 'sh -s -- status'],
      ['spine1.test', 'sh -s -- drift'],
    ]);
    expect(ssh.calls().map(({ program }) => program)).toEqual([true, true]);
  });

  test('of every kind, with code 1 where a device could not be compared', async () => {
    drifted('spine1', 'frr\tmissing: router bgp 1: neighbor swp1 activate', 'sysctl\tnot applied: a = \u001b[2J1');
    ssh.device(host('spine2'), OLD, ['file\t/etc/frr/frr.conf was edited']);
    ssh.device(host('rack1-leaf1'), 'none');
    ssh.answers(host('rack1-leaf2'), 'status', { out: 'state busy\nphase switch: FRR\n' });
    ssh.answers(host('blue-1'), 'status', { out: 'state interrupted\nphase health\n' });
    ssh.answers(host('blue-fw'), 'status', { err: 'sudo: a password is required\n', code: 1 });
    ssh.answers(host('node-1'), 'status', { err: 'ssh: connect to host x: No route to host\n', code: 255 });
    const { code, out } = await metalFabric(['drift', output, '--json']);
    expect(code).toBe(1);
    const { devices, ...rest } = JSON.parse(out) as { devices: readonly { device: string }[] };
    expect(rest).toEqual({ format: 'cdktf-metal-fabric/drift', version: 1, partition: 'fra-equ01' });
    expect(devices.map(({ device }) => device)).toEqual(names);
    const expected = (device: string, more: object) => ({
      device,
      role: manifest.devices.find(({ name }) => name === device)?.role,
      target: 'ssh',
      applied: null,
      wanted: version(device),
      differences: [],
      reason: null,
      ...more,
    });
    expect(new Map(devices.map((one) => [one.device, one]))).toEqual(
      new Map([
        ['rack1-leaf1', expected('rack1-leaf1', { result: 'never-applied' })],
        ['rack1-leaf2', expected('rack1-leaf2', { result: 'busy', reason: 'it is being changed (at: switch: FRR)' })],
        [
          'spine1',
          expected('spine1', {
            result: 'drifted',
            applied: version('spine1'),
            differences: [
              { kind: 'frr', what: 'missing: router bgp 1: neighbor swp1 activate' },
              { kind: 'sysctl', what: 'not applied: a = \ufffd[2J1' },
            ],
          }),
        ],
        [
          'spine2',
          expected('spine2', {
            result: 'other-version',
            applied: OLD,
            differences: [{ kind: 'file', what: '/etc/frr/frr.conf was edited' }],
          }),
        ],
        [
          'blue-1',
          expected('blue-1', {
            result: 'interrupted',
            reason: 'a change was interrupted (at: health); the next one takes it back first',
          }),
        ],
        ['blue-fw', expected('blue-fw', { result: 'error', reason: 'sudo: a password is required (exit status 1)' })],
        ['node-1', expected('node-1', { result: 'unreachable', reason: 'ssh: connect to host x: No route to host' })],
        ['node-2', expected('node-2', { result: 'as-applied', applied: version('node-2') })],
      ]),
    );
  });

  test('reads like this', async () => {
    drifted(
      'spine1',
      'frr\tmissing: router bgp 1',
      'frr\tnot applied: router bgp 2',
      'nftables\tnot applied: table inet x',
    );
    ssh.device(host('spine2'), OLD);
    const { code, out } = await metalFabric(['drift', output, '--device', 'spine1', 'spine2', 'node-1']);
    expect(code).toBe(3);
    expect(out.slice(out.indexOf('\nspine1: '))).toBe(`
spine1: drifted
  frr         missing: router bgp 1
  frr         not applied: router bgp 2
  nftables    not applied: table inet x

spine2: other version
  applied is aaaaaaaaaaaa, the output has ${version('spine2').slice(0, 12)}

fra-equ01: 3 devices, 1 as applied, 1 drifted, 1 other version
`);
    expect(out).toMatch(/│ spine1 +│ spine +│ drifted +│ [0-9a-f]{12} │ 2 frr, 1 nftables │/);
  });

  test.each<[string, Parameters<FakeSsh['answers']>[2], string]>([
    ['without the line that says what is applied', { out: 'frr\tx\n', code: 3 }, 'frr\tx (exit status 3)'],
    ['that was cut', { out: `applied ${OLD}\nfrr\tx\nfrr\tnot appl`, code: 3 }, 'frr\tnot appl (exit status 3)'],
    ['that says drift and shows none', { out: `applied ${OLD}\n`, code: 3 }, '(exit status 3)'],
    ['that shows drift and says none', { out: `applied ${OLD}\nfrr\tx\n`, code: 0 }, 'frr\tx (exit status 0)'],
    ['of a kind that is none', { out: `applied ${OLD}\nspirit\tx\n`, code: 3 }, 'spirit\tx (exit status 3)'],
    ['of a version that is none', { out: 'applied 12\n', code: 0 }, 'applied 12 (exit status 0)'],
    ['that is empty', { out: '', code: 0 }, 'it says nothing (exit status 0)'],
    [
      'of a shell that lacks a tool',
      { err: 'sh: 12: awk: not found\n', code: 127 },
      'awk: not found (exit status 127)',
    ],
  ])('an answer %s is an error, and no comparison', async (_, answer, reason) => {
    ssh.answers(host('spine1'), 'drift', answer);
    const { code, out } = await metalFabric(['drift', output, '--device', 'spine1', '--json']);
    const { devices } = JSON.parse(out) as { devices: readonly { result: string; reason: string }[] };
    expect([code, devices[0]?.result]).toEqual([1, 'error']);
    expect(devices[0]?.reason).toContain(reason);
  });

  test('what a site says at every login does not matter', async () => {
    ssh.answers(host('spine1'), 'drift', { out: `Welcome!\n\napplied ${version('spine1')}\n` });
    expect((await metalFabric(['drift', output, '--device', 'spine1'])).code).toBe(0);
  });

  test('--terraform prints strings only; versions are the plan’s to tell', async () => {
    drifted('spine1', 'rules\tmissing: 1');
    drifted('node-2', 'rules\tmissing: 1');
    ssh.device(host('spine2'), OLD);
    ssh.answers(host('node-1'), 'status', { err: 'no\n', code: 255 });
    const { code, out, err } = await metalFabric(['drift', output, '--terraform']);
    expect([code, err]).toEqual([0, '']);
    const found = JSON.parse(out) as Record<string, string>;
    expect(found).toEqual({ drifted: 'spine1 node-2', unreachable: 'node-1', text: expect.any(String) as string });
    expect(found['text']).toBe(`fra-equ01: 8 devices, 4 as applied, 2 drifted, 1 other version, 1 unreachable

spine1: drifted
  rules       missing: 1

node-2: drifted
  rules       missing: 1

node-1: unreachable
  no
`);
  });

  test('says on which devices keys are not checked', async () => {
    writeOutput(output, 'share-later', (name) => sshTarget(name, { hostKey: name === 'spine1' ? null : HOST_KEY }));
    const { err } = await metalFabric(['drift', output, '--device', 'spine1', 'spine2']);
    expect(err).toBe('host keys are not checked, as declared: spine1\n');
  });

  test('shows how far it is where somebody watches', async () => {
    let shownProgress = '';
    await metalFabric(['drift', output, '--parallel', '1', '--device', 'spine1', 'spine2'], {
      progress: true,
      err: (text) => void (shownProgress += text.toString()),
    });
    expect(shownProgress.split('\r\u001b[K')).toEqual(['', '0 of 2  spine1', '1 of 2  ', '1 of 2  spine2', '', '']);
  });
});

describe('drift --repair', () => {
  const commands = () => ssh.commands().filter(([, command]) => command.includes('/etc/metal-fabric/program'));

  function repairable(device: string): void {
    drifted(device, 'sysctl\tmissing: x = 1');
    ssh.answers(host(device), 'repair', { out: `${device}: waiting to be confirmed\n` });
    ssh.answers(
      host(device),
      'confirm',
      { out: `${device}: confirmed\n` },
      `printf 'applied ${version(device)}\\n' >drift.out && printf 0 >drift.code`,
    );
  }

  test('tells one device after the other, spines first, confirms each, and compares again', async () => {
    for (const device of ['node-1', 'blue-fw', 'rack1-leaf2', 'rack1-leaf1', 'spine2']) repairable(device);
    const { code, out, err } = await metalFabric(['drift', output, '--repair', '--yes']);
    expect(code).toBe(0);
    const order = ['spine2', 'rack1-leaf1', 'rack1-leaf2', 'blue-fw', 'node-1'];
    expect(commands()).toEqual(
      order.flatMap((device) => [
        [host(device), `sh /etc/metal-fabric/program repair ${version(device)} --files --health 7 --confirm 9`],
        [host(device), `sh /etc/metal-fabric/program confirm ${version(device)}`],
      ]),
    );
    expect(err).toBe(order.map((device) => `${device}: repairing\n${device}: repaired\n`).join(''));
    expect(out).toContain('fra-equ01: 8 devices, 3 as applied, 5 drifted\n');
    expect(out.endsWith('fra-equ01: 8 devices, 8 as applied\n')).toBe(true);
  });

  test('ends with the first that fails: its partner is not touched', async () => {
    for (const device of ['rack1-leaf1', 'rack1-leaf2', 'spine1']) repairable(device);
    ssh.answers(host('rack1-leaf1'), 'repair', {
      out: 'rack1-leaf1: switching to version 123\n',
      err: 'rack1-leaf1: BGP sessions that were up are not up again\n',
      code: 1,
    });
    const { code, out } = await metalFabric(['drift', output, '--repair', '--yes', '--json']);
    expect(code).toBe(1);
    const { repairs, devices } = JSON.parse(out) as { repairs: object; devices: readonly { result: string }[] };
    expect(repairs).toEqual([
      { device: 'spine1', outcome: 'repaired', reason: null },
      {
        device: 'rack1-leaf1',
        outcome: 'failed',
        reason: 'switching to version 123; BGP sessions that were up are not up again',
      },
      { device: 'rack1-leaf2', outcome: 'not-tried', reason: 'rack1-leaf1 failed before' },
    ]);
    expect(devices.filter(({ result }) => result === 'drifted')).toHaveLength(2);
    expect(commands().map(([to]) => to)).toEqual(['spine1.test', 'spine1.test', 'rack1-leaf1.test']);
  });

  test('that cannot be confirmed says what becomes of the device', async () => {
    repairable('spine1');
    ssh.answers(host('spine1'), 'confirm', { err: 'ssh: connect to host x: Connection timed out\n', code: 255 });
    const { code, err } = await metalFabric(['drift', output, '--repair', '--yes', '--device', 'spine1']);
    expect(code).toBe(1);
    expect(err).toContain(
      'spine1: failed: it could not be confirmed: ssh: connect to host x: Connection timed out; it goes back to what it was by itself, at most 9 s after it is healthy\n',
    );
  });

  test('asks first; nothing but yes is yes', async () => {
    repairable('spine1');
    const asked: string[] = [];
    const answering = (answer: string): Partial<Terminal> => ({
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer);
      },
    });
    for (const answer of ['', 'no', 'y', 'yes please']) {
      const { code, err } = await metalFabric(['drift', output, '--repair'], answering(answer));
      expect([code, err]).toEqual([1, 'error: nothing was repaired\n    fix: type yes, or say --yes\n']);
    }
    expect(commands()).toEqual([]);
    expect((await metalFabric(['drift', output, '--repair'], answering('yes'))).code).toBe(0);
    expect(asked.at(-1)).toBe('Repair spine1, one after the other? Type yes: ');
  });

  test('where nobody can be asked, nothing is changed', async () => {
    repairable('spine1');
    const { code, err } = await metalFabric(['drift', output, '--repair']);
    expect([code, err]).toEqual([
      1,
      'error: nobody is there to say whether devices may be changed\n    fix: say so with --yes\n',
    ]);
    expect(commands()).toEqual([]);
  });

  test('without drift changes nothing and asks nobody; another version is not repaired', async () => {
    expect((await metalFabric(['drift', output, '--repair'])).code).toBe(0);
    ssh.device(host('spine1'), OLD, ['rules\tmissing: x']);
    expect((await metalFabric(['drift', output, '--repair'])).code).toBe(3);
    expect(commands()).toEqual([]);
  });

  test('of a folder is refused, with what to do', async () => {
    writeOutput(output, 'share-later', (name) =>
      name === 'spine1' ? { kind: 'directory', path: `d/${name}` } : sshTarget(name),
    );
    mkdirSync(join(folder, 'd/spine1/versions/x'), { recursive: true });
    const { code, err } = await metalFabric(['drift', output, '--repair', '--yes', '--base', folder]);
    expect([code, err]).toEqual([
      1,
      'error: spine1: a folder is not repaired here\n    fix: apply again: terraform apply -replace=null_resource.device_fra-equ01_spine1 (or terraform_data, where that is the type of the resources)\n',
    ]);
  });
});

describe('interrupted', () => {
  const MAIN = resolve(__dirname, '../../lib/cli/main.ts');

  async function interrupt(words: readonly string[], until: string): Promise<{ code: number | null; err: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...words], {
      env: process.env,
      cwd: resolve(__dirname, '../..'),
    });
    let err = '';
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    const ended = new Promise<number | null>((go) => child.on('close', go));
    while (!ssh.commands().some(([, command]) => command.includes(until)))
      await new Promise((go) => setTimeout(go, 50));
    child.kill('SIGINT');
    return { code: await ended, err };
  }

  test('while it compares: nothing was changed', async () => {
    ssh.answers(host('spine1'), 'status', { after: 30 });
    expect(await interrupt(['drift', output, '--device', 'spine1'], 'status')).toEqual({
      code: 130,
      err: 'interrupted: nothing was changed\n',
    });
  });

  test('while it repairs: which device, and what becomes of it', async () => {
    drifted('spine1', 'rules\tmissing: x');
    ssh.answers(host('spine1'), 'repair', { after: 30 });
    const { code, err } = await interrupt(['drift', output, '--device', 'spine1', '--repair', '--yes'], 'repair');
    expect([code, err]).toEqual([
      130,
      'spine1: repairing\ninterrupted: spine1: it was being repaired: it goes back to what it was by itself, at most 9 s after it is healthy\n',
    ]);
  });
});

describe('plan', () => {
  /** As if another text had been applied. */
  function applied(device: string, file: string, change: (text: string) => string): void {
    const lines = shown(output, manifest, device).map((line) => {
      const [, name, content] = line.split(' ') as [string, string, string];
      if (name !== file) return line;
      return `file ${name} ${Buffer.from(change(Buffer.from(content, 'base64').toString())).toString('base64')}`;
    });
    ssh.device(host(device), OLD, [], lines);
  }

  test('of nothing says so, with code 0', async () => {
    expect(await metalFabric(['plan', output])).toEqual({
      code: 0,
      out: '0 devices change, 8 unchanged, 0 new, 0 could not be compared\n',
      err: '',
    });
  });

  test('reads like this', async () => {
    applied('rack1-leaf1', 'frr.conf', (text) =>
      text
        .replaceAll('vrf10002', 'vrf10009')
        .replace(' neighbor swp6 interface peer-group fabric\n', ' neighbor swp6 interface peer-group firewall\n'),
    );
    ssh.device(host('spine2'), 'none');
    const { code, out } = await metalFabric(['plan', output, '--device', 'rack1-leaf1', 'spine1', 'spine2']);
    expect(code).toBe(3);
    expect(out).toContain(
      `rack1-leaf1 (leaf): changes from aaaaaaaaaaaa to ${version('rack1-leaf1').slice(0, 12)}\n--- frr.conf\tapplied\n+++ frr.conf\tnew\n@@ `,
    );
    expect(out).toContain(
      '\n- neighbor swp6 interface peer-group firewall\n+ neighbor swp6 interface peer-group fabric\n',
    );
    expect(out.slice(out.indexOf('  runs:'))).toBe(
      `  runs:       frr-reload
  resets:     BGP swp6: its peer group changes from firewall to fabric
              BGP swp3, swp4 in vrf10009: its VRF speaks BGP no more

spine2 (spine): new, 5 files of version ${version('spine2').slice(0, 12)}

1 device changes, 1 unchanged, 1 new, 0 could not be compared
`,
    );
  });

  test('says which interfaces and addresses come and go', async () => {
    applied('blue-fw', 'interfaces', (text) =>
      text
        .replace('auto vlan10001', 'auto old0\niface old0\n    address 10.9.9.9/32\n\nauto vlan10001')
        .replace('    address 10.128.0.2/32\n', ''),
    );
    const { out } = await metalFabric(['plan', output, '--device', 'blue-fw']);
    expect(out.slice(out.indexOf('  runs:'))).toBe(`  runs:       ifreload
  interfaces: - old0
              - 10.9.9.9/32 of old0
              + 10.128.0.2/32 of vlan10001

1 device changes, 0 unchanged, 0 new, 0 could not be compared
`);
  });

  test('is colored only where somebody watches, and shows no sequence of a device', async () => {
    applied('spine1', 'frr.conf', (text) => text.replace('hostname spine1', 'hostname \u001b[2Jx'));
    const plain = await metalFabric(['plan', output, '--device', 'spine1']);
    expect(plain.out).toContain('-hostname \ufffd[2Jx\n+hostname spine1\n');
    expect(plain.out).not.toContain('\u001b');
    const colored = await metalFabric(['plan', output, '--device', 'spine1'], { colors: true });
    expect(colored.out).toContain('\u001b[31m-hostname \ufffd[2Jx\u001b[0m\n\u001b[32m+hostname spine1\u001b[0m\n');
  });

  test('that changes only what the list says of the device', async () => {
    ssh.device(host('spine1'), OLD, [], shown(output, manifest, 'spine1'));
    const { code, out } = await metalFabric(['plan', output, '--device', 'spine1']);
    expect(code).toBe(3);
    expect(out).toContain('no file changes; what device.list says of the device does\n');
  });

  test('as data', async () => {
    applied('spine1', 'daemons', (text) => text.replace('bgpd=yes', 'bgpd=no'));
    ssh.answers(host('spine2'), 'status', { out: 'state unconfirmed\nphase unconfirmed\n' });
    const { code, out } = await metalFabric(['plan', output, '--device', 'spine1', 'spine2', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      format: 'cdktf-metal-fabric/plan',
      version: 1,
      partition: 'fra-equ01',
      devices: [
        {
          device: 'spine1',
          role: 'spine',
          target: 'ssh',
          result: 'changes',
          applied: OLD,
          wanted: version('spine1'),
          reason: null,
          files: [
            { name: 'daemons', change: 'changed', diff: expect.stringContaining('-bgpd=no\n+bgpd=yes\n') as string },
          ],
          effects: {
            tools: ['FRR restart'],
            sessions: ['swp1', 'swp2'].map((neighbor) => ({ vrf: 'default', neighbor, reason: 'FRR is restarted' })),
            interfaces: { added: [], removed: [], addressesAdded: [], addressesRemoved: [] },
          },
        },
        {
          device: 'spine2',
          role: 'spine',
          target: 'ssh',
          result: 'busy',
          applied: null,
          wanted: version('spine2'),
          reason: 'a change waits to be confirmed',
          files: [],
          effects: null,
        },
      ],
    });
  });

  test.each(['file frr.conf !!!\n', 'file ../x YQ==\n', 'nothing\n'])('an answer like %j is an error', async (line) => {
    ssh.answers(host('spine1'), 'show', { out: `applied ${OLD}\n${line}` });
    const { code, out } = await metalFabric(['plan', output, '--device', 'spine1']);
    expect(code).toBe(1);
    expect(out).toContain('spine1 (spine): error: ');
  });
});

describe('refused, with code 1, before any device is asked', () => {
  afterEach(() => expect(ssh.calls()).toEqual([]));

  test.each<[string, readonly string[], string]>([
    [
      'a device that is none',
      ['--device', 'spine9'],
      'error: there is no device "spine9" in fra-equ01\n    fix: name some of: ',
    ],
    [
      'a key that is none',
      ['--identity', '/no/key'],
      'error: the key /no/key cannot be read\n    fix: name the file of a private key after --identity\n',
    ],
  ])('%s', async (_, words, err) => {
    for (const command of ['plan', 'drift']) {
      const said = await metalFabric([command, output, ...words]);
      expect([said.code, said.out]).toEqual([1, '']);
      expect(said.err).toContain(err);
    }
  });

  test('a folder of the app that is not there', async () => {
    const { code, err } = await metalFabric(['plan', output, '--base', join(folder, 'no')]);
    expect([code, err]).toEqual([
      1,
      `error: there is no folder ${join(folder, 'no')}\n    fix: name that of the app after --base\n`,
    ]);
  });

  test('an output that is not there', async () => {
    const { code, err } = await metalFabric(['plan', join(folder, 'no')]);
    expect([code, err]).toEqual([
      1,
      `error: there is no ${join(folder, 'no')}\n    fix: synthesize first, and name cdktf.out or what is in it\n`,
    ]);
  });

  const edited = (change: (text: string) => string): void => {
    const file = join(output, FABRIC, 'fabric.json');
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(file, after);
  };

  test.each<[string, (text: string) => string, string]>([
    [
      'host',
      (text) => text.replace('"spine1.test"', '"-oProxyCommand=touch x"'),
      '"-oProxyCommand=touch x" is no host of device "spine1"',
    ],
    ['user', (text) => text.replace('"user":"root"', '"user":"root;reboot"'), '"root;reboot" is no user'],
    ['host key', (text) => text.replace(HOST_KEY, `${HOST_KEY}\\n* ${HOST_KEY}`), 'is no host key'],
    [
      'timeout',
      (text) => text.replace('"confirmTimeout":9', '"confirmTimeout":900000'),
      '"900000" is no confirmTimeout',
    ],
  ])('an edited %s', async (_, change, problem) => {
    edited(change);
    for (const words of [['plan'], ['drift'], ['drift', '--repair', '--yes'], ['drift', '--terraform']]) {
      const { code, out, err } = await metalFabric([...words, output]);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`error: fabric.json: `);
      expect(err).toContain(problem);
      expect(err).toContain('fix: synthesize again\n');
    }
  });
});

test.each([
  [['plan']],
  [['drift', 'x', '--parallel', '0']],
  [['drift', 'x', '--parallel', 'many']],
  [['drift', 'x', '--terraform', '--json']],
  [['drift', 'x', '--terraform', '--repair']],
  [['plan', 'x', '--repair']],
])('%j is not understood: code 2', async (words) => {
  expect((await metalFabric(words)).code).toBe(2);
});

test('both have help with examples and exit codes', async () => {
  for (const command of ['plan', 'drift']) {
    const { code, out } = await metalFabric([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`metal-fabric ${command} cdktf.out`);
    expect(out).toContain('Exit codes: 0 ');
  }
});

describe('with the real program on a device', () => {
  let box: DeviceBox;
  beforeEach(() => {
    box = new DeviceBox();
    ssh.box(host('spine1'), box.root);
  });
  afterEach(() => box.remove());

  function bring(confirm = true): void {
    const { files } = manifest.devices.find(({ name }) => name === 'spine1')!;
    for (const name of ['device.list', ...files.map((file) => file.name)])
      box.write(`incoming/${name}`, readFileSync(join(output, FABRIC, 'spine1', name), 'utf8'));
    const { status, output: said } = box.apply(version('spine1'), '--confirm', '20');
    expect([status, said]).toEqual([0, expect.stringContaining('waiting to be confirmed') as string]);
    if (confirm) expect(box.run('confirm', version('spine1')).status).toBe(0);
  }
  const words = (command: string, ...more: readonly string[]) => [command, output, '--device', 'spine1', ...more];

  test('nothing is applied, then all is, then it drifts, and is repaired', async () => {
    expect((await metalFabric(words('drift'))).out).toContain('1 never applied\n');
    expect((await metalFabric(words('plan'))).out).toContain('spine1 (spine): new, 5 files of version');
    bring();
    expect(await metalFabric(words('drift'))).toMatchObject({ code: 0, err: '' });
    expect(await metalFabric(words('plan'))).toMatchObject({ code: 0, err: '' });
    box.write('state/nftables.conf', `${box.read('state/nftables.conf')}table inet other\n`);
    const found = await metalFabric(words('drift'));
    expect(found.code).toBe(3);
    expect(found.out).toContain('  nftables    not applied: inet fabric chain c: table inet other\n');
    const { code, err } = await metalFabric(words('drift', '--repair', '--yes'));
    expect([code, err]).toEqual([0, 'spine1: repairing\nspine1: repaired\n']);
  });

  test('a change that waits to be confirmed is told', async () => {
    bring(false);
    const { code, out } = await metalFabric(words('drift'));
    expect([code, out]).toEqual([1, expect.stringContaining('a change waits to be confirmed') as string]);
  });

  test('a file that was edited on the device is told, and repaired', async () => {
    bring();
    box.write('etc/metal-fabric/current/files/sysctl.conf', 'net.ipv4.ip_forward = 0\n');
    const { code, out } = await metalFabric(words('drift'));
    expect([code, out]).toEqual([3, expect.stringContaining('was edited') as string]);
    const plan = await metalFabric(words('plan'));
    expect(plan.out).toContain('-net.ipv4.ip_forward = 0\n');
    expect(plan.out).toContain(
      'spine1 (spine): changes; its files were edited by hand, which Terraform does not see: metal-fabric drift\n',
    );
    const repaired = await metalFabric(words('drift', '--repair', '--yes'));
    expect([repaired.code, repaired.err]).toEqual([0, 'spine1: repairing\nspine1: repaired\n']);
    expect(box.read('etc/metal-fabric/current/files/sysctl.conf')).toContain('net.ipv4.ip_forward = 1\n');
  });
});
