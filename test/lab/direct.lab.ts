import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Guest, Session } from '../../lib/lab';
import { openSession } from '../../lib/lab/connect';
import { directRuntime, refusalOfDirect } from '../../lib/lab/direct-runtime';
import { startTimeOf } from '../../lib/lab/guardian';
import { provideImage } from '../../lib/lab/image';
import { deadline, until } from '../../lib/lab/waiting';
import { leftovers } from '../../tools/leftovers';
import { connectionWhileRoutesChange } from './connection';
import './scenario';

/** The nodes as namespaces of this machine's kernel; what a fabric needs of a kernel beyond that, this one may lack. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('the direct runtime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'direct-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('makes nodes and wires here, hides them, and takes all with it when it ends', async () => {
    const before = leftovers();
    const image = await provideImage('trixie', () => undefined);
    const { guest, line } = await directRuntime(image).start(folder);
    const session = new Session(line);
    try {
      await session.hello();
      const address = (node: string, own: string): string =>
        `ip address add ${own}/31 dev eth1 && ip link set eth1 up && hostname | grep -qx ${node}`;
      await session.makeNodes(
        ['one', 'two'].map((name) => ({ name, files: [{ path: '/etc/motd', content: `${name}\n` }] })),
        [['one', 'eth1', 'two', 'eth1']],
      );
      for (const [node, own] of [
        ['one', '192.0.2.0'],
        ['two', '192.0.2.1'],
      ] as const) {
        expect(await session.run(node, ['sh', '-c', address(node, own)])).toMatchObject({ exit: 0, err: '' });
        expect((await session.run(node, ['cat', '/etc/motd'])).out).toBe(`${node}\n`);
      }
      expect((await session.run('one', ['ping', '-c', '1', '-W', '5', '192.0.2.1'])).exit).toBe(0);
      // Nothing of the machine itself is to be seen.
      expect((await session.run('one', ['ls', process.cwd()])).exit).not.toBe(0);
      // Daemons of FRR run in a node as on a device.
      expect(
        (
          await session.run('one', [
            'sh',
            '-c',
            'touch /etc/frr/frr.conf; printf "bgpd=yes\n" >/etc/frr/daemons; /usr/lib/frr/watchfrr.sh start all && vtysh -c "show version"',
          ])
        ).out,
      ).toContain('FRRouting 10');

      expect(await connectionWhileRoutesChange(session, 'one', 'two')).toBe('300 changes\n');

      // Another process gets in by the same door, at the same time.
      const other = await openSession(guest);
      expect((await other.run('two', ['cat'], 'through\n')).out).toBe('through\n');
      other.close();
    } finally {
      session.close();
      await end(guest);
    }
    rmSync(folder, { recursive: true });
    expect(leftovers()).toEqual(before);
  }, 120_000);

  test('is refused with what this kernel lacks, or is not', async () => {
    const refusal = refusalOfDirect(await provideImage('trixie', () => undefined));
    expect(refusal ?? 'the kernel lacks what a fabric needs').toContain('the kernel lacks what a fabric needs');
  });
});

async function end({ pid, started }: Guest): Promise<void> {
  process.kill(-pid, 'SIGKILL');
  await until(() => startTimeOf(pid) !== started, deadline('the namespaces end', 10));
}
