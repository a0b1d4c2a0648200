import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** What V8 tells of a function that runs for as long as one of a synthesis does, in a process of its own. */
function toldOf(first: string): string {
  const program = `
    ${first}
    function resident(n) { let sum = 0; for (let i = 0; i < n; i += 1) sum += (i ^ n) % 7; return sum; }
    for (let i = 0; i < 1_000; i += 1) resident(4);`;
  const words = ['--require', 'tsx/cjs', '--trace-opt', '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('with batch, V8 leaves code alone that does not run for long', () => {
  const told = /completed optimizing .*resident/;
  expect(toldOf('')).toMatch(told);
  expect(toldOf(`require(${JSON.stringify(join(ROOT, 'lib', 'batch.ts'))});`)).not.toMatch(told);
});
