import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeviceBox, type Files, kill } from './device-box';

// The program that runs on a device, with its real shell; FRR, nftables, ifupdown2 and the kernel are stand-ins. The
// virtual fabric has the real ones: test/lab/apply-*.lab.ts.

jest.setTimeout(120_000);

let box: DeviceBox;
beforeEach(() => {
  box = new DeviceBox();
});
afterEach(() => box.remove());

const files = (name: string, more: Files = {}): Files => ({
  daemons: 'bgpd=yes\n',
  'frr.conf': `! ${name}\nsession swp1\n`,
  interfaces: `# ${name}\nauto swp1\n`,
  'nftables.conf': `table inet fabric\n${name}\n`,
  'sysctl.conf': `net.ipv4.ip_forward = 1\nnet.x = ${name}\n`,
  ...more,
});

/** Files, and what runs, are those of one version. */
function expectWholly(given: Files): void {
  const { 'sysctl.conf': _, ...expected } = given;
  expect(box.inPlace()).toMatchObject(given);
  const { daemons: _daemons, environment: _environment, ...held } = expected;
  expect(box.running()).toMatchObject(held);
  expect(box.leftovers()).toEqual([]);
  expect(box.run('status').output).toContain('\nstate idle\n');
}

const OLD = files('old');
const NEW = files('new');

describe('a change', () => {
  test('is made whole, waits to be confirmed, and then stays', () => {
    const version = box.upload(OLD);
    const { status, output } = box.apply(version);
    expect([status, output]).toEqual([0, expect.stringContaining('leaf1: waiting to be confirmed') as string]);
    expect(box.run('status').output).toContain('\nstate unconfirmed\n');
    const confirmed = box.run('confirm', version);
    expect(confirmed).toEqual({ status: 0, output: `leaf1: confirmed: version ${version.slice(0, 12)} is in place\n` });
    expectWholly(OLD);
    expect(box.journal()).toMatchObject([{ what: 'apply', version, outcome: 'applied' }]);
  });

  test('that is in place already changes nothing, and may be confirmed again', () => {
    const version = box.bring(OLD);
    box.upload(OLD);
    expect(box.apply(version)).toMatchObject({
      status: 0,
      output: expect.stringContaining('leaf1: unchanged: ') as string,
    });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    expect(box.journal()).toHaveLength(1);
  });

  test('that nobody confirms is taken back, and says so to who comes too late', () => {
    box.bring(OLD);
    const version = box.upload(NEW);
    expect(box.apply(version, '--confirm', '1')).toMatchObject({ status: 0 });
    spawnSync('sleep', ['3']);
    expect(box.run('confirm', version)).toEqual({
      status: 1,
      output: expect.stringMatching(
        /leaf1: version \w+ is not in place, version \w+ is: not confirmed within 1 s/,
      ) as string,
    });
    expectWholly(OLD);
    expect(box.journal().at(-1)).toMatchObject({ outcome: 'returned' });
  });

  test('that is being taken back tells so to who confirms it at that moment', () => {
    box.bring(OLD);
    const version = box.upload(NEW);
    expect(box.apply(version, '--confirm', '1')).toMatchObject({ status: 0 });
    while (box.tryRead('run/metal-fabric/phase') === 'unconfirmed\n') spawnSync('sleep', ['0.02']);
    expect(box.run('confirm', version)).toEqual({
      status: 1,
      output: expect.stringContaining('not confirmed within 1 s') as string,
    });
    expectWholly(OLD);
  });

  test('that does not wait to be confirmed yet is not confirmed by a connection that is older than what it would prove', async () => {
    box.bring(OLD);
    const version = box.upload(NEW);
    box.env['METAL_FABRIC_PAUSE_SECONDS'] = '3';
    const { ended } = await startTo('health', version);
    expect(box.run('confirm', version)).toEqual({
      status: 2,
      output: expect.stringContaining('does not wait to be confirmed yet (at: health)') as string,
    });
    await ended;
    await atRest();
    expectWholly(OLD);
  });

  test('that was interrupted is taken back with what runs, also by a unit that is started by hand', async () => {
    box.bring(OLD);
    const version = box.upload(NEW);
    const { ended } = await startTo('health', version);
    box.killAll();
    await ended;
    expect(box.run('recover', '--boot')).toMatchObject({ output: expect.stringContaining('returned to') as string });
    expectWholly(OLD);
  });

  test('keeps what was there before the first one, and returns to it', () => {
    const found = { 'frr.conf': '! by hand\n', interfaces: '# by hand\n' };
    box.write('etc/frr/frr.conf', found['frr.conf']);
    box.write('etc/network/interfaces.d/metal-fabric', found.interfaces);
    const version = box.upload({ ...NEW, 'frr.conf': 'SILENT\n' });
    expect(box.apply(version).status).toBe(1);
    expect(box.applied).toBe('initial');
    expect(box.inPlace()).toMatchObject({ ...found, 'nftables.conf': '' });
    expect(box.running()).toMatchObject({ interfaces: found.interfaces, 'nftables.conf': '' });
    expect(box.leftovers()).toEqual([]);
  });

  test('drops a file that the new version has not, and takes it up again', () => {
    box.bring({ ...OLD, environment: 'export http_proxy=x\n' });
    box.bring(NEW);
    expect(box.inPlace()).toMatchObject({ environment: '' });
    box.bring(files('third'));
    expect(box.inPlace()).toMatchObject({ environment: '', interfaces: files('third')['interfaces'] });
    box.bring({ ...OLD, environment: 'export http_proxy=y\n' });
    expect(box.inPlace()).toMatchObject({ environment: 'export http_proxy=y\n' });
  });

  test('restarts FRR only where its daemons change', () => {
    box.bring(OLD);
    box.bring(NEW);
    expect(box.tryRead('state/restarts')).toBe('restart\n');
    box.bring({ ...NEW, daemons: 'bgpd=yes\nbfdd=yes\n' });
    expect(box.tryRead('state/restarts')).toBe('restart\nrestart\n');
  });
});

describe('what is refused before anything is changed', () => {
  test('interfaces that nothing would read', () => {
    box.write('etc/network/interfaces', 'auto lo\niface lo inet loopback\n');
    expect(box.apply(box.upload(NEW))).toEqual({
      status: 1,
      output: expect.stringContaining(
        "add the line 'source /etc/network/interfaces.d/*'; nothing was changed",
      ) as string,
    });
  });

  const cases: readonly (readonly [string, Files, object, string])[] = [
    ['a frr.conf', files('new', { 'frr.conf': 'BAD-SYNTAX\n' }), {}, 'FRR refuses frr.conf: line 1: BAD-SYNTAX'],
    ['a ruleset', files('new', { 'nftables.conf': 'BAD-SYNTAX\n' }), {}, 'nftables refuses nftables.conf: line 1'],
    ['interfaces', files('new', { interfaces: 'BAD-SYNTAX\n' }), {}, 'ifupdown2 refuses interfaces: error: BAD-SYNTAX'],
    [
      'another FRR release',
      NEW,
      { frr: '8.4' },
      "FRR 10.3 is installed, the configuration is written for 8.4: install 8.4, or declare frrVersion '10.3'",
    ],
  ];
  test.each(cases)('%s', (_, given, options, words) => {
    box.bring(OLD);
    const { status, output } = box.apply(box.upload(given, options));
    expect([status, output]).toEqual([1, expect.stringContaining(words) as string]);
    expect(output).toContain('nothing was changed');
    expectWholly(OLD);
  });

  test('an old nftables', () => {
    box.write('bin/nft', "#!/bin/sh\necho 'nftables v1.0.2 (x)'\n");
    const { status, output } = box.apply(box.upload(NEW));
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('nftables 1.0.2 is installed, 1.0.6 or later') as string,
    ]);
  });

  test('an upload that is not whole', () => {
    const version = box.upload(NEW);
    box.write('incoming/frr.conf', '! half');
    expect(box.apply(version)).toMatchObject({
      status: 1,
      output: expect.stringContaining('is not what device.list says') as string,
    });
    expect(box.apply('0'.repeat(64))).toMatchObject({
      status: 1,
      output: expect.stringContaining('is not that of version') as string,
    });
    expect(box.applied).toBeUndefined();
  });

  test('a second change at the same time', () => {
    const version = box.upload(OLD);
    box.apply(version);
    box.upload(NEW);
    const second = box.run('apply', box.incoming, box.upload(NEW));
    expect(second).toMatchObject({
      status: 2,
      output: expect.stringMatching(/another change is going on: apply to version \w+ since 20/) as string,
    });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
  });

  test.each([['apply', '/nowhere', 'x'], ['apply'], ['confirm'], ['nonsense'], []])('%s %s', (...words) => {
    expect(box.run(...words)).toMatchObject({ status: 2 });
  });
});

describe('what fails is taken back, in the words of the tool', () => {
  const cases: readonly (readonly [string, Files, string])[] = [
    ['ifreload', files('new', { interfaces: '# new\nBAD-KERNEL\n' }), 'ifreload failed: line 1: BAD-KERNEL'],
    ['frr-reload', files('new', { 'frr.conf': 'session swp1\nBAD-RELOAD\n' }), 'FRR failed: line 1: BAD-RELOAD'],
    [
      'what FRR drops in silence',
      files('new', { 'frr.conf': 'session swp1\nSILENT\n' }),
      'FRR is not as it was told: it lacks router bgp 1: neighbor SILENT',
    ],
    [
      'what FRR keeps in silence',
      files('new', { 'frr.conf': 'session swp1\nSTAYS\n' }),
      'FRR is not as it was told: it keeps router bgp 1: neighbor STAYS',
    ],
    [
      'a session that stays down',
      files('new', { 'frr.conf': '! new\n' }),
      'BGP sessions that were up are not up again after 2 s: swp1',
    ],
  ];
  test.each(cases)('%s', (_, given, words) => {
    box.bring(OLD);
    const { status, output } = box.apply(box.upload(given));
    expect([status, output]).toEqual([1, expect.stringContaining(words) as string]);
    expect(output).toContain('leaf1: returned to version ');
    expectWholly(OLD);
  });

  test('a tool that does not end', () => {
    box.bring(OLD);
    box.env['METAL_FABRIC_LIMIT'] = '1';
    const { status, output } = box.apply(box.upload(files('new', { 'frr.conf': 'HANGS\nsession swp1\n' })));
    expect([status, output]).toEqual([
      1,
      expect.stringMatching(/leaf1: FRR failed: .*frr-reload\.py did not end within 1 s/) as string,
    ]);
    expectWholly(OLD);
  });

  test('an address that FRR does not announce, or a VNI that is down', () => {
    box.bring(OLD);
    const said = (lines: string): string =>
      box.apply(box.upload(files('new', { 'frr.conf': `session swp1\n${lines}` }))).output;
    expect(said('vrf Up\n')).toContain('leaf1: FRR does not announce 10.0.0.1/32\n');
    expect(said('vrf Down\nannounce [10.0.0.1]\n')).toContain('leaf1: FRR does not announce the VNI of vrf1\n');
    expectWholly(OLD);
    expect(said('vrf Up\nannounce [10.0.0.1]\n')).toContain('leaf1: healthy');
  });

  test('FRR does not answer the one question of what it announces', () => {
    box.bring(OLD);
    box.env['METAL_FABRIC_LIMIT'] = '1';
    const muted = { 'frr.conf': 'session swp1\n! mute show vrf vni\n' };
    const { status, output } = box.apply(box.upload(files('new', muted)));
    expect([status, output]).toEqual([1, expect.stringContaining('FRR does not announce anything') as string]);
    expectWholly(OLD);
  });

  test('FRR does not say which sessions are up: nothing is begun', () => {
    box.bring(OLD);
    box.env['METAL_FABRIC_LIMIT'] = '1';
    box.write('state/mute', 'neighbors');
    const { status, output } = box.apply(box.upload(NEW));
    expect([status, output]).toEqual([1, expect.stringContaining('bgpd does not say which sessions are up') as string]);
    expect(output).toContain('nothing was changed');
    expectWholly(OLD);
  });

  test('a session that the new version does not have may go down', () => {
    box.bring(OLD);
    const version = box.upload(files('new', { 'frr.conf': '! new\n' }), { sessions: [] });
    expect(box.apply(version)).toMatchObject({ status: 0 });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 5000) throw new Error(`in vain: ${holds.toString()}`);
    await sleep(2);
  }
}

/** Starts to apply a version, and is back when the change waits in a phase, as long as METAL_FABRIC_PAUSE_SECONDS say. */
async function startTo(phase: string, version: string): Promise<{ pid: number | undefined; ended: Promise<unknown> }> {
  box.env['METAL_FABRIC_PAUSE'] = phase;
  const started = box.start('apply', box.incoming, version, '--health', '2', '--confirm', '1');
  const ended = new Promise((wake) => started.once('exit', wake));
  await until(() => box.tryRead('run/metal-fabric/phase') === `${phase}\n`);
  box.env['METAL_FABRIC_PAUSE'] = '';
  return { pid: started.pid, ended };
}

/** What survives takes itself back. */
const atRest = (): Promise<void> => until(() => !/state (busy|unconfirmed)/.test(box.run('status').output));

/** How many times each victim is struck in each phase; the virtual fabric does it with the real ones. */
const ROUNDS = Number(process.env['METAL_FABRIC_ROUNDS'] ?? 1);

describe('whatever is killed', () => {
  /** Random, and the same in each run. */
  function* numbers(): Generator<number, never> {
    let seed = 4711;
    for (;;) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      yield seed / 2_147_483_648;
    }
  }

  const victims = {
    session: (pid: number | undefined) => kill(pid),
    worker: () => kill(box.changing()[1]),
    watcher: () => kill(box.changing()[0]),
    change: () => box.killChange(),
    program: (pid: number | undefined) => {
      kill(pid);
      box.killChange();
    },
    power: (pid: number | undefined) => {
      kill(pid);
      box.powerCycle();
    },
  };
  const phases = ['stage', 'save', 'switch: ifreload', 'switch: FRR', 'switch: nft', 'health', 'unconfirmed'];
  /** Milliseconds that a phase waits before it does anything, and some in which a tool is half done. */
  const [WAIT, TOOL] = [100, 60];

  test.each(Object.entries(victims))('%s, in each phase: wholly old or wholly new', async (_, strike) => {
    const random = numbers();
    box.bring(OLD);
    box.env['METAL_FABRIC_PAUSE_SECONDS'] = `${WAIT / 1000}`;
    let [from, to] = [OLD, NEW];
    for (const phase of Array.from({ length: ROUNDS }, () => phases).flat()) {
      const before = box.applied;
      const version = box.upload(to);
      const { pid, ended } = await startTo(phase, version);
      await sleep(random.next().value * (WAIT + TOOL));
      strike(pid);
      await ended;
      await atRest();
      box.run('recover');
      expect([before, version]).toContain(box.applied);
      expectWholly(box.applied === version ? to : from);
      expect(box.bring(to)).toBe(version);
      expectWholly(to);
      [from, to] = [to, from];
    }
  });
});

test('links and VLANs that a killed ifreload has made are taken away again, and no others', () => {
  box.bring({ ...OLD, interfaces: 'auto bridge\nauto vlan1000\n  vlan-id 1000\n' });
  const interfaces =
    'auto bridge\nauto swp1\nauto vlan1000\n  vlan-id 1000\nauto vlan1001\n  vlan-id 1001\nBAD-KERNEL\n';
  box.write('state/links', `${box.read('state/links')}docker0\n`);
  expect(box.apply(box.upload(files('new', { interfaces }))).status).toBe(1);
  expect(box.tryRead('state/links')).toBe('lo\neth0\nswp1\nbridge\nvlan1000\ndocker0\n');
  expect(box.tryRead('state/vlans')).toBe('1\n1000\n');
});

test('what FRR and the kernel keep of a VRF that is gone goes with it', () => {
  box.bring({ ...OLD, interfaces: 'auto vrf1001\nauto vrf1003\n' });
  // As ifreload takes it away.
  box.write('state/links', box.read('state/links').replace('vrf1003\n', ''));
  const kept = '7 default table 1001 metric 4278198272 ';
  const ended = '7 default table 1003 metric 4278198272 ';
  const others = ['7 default table 1003 metric 7 ', '1 10.0.0.0/8 dev lo table 1003 scope 253 '];
  box.write('state/routes', `${[kept, ended, ...others].join('\n')}\n`);
  const conf = '! new\nsession swp1\n! keeps vrf vrf1003\n';
  box.bring({ ...OLD, 'frr.conf': conf, interfaces: 'auto vrf1001\n' });
  expect(box.read('state/routes').split('\n')).toEqual([kept, ...others, '']);
  expect(box.read('state/frr.conf')).toBe(conf);
});

test('copies stand behind the routes of VRFs until the change is proven', async () => {
  box.bring(OLD);
  box.env['METAL_FABRIC_PAUSE_SECONDS'] = '1';
  const { ended } = await startTo('health', box.upload(NEW));
  expect(box.read('state/spares-4').split('\n')).toEqual([
    'route replace 10.128.12.2 via 10.255.0.2 dev vlan1004 table 1001 proto 194 metric 4278198271 onlink ',
    'route replace 10.128.12.3 table 1001 proto 194 metric 4278198271 \tnexthop via 10.255.0.5 dev vlan1004 weight 1 onlink \tnexthop via 10.255.0.6 dev vlan1004 weight 1 onlink ',
    '',
  ]);
  expect(box.read('state/spares-6')).toBe(
    'route replace fd00:10:128:3::3 table 1001 proto 194 metric 4278198271 pref medium\tnexthop via ::ffff:10.255.0.5 dev vlan1004 weight 1 onlink \tnexthop via ::ffff:10.255.0.6 dev vlan1004 weight 1 onlink \n',
  );
  await ended;
  expect(box.leftovers()).not.toContainEqual(expect.stringContaining('spare routes'));
});

describe('drift', () => {
  const drift = (): readonly string[] => box.run('drift').output.split('\n').slice(1, -1);

  test('none on a device that nobody touched, and none invented where nothing was applied', () => {
    expect(box.run('drift')).toEqual({ status: 0, output: 'applied none\n' });
    const version = box.bring(OLD);
    expect(box.run('drift')).toEqual({ status: 0, output: `applied ${version}\n` });
  });

  test('is told line by line, and repaired', () => {
    const version = box.bring(OLD);
    box.write('state/frr.conf', 'session swp1\nneighbor foreign\n');
    box.write('state/nftables.conf', 'table inet fabric\n');
    box.write('state/sysctl.conf', 'net.ipv4.ip_forward = 0\nnet.x = old\n');
    expect(drift()).toEqual([
      'frr\tnot applied: neighbor foreign',
      'nftables\tmissing: inet fabric chain c: old',
      'sysctl\tmissing: net.ipv4.ip_forward = 1',
      'sysctl\tnot applied: net.ipv4.ip_forward = 0',
    ]);
    expect(box.run('drift').status).toBe(3);
    expect(box.run('repair', version, '--health', '2')).toMatchObject({ status: 0 });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    expect(drift()).toEqual([]);
  });

  test('rules that somebody has added are removed by all that they say, and come back when the repair does not stay', () => {
    const version = box.bring(OLD);
    const rules = '0:\tfrom all lookup local\n100:\tfrom all to 10.0.0.0/8 lookup 7\n100:\tfrom all lookup 8\n';
    box.write('state/rules', rules);
    box.write('state/frr.conf', '! nothing\n');
    const repaired = box.run('repair', version, '--health', '2', '--confirm', '1');
    expect(repaired.output).toContain(
      'leaf1: removed: -4 rule pref 100 from all lookup 8\nleaf1: removed: -4 rule pref 100 from all to 10.0.0.0/8 lookup 7\n',
    );
    expect(box.tryRead('state/rules')).toBe('0:\tfrom all lookup local\n');
    spawnSync('sleep', ['3']);
    expect(box.run('confirm', version)).toEqual({
      status: 1,
      output: expect.stringContaining('as it was before its repair: not confirmed within 1 s') as string,
    });
    expect(box.tryRead('state/rules')?.split('\n').sort()).toEqual(rules.split('\n').sort());
    expect(box.run('repair', version, '--health', '2')).toMatchObject({ status: 0 });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    expect(drift()).toEqual([]);
  });

  test('rules of the kernel stay, and nothing goes by a record of another release', () => {
    const version = box.bring(OLD);
    const record = `etc/metal-fabric/versions/${version}/running`;
    box.write('state/rules', '0:\tfrom all lookup 255\n7:\tfrom all lookup 7\n32766:\tfrom all lookup 254\n');
    const repair = (): void => {
      expect(box.run('repair', version, '--health', '2')).toMatchObject({ status: 0 });
      expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    };
    box.write(`${record}/format`, '1\n');
    expect(drift()).toEqual([expect.stringMatching(/^file\t.*running is missing, or of another release/) as string]);
    repair();
    expect(box.tryRead('state/rules')).toMatch(/^0:.*\n7:.*\n32766:/);
    expect(drift()).toEqual([]);

    box.write(`${record}/kernel`, 'rules\t4 priority 0 src all table local\n');
    repair();
    expect(box.tryRead('state/rules')).toBe('0:\tfrom all lookup 255\n32766:\tfrom all lookup 254\n');
  });

  test('what a repair cannot mend is drift afterwards', () => {
    const version = box.bring(OLD);
    box.write('bin/nft', box.read('bin/nft').replace("sed 's/^/", "printf '\\t\\tforeign\\n'; sed 's/^/"));
    const found = ['nftables\tnot applied: inet fabric chain c: foreign'];
    expect(drift()).toEqual(found);
    expect(box.run('repair', version, '--health', '2')).toMatchObject({ status: 0 });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    expect(drift()).toEqual(found);
  });

  test('a file that was edited is told to its tool again when the version is applied once more', () => {
    const version = box.bring(OLD);
    box.write(`etc/metal-fabric/versions/${version}/files/nftables.conf`, 'table inet fabric\nedited\n');
    box.write('state/nftables.conf', 'table inet fabric\nedited\n');
    expect(box.bring(OLD)).toBe(version);
    expect(drift()).toEqual([]);
    expectWholly(OLD);
  });

  test('what cannot be read is no answer', () => {
    box.bring(OLD);
    box.write('bin/nft', '#!/bin/sh\necho broken >&2\nexit 1\n');
    expect(box.run('drift')).toEqual({ status: 1, output: expect.stringContaining('broken') as string });
  });

  test('files: edited, replaced, taken away', () => {
    const version = box.bring(OLD);
    box.write(`etc/metal-fabric/versions/${version}/files/interfaces`, '# edited\n');
    spawnSync('rm', [`${box.root}/etc/nftables.conf`]);
    spawnSync('ln', ['-sfn', '/dev/null', `${box.root}/etc/sysctl.d/90-metal-fabric.conf`]);
    expect(drift()).toEqual([
      'file\t/etc/network/interfaces.d/metal-fabric was edited',
      'file\t/etc/nftables.conf is missing',
      'file\t/etc/sysctl.d/90-metal-fabric.conf leads to /dev/null',
    ]);
    expect(box.run('repair', version)).toMatchObject({
      status: 1,
      output: expect.stringContaining('were changed by hand: apply it again, or give them with --files') as string,
    });
    box.upload(OLD);
    const input = [...Object.keys(OLD), 'device.list']
      .map((name) => `${name} ${Buffer.from(box.read(`incoming/${name}`)).toString('base64')}\n`)
      .join('');
    expect(box.runWith(input, 'repair', version, '--files')).toMatchObject({ status: 0 });
    expect(box.run('confirm', version)).toMatchObject({ status: 0 });
    expect(drift()).toEqual([]);
    expectWholly(OLD);
  });

  test('rules in another order', () => {
    box.bring({ ...OLD, 'nftables.conf': 'table inet fabric\na\nb\n' });
    box.write('state/nftables.conf', 'table inet fabric\nb\na\n');
    expect(drift()).toEqual(['nftables\tthe rules stand in another order']);
  });
});

test('what is applied can be read', () => {
  expect(box.run('show').output).toBe('applied none\n');
  const version = box.bring(OLD);
  const shown = box.run('show').output.split('\n');
  expect(shown[0]).toBe(`applied ${version}`);
  expect(shown.slice(1, -1).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
    Object.keys(OLD).map((name) => `file ${name}`),
  );
  expect(Buffer.from(shown[2]?.split(' ')[2] ?? '', 'base64').toString()).toBe(OLD['frr.conf']);
});

test('the journal is rotated', () => {
  box.write('var/log/metal-fabric/journal', 'x'.repeat(300_000));
  box.bring(OLD);
  expect(box.tryRead('var/log/metal-fabric/journal.1')).toHaveLength(300_000);
  expect(box.journal()).toHaveLength(1);
});

test('where there is systemd, it takes back at boot, and starts what reads the configuration', () => {
  box.write('run/systemd/system/x', '');
  box.write(
    'bin/systemctl',
    '#!/bin/sh\necho "$*" >>"$STATE/systemctl"\n[ "$2" != is-enabled ] || exit 1\n[ "$1" != restart ] || exec "$METAL_FABRIC_ROOT/usr/lib/frr/frrinit.sh" restart\n',
  );
  spawnSync('chmod', ['755', `${box.root}/bin/systemctl`]);
  box.write('etc/systemd/system/.keep', '');
  box.bring(OLD);
  expect(box.read('etc/systemd/system/metal-fabric-recover.service')).toContain(
    'Before=systemd-sysctl.service networking.service nftables.service frr.service',
  );
  expect(box.tryRead('state/systemctl')).toContain('-q enable metal-fabric-recover\n');
  expect(box.tryRead('state/systemctl')).toContain('restart frr\n');
});
