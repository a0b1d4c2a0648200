import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const MIRROR = join(ROOT, '.cache', 'terraform-mirror', 'terraform.rc');

const isInstalled = spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0;

/** `describe` when Terraform is installed or must be (in CI), else a skipped one that says what is not checked. */
export function describeWithTerraform(name: string, body: () => void): void {
  if (isInstalled || process.env['CI'] !== undefined) describe(name, body);
  else describe.skip(`${name} (NOT CHECKED: terraform is not installed)`, body);
}

/** The same for what needs the provider hashicorp/null. */
export function describeWithNullProvider(name: string, body: () => void): void {
  if (isInstalled && !existsSync(MIRROR) && process.env['CI'] === undefined) {
    describe.skip(`${name} (NOT CHECKED: run tools/provider-mirror)`, body);
  } else {
    describeWithTerraform(name, body);
  }
}

export interface TerraformRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A change that a plan has for one resource: its address, and what is done to it. */
export type Change = readonly [address: string, actions: string];

/** A real Terraform in the folder of a stack. It asks nobody, and no registry. */
export class Terraform {
  public constructor(
    private readonly folder: string,
    private readonly scratch: string,
  ) {}

  public run(...args: readonly string[]): TerraformRun {
    mkdirSync(this.scratch, { recursive: true });
    const empty = join(this.scratch, 'empty.rc');
    writeFileSync(empty, '');
    const { status, stdout, stderr, error } = spawnSync('terraform', args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        // A path to nowhere would make every command warn.
        TF_CLI_CONFIG_FILE: existsSync(MIRROR) ? MIRROR : empty,
        TF_IN_AUTOMATION: '1',
        TF_INPUT: '0',
        CHECKPOINT_DISABLE: '1',
      },
    });
    if (error !== undefined) throw error;
    // Terraform draws a box around errors, which breaks sentences.
    const output = `${stdout}${stderr}`.replace(/[│╷╵]/g, '').replace(/\s+/g, ' ');
    return { exitCode: status, output };
  }

  public init(): void {
    this.must('init', '-no-color');
  }

  public apply(...words: readonly string[]): void {
    this.must('apply', '-auto-approve', '-no-color', ...words);
  }

  /** 0: nothing would change; 2: something would; 1: it is refused. */
  public plan(): TerraformRun {
    return this.run('plan', '-detailed-exitcode', '-no-color', '-lock=false');
  }

  /** What an apply would do, ordered by address. */
  public changes(): readonly Change[] {
    const file = join(this.scratch, 'plan');
    this.must('plan', '-no-color', `-out=${file}`);
    const { stdout } = spawnSync('terraform', ['show', '-json', file], {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const plan = JSON.parse(stdout) as {
      readonly resource_changes: readonly {
        readonly address: string;
        readonly change: { readonly actions: readonly string[] };
      }[];
    };
    return plan.resource_changes
      .map(({ address, change }): Change => [address, change.actions.join(' ')])
      .filter(([, actions]) => actions !== 'no-op')
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private must(...args: readonly string[]): void {
    const { exitCode, output } = this.run(...args);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')}: exit ${String(exitCode)}\n${output}`);
  }
}
