import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Steps that must have passed; otherwise this one is not tried. */
  readonly after?: readonly string[];
  /** How many of the two places it fills; jest starts two workers of its own. */
  readonly places?: 1 | 2;
}

interface Outcome {
  readonly verdict: 'passed' | 'FAILED' | 'not tried';
  readonly seconds: number;
}

const ROOT = resolve(__dirname, '..');
const RESULTS = join(ROOT, '.cache', 'results');
const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);
const tsc = (version: string) => ['node', join(ROOT, 'node_modules', version, 'bin', 'tsc')];
const jest = (name: string) => [bin('jest'), '--ci', '--json', `--outputFile=${join(RESULTS, `${name}.json`)}`];

const steps: readonly Step[] = [
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: [bin('eslint'), '.', '--max-warnings', '0'] },
  {
    name: 'floors',
    command: [bin('depcruise'), '--config', '.dependency-cruiser.mjs', 'lib', 'test', 'tools', 'examples', 'bench'],
  },
  { name: 'types', command: tsc('typescript') },
  { name: 'build', command: ['tools/build'] },
  { name: 'types:5.9', command: [...tsc('ts59'), '-p', 'tsconfig.consumer.json'], after: ['build'] },
  { name: 'types:7.0', command: [...tsc('ts70'), '-p', 'tsconfig.consumer.json'], after: ['build'] },
  { name: 'api', command: [bin('api-extractor'), 'run'], after: ['build'] },
  { name: 'docs', command: [bin('tsx'), 'tools/docs.ts', '--check'] },
  { name: 'test', command: jest('cdktf'), places: 2 },
  { name: 'test:cdktn', command: jest('cdktn'), env: { METAL_FABRIC_ENGINE: 'cdktn' }, after: ['test'], places: 2 },
  // A few scenarios of the virtual fabric; `make lab` runs all.
  {
    name: 'test:lab',
    command: [...jest('lab'), '--config', 'jest.lab.config.js', 'seed-pictures'],
    after: ['test:cdktn'],
    places: 2,
  },
];

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(`no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });

  const chosen = asked.length === 0 ? steps : steps.filter(({ name }) => asked.includes(name));
  const outcomes = await runAll(chosen);

  console.log('\n══ summary');
  for (const [name, { verdict, seconds }] of outcomes) {
    console.log(`${verdict.padEnd(9)}  ${name.padEnd(12)}${seconds.toFixed(1).padStart(6)} s`);
  }
  const bad = [...outcomes].filter(([, { verdict }]) => verdict !== 'passed').map(([name]) => name);
  if (bad.length > 0) console.log(`\nfailed: ${bad.join(', ')}\nalone:  npm run check -- ${bad[0] ?? ''}`);
  process.exitCode = bad.length === 0 ? 0 : 1;
}

/** Two at a time; each says what it has to say in one piece, when it is done. */
async function runAll(chosen: readonly Step[]): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const names = new Set(chosen.map(({ name }) => name));
  const waiting = [...chosen];
  const running = new Set<Promise<void>>();
  let free = 2;

  const isReady = ({ after = [], places = 1 }: Step) =>
    places <= free && after.every((name) => !names.has(name) || outcomes.has(name));

  while (waiting.length > 0 || running.size > 0) {
    const step = waiting.find(isReady);
    if (step === undefined) {
      await Promise.race(running);
      continue;
    }
    waiting.splice(waiting.indexOf(step), 1);
    if (step.after?.some((name) => names.has(name) && outcomes.get(name)?.verdict !== 'passed') === true) {
      outcomes.set(step.name, { verdict: 'not tried', seconds: 0 });
      continue;
    }
    const places = step.places ?? 1;
    free -= places;
    const run: Promise<void> = runOne(step).then((outcome) => {
      outcomes.set(step.name, outcome);
      free += places;
      running.delete(run);
    });
    running.add(run);
  }
  return new Map(chosen.map(({ name }) => [name, outcomes.get(name) ?? { verdict: 'not tried', seconds: 0 }]));
}

function runOne({ name, command: [program = '', ...args], env }: Step): Promise<Outcome> {
  const start = performance.now();
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => said.push(part));
    child.stderr.on('data', (part: Buffer) => said.push(part));
    const finish = (passed: boolean, extra = '') => {
      const seconds = (performance.now() - start) / 1000;
      console.log(`\n══ ${name}: ${passed ? 'passed' : 'FAILED'}, ${seconds.toFixed(1)} s`);
      const text = `${Buffer.concat(said).toString()}${extra}`.trim();
      if (text !== '') console.log(text);
      done({ verdict: passed ? 'passed' : 'FAILED', seconds });
    };
    child.on('error', (error) => finish(false, error.message));
    child.on('close', (code) => finish(code === 0));
  });
}

void main();
