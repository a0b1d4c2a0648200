import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

const BATCH = `require(${JSON.stringify(join(ROOT, 'lib', 'batch.ts'))});`;

/** What a program says in a process of its own. */
function saidBy(program: string, ...flags: readonly string[]): string {
  const words = ['--require', 'tsx/cjs', ...flags, '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('with batch, V8 leaves code alone that does not run for long', () => {
  const program = `
    function resident(n) { let sum = 0; for (let i = 0; i < n; i += 1) sum += (i ^ n) % 7; return sum; }
    for (let i = 0; i < 1_000; i += 1) resident(4);`;
  const told = /completed optimizing .*resident/;
  expect(saidBy(program, '--trace-opt')).toMatch(told);
  expect(saidBy(`${BATCH}${program}`, '--trace-opt')).not.toMatch(told);
});

test('with batch, V8 comes sooner for what is not in use any more', () => {
  const program = `
    const inUse = Array.from({ length: 600_000 }, (_, i) => ({ i, list: [i] }));
    const forAWhile = new Array(300_000);
    let most = 0;
    for (let i = 0; i < 6_000_000; i += 1) {
      forAWhile[i % forAWhile.length] = { i, list: [i] };
      if (i % 50_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    }
    console.log(most, inUse.length);`;
  expect(parseInt(saidBy(`${BATCH}${program}`), 10)).toBeLessThan(0.85 * parseInt(saidBy(program), 10));
});
