import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Machine, PrivateNetwork, Rack } from 'cdktf-metal-fabric';
import { deadline, until } from '../../lib/lab/waiting';
import { leftovers } from '../../tools/leftovers';
import { Scratch } from '../constructs/app';
import './scenario';

const ROOT = resolve(__dirname, '..', '..');

/** Starts `lab run` as a process of its own, and ends it by a signal when it has got as far as a phase. */
async function endAt(
  output: string,
  phase: string,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; said: string }> {
  const cli = [join(ROOT, 'node_modules', '.bin', 'tsx'), '--tsconfig', join(ROOT, 'tsconfig.json')];
  const words = ['lab', 'run', output, '--name', `interrupted-${process.pid}`];
  const child = spawn(process.execPath, [...cli, join(ROOT, 'lib', 'cli', 'main.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  await until(() => said.includes(`\n${phase} `) || child.exitCode !== null, deadline(`phase ${phase}`, 150));
  // As a terminal does: to all processes in the foreground.
  if (child.pid !== undefined) process.kill(-child.pid, signal);
  return { code: await ended, said };
}

describe('whatever ends a lab', () => {
  const scratch = new Scratch();
  let output: string;

  beforeAll(() => {
    const app = scratch.app();
    const fra = scratch.partition(app);
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'blue-1', { rack: new Rack(fra, 'rack1'), primaryNetwork: blue });
    app.synth();
    output = scratch.out;
  });
  afterAll(() => scratch.remove());

  test.each<[NodeJS.Signals, string, number | null]>([
    ['SIGINT', 'kernel', 130],
    ['SIGTERM', 'interfaces', 130],
    ['SIGKILL', 'nodes', null],
  ])(
    '%s, after phase "%s": nothing is left of it',
    async (signal, phase, expected) => {
      const before = leftovers();
      const { code, said } = await endAt(output, phase, signal);
      expect(said).toContain(`\n${phase} `);
      expect(code).toBe(expected);
      if (expected === 130) expect(said).toContain('interrupted: the lab was ended\n');
      await until(() => leftovers().length <= before.length, deadline('all is gone', 20));
      expect(leftovers()).toEqual(before);
    },
    200_000,
  );
});
