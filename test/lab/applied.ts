import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LocalBackend, TerraformStack, TerraformVariable } from 'cdktf';
import { Partition, type PartitionProps, ResourceType, Target } from 'cdktf-metal-fabric';
import { Lab, type Management, tearDown, verify } from '../../lib/lab';
import { readOutput } from '../../lib/output';
import { DEVICE_LIST, versionOf } from '../../lib/apply';
import { sha256 } from '../../lib/manifest';
import { Scratch } from '../constructs/app';
import { type Declare, printMismatch } from './scenario';

const ROOT = resolve(__dirname, '..', '..');
const MIRROR = join(ROOT, '.cache', 'terraform-mirror', 'terraform.rc');

/** A stack that was synthesized for the devices of a lab. */
export interface Deployment {
  readonly stack: string;
  /** The folder of its partition. */
  readonly output: string;
}

export interface TerraformRun {
  readonly exit: number | null;
  /** All that was said, in its order. */
  readonly output: string;
  /** What was said on standard output. */
  readonly out: string;
  readonly seconds: number;
}

/** A lab whose devices are empty, and what Terraform brings onto them. */
export interface Site {
  readonly lab: Lab;
  readonly management: Management;
  readonly scratch: Scratch;
  /**
   * Synthesizes a state of the app, with the same ledger, into a folder of its own.
   * @param state the name of Terraform's state: one for all deployments, unless another is named
   */
  synthesize(name: string, declare: Declare, props?: Partial<PartitionProps>, state?: string): Deployment;
  terraform(deployment: Deployment, ...words: readonly string[]): Promise<TerraformRun>;
  /** Initializes and applies; what fails is for the test to look at. */
  apply(deployment: Deployment): Promise<TerraformRun>;
  /** The command line of the library, as a user runs it. */
  command(...words: readonly string[]): Promise<TerraformRun>;
  /** Every promise of a deployment is kept. */
  expectKept(deployment: Deployment): Promise<void>;
  /** Runs a shell command on a node. */
  shell(node: string, command: string): Promise<string>;
}

export interface SiteOptions {
  /** Of the partition. */
  readonly props?: Partial<PartitionProps>;
  /** Seconds. */
  readonly health?: number;
  readonly confirm?: number;
}

/**
 * A describe block with devices that have nothing but sshd and a management interface.
 * @param first the state of the app that comes first, and so has the first say in the ledger
 * @param largest one with every device that there will be: those are booted
 */
export function describeSite(
  promise: string,
  { first, largest }: { readonly first: Declare; readonly largest: Declare },
  tests: (site: () => Site) => void,
  options: SiteOptions = {},
): void {
  const missing = process.env['CI'] === undefined ? missingHere() : undefined;
  const block = missing === undefined ? describe : describe.skip;
  block(missing === undefined ? promise : `${promise} (NOT CHECKED: ${missing})`, () => {
    let site: Site | undefined;
    const scratch = new Scratch();
    const name = `test-${process.pid}-${sites++}`;

    beforeAll(async () => {
      synthesize(scratch, 'booted-first', first, options.props ?? {});
      const ledger = `${scratch.lock}.first`;
      cpSync(scratch.lock, ledger, { recursive: true });
      const booted = synthesize(scratch, 'booted', largest, options.props ?? {});
      // As if the largest had never been: it is given the same numbers again.
      rmSync(scratch.lock, { recursive: true });
      cpSync(ledger, scratch.lock, { recursive: true });
      const lab = await Lab.up(booted.output, { name, bare: true, management: {} });
      const { management } = lab;
      if (management === undefined) throw new Error('the lab has no management network');
      site = siteOf(lab, management, scratch, options);
    }, 600_000);

    afterAll(async () => {
      if (site !== undefined) await site.lab.down();
      else await tearDown(name);
      scratch.remove();
    }, 60_000);

    tests(() => {
      if (site === undefined) throw new Error('the lab did not come up');
      return site;
    });
  });
}

let sites = 0;

/** What this machine lacks; CI must have it all. */
function missingHere(): string | undefined {
  const lacking = ['terraform', 'ssh', 'scp'].filter((program) => spawnSync(program, ['-V']).error !== undefined);
  if (lacking.length > 0) return `${lacking.join(' and ')} is not installed`;
  return existsSync(MIRROR) ? undefined : 'run tools/provider-mirror';
}

function siteOf(lab: Lab, management: Management, scratch: Scratch, options: SiteOptions): Site {
  const { bastion, hostAuthority, domain } = management;
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: existsSync(MIRROR) ? MIRROR : emptyFile(scratch),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // An agent of whoever runs this must not let anybody in.
    SSH_AUTH_SOCK: '',
    TF_VAR_ssh_key: readFileSync(management.privateKeyFile, 'utf8'),
  };
  const targeted = (privateKey: string): Target =>
    Target.ssh({
      user: 'fabric',
      domain,
      hostKey: hostAuthority,
      privateKey,
      bastion: { host: bastion.host, port: bastion.port, user: bastion.user, hostKey: hostAuthority },
      healthTimeout: options.health ?? 60,
      confirmTimeout: options.confirm ?? 60,
    });
  const terraform: Site['terraform'] = ({ stack }, ...words) => ran('terraform', [...words, '-no-color'], stack, env);
  return {
    lab,
    management,
    scratch,
    synthesize: (folder, declare, props = {}, state = 'terraform') =>
      synthesize(scratch, folder, declare, { ...options.props, ...props }, { state, targeted }),
    terraform,
    apply: async (deployment) => {
      const init = await terraform(deployment, 'init');
      if (init.exit !== 0) throw new Error(init.output);
      return terraform(deployment, 'apply', '-auto-approve');
    },
    command: (...words) =>
      ran(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(ROOT, 'lib', 'cli', 'main.ts'), ...words], ROOT, env),
    expectKept: async ({ output }) => {
      const { checks, passed } = await verify(lab.standingFor(readOutput(output)));
      expect(passed).toBeGreaterThan(0);
      expect(checks.flatMap(({ mismatches }) => mismatches).map(printMismatch)).toEqual([]);
    },
    shell: async (node, command) => {
      const { exit, out, err } = await lab.session.run(node, ['sh', '-c', command]);
      if (exit !== 0) throw new Error(`${node}: ${command}\n${out}${err}`);
      return out;
    },
  };
}

function emptyFile({ folder }: Scratch): string {
  const file = join(folder, 'empty.rc');
  writeFileSync(file, '');
  return file;
}

function synthesize(
  scratch: Scratch,
  name: string,
  declare: Declare,
  props: Partial<PartitionProps>,
  given?: { readonly state: string; readonly targeted: (privateKey: string) => Target },
): Deployment {
  const outdir = join(scratch.folder, name);
  const app = scratch.app({ outdir });
  const stack = new TerraformStack(app, 'fra');
  new LocalBackend(stack, { path: join(scratch.folder, `${given?.state ?? 'none'}.tfstate`) });
  const key = new TerraformVariable(stack, 'ssh_key', { type: 'string', sensitive: true });
  const fra = new Partition(stack, 'fra', {
    ...scratch.props,
    resourceType: ResourceType.NULL_RESOURCE,
    ...props,
    ...(given === undefined ? {} : { target: given.targeted(key.stringValue) }),
  });
  declare(fra);
  app.synth();
  const folder = join(outdir, 'stacks', 'fra');
  return { stack: folder, output: join(folder, 'fabric', 'fra') };
}

/** Runs a program without blocking: traffic and the lab go on meanwhile. */
export function ran(
  program: string,
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<TerraformRun> {
  const start = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [said, out] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    child.once('error', fail);
    child.once('close', (exit) =>
      done({ exit, out, output: said.replace(/[│╷╵]/g, ''), seconds: (performance.now() - start) / 1000 }),
    );
  });
}

/**
 * The deployment with a file of one device changed, as if the library had written it so: its hashes fit.
 * @param change gives the new content
 */
export function tamper(
  { stack }: Deployment,
  to: string,
  device: string,
  name: string,
  change: (content: string) => string,
): Deployment {
  const folder = join(to, 'stacks', 'fra');
  cpSync(stack, folder, { recursive: true, verbatimSymlinks: true });
  const changed = { stack: folder, output: join(folder, 'fabric', 'fra') };
  const [file, list] = [name, DEVICE_LIST].map((one) => join(changed.output, device, one)) as [string, string];
  const [was, listed] = [readFileSync(file, 'utf8'), readFileSync(list, 'utf8')];
  const content = change(was);
  writeFileSync(file, content);
  // device.list names the file by its hash, and is the version itself by its own.
  if (name !== DEVICE_LIST) writeFileSync(list, listed.replaceAll(sha256(was), sha256(content)));
  const version = versionOf(readFileSync(list, 'utf8'));
  for (const place of [join(folder, 'cdk.tf.json'), join(changed.output, 'fabric.json')]) {
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, text.replaceAll(versionOf(listed), version).replaceAll(sha256(was), sha256(content)));
  }
  return changed;
}
