import { join, resolve } from 'node:path';
import { Partition, type PartitionProps } from 'cdktf-metal-fabric';
import {
  type Check,
  Lab,
  type LabOptions,
  type Mismatch,
  type Ran,
  tearDown,
  verify,
  type VerifyOptions,
} from '../../lib/lab';
import { Scratch } from '../constructs/app';

const ROOT = resolve(__dirname, '..', '..');

// Everything that is fetched or made stays below the checkout.
process.env['METAL_FABRIC_CACHE'] ??= join(ROOT, '.cache');

/** A small fabric that is booted once for all tests of a file. */
export interface Scenario {
  readonly lab: Lab;
  readonly scratch: Scratch;
  /** Synthesizes another state of the same app, with the same ledger, into another folder; gives that folder. */
  synthesize(declare: Declare, name: string): string;
  /** Runs a shell command on a node, or in the guest itself. */
  shell(node: string | undefined, command: string): Promise<Ran>;
  /** The promises are kept: every flow, session, route and guard. */
  expectKept(options?: VerifyOptions): Promise<void>;
}

/** Declares what is in the partition. */
export type Declare = (partition: Partition) => void;

/** FRR 10.3, as Debian 13 has it, unless a scenario is about another one. */
const SETTINGS: Partial<PartitionProps> = { frrVersion: '10.3' };

/**
 * A describe block with a fabric that is up. It is booted before the first test and gone after the last one.
 * @param promise what the fabric promises, in words
 */
export function describeFabric(
  promise: string,
  declare: Declare,
  tests: (scenario: () => Scenario) => void,
  settings: Partial<PartitionProps> = {},
  options: Pick<LabOptions, 'management' | 'bare'> = {},
): void {
  describe(promise, () => {
    let scenario: Scenario | undefined;
    const scratch = new Scratch();
    const name = `test-${process.pid}-${labs++}`;

    beforeAll(async () => {
      const output = synthesize(scratch, declare, 'first', settings);
      const phases: string[] = [];
      const lab = await Lab.up(output, {
        ...options,
        name,
        watch: {
          phase: (phase, seconds) => void phases.push(`${phase} ${seconds.toFixed(1)} s`),
          note: () => undefined,
        },
      });
      if (process.env['LAB_TIMES'] !== undefined) process.stderr.write(`${promise}: ${phases.join(', ')}\n`);
      scenario = {
        lab,
        scratch,
        synthesize: (again, folder) => synthesize(scratch, again, folder, settings),
        shell: (node, command) => lab.session.run(node, ['sh', '-c', command]),
        expectKept: (options) => expectKept(lab, options),
      };
    }, 600_000);

    afterAll(async () => {
      if (scenario !== undefined) await scenario.lab.down();
      else await tearDown(name);
      scratch.remove();
    }, 60_000);

    tests(() => {
      if (scenario === undefined) throw new Error('the fabric did not come up');
      return scenario;
    });
  });
}

let labs = 0;

function synthesize(scratch: Scratch, declare: Declare, folder: string, settings: Partial<PartitionProps>): string {
  const outdir = join(scratch.folder, folder);
  const app = scratch.app({ outdir });
  declare(scratch.partition(app, 'fra', { ...SETTINGS, ...settings }));
  app.synth();
  return join(outdir, 'stacks', 'fra', 'fabric', 'fra');
}

/** Verifies the fabric; a failure shows what differs, with the evidence. */
async function expectKept(lab: Lab, options?: VerifyOptions): Promise<void> {
  const { checks, passed } = await verify(lab, options);
  expect(passed).toBeGreaterThan(0);
  expect(checks.flatMap(({ mismatches }) => mismatches).map(printMismatch)).toEqual([]);
}

export function printMismatch({ what, promised, seen, devices, evidence }: Mismatch): string {
  return [`${what}: promised ${promised}; seen ${seen}; ${devices.join(', ')}`, ...evidence].join('\n    ');
}

export function findCheck(checks: readonly Check[], name: Check['name']): Check {
  const found = checks.find((check) => check.name === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
}
