import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { run as metalFabric } from '../lib/cli/program';
import { type Manifest, manifestSchema } from '../lib/manifest';

/**
 * Synthesizes `examples/multiple-consumers`, checks every file with the devices' own parsers, applies, and boots it as a virtual
 * fabric, whose promises are proven with packets.
 */

const ROOT = resolve(__dirname, '..');
const STACK = join(ROOT, 'cdktf.out', 'stacks', 'fra-equ01');
const FABRIC = join(STACK, 'fabric', 'fra-equ01');

async function main(): Promise<void> {
  const start = performance.now();
  phase('synthesize examples/multiple-consumers', () => {
    run(join(ROOT, 'node_modules', '.bin', 'tsx'), ['examples/multiple-consumers/main.ts'], ROOT);
  });
  phase('check every file with FRR, nftables and ifupdown2', () => {
    run(join(ROOT, 'tools', 'check-devices'), ['cdktf.out'], ROOT);
  });
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(FABRIC, 'fabric.json'), 'utf8')));
  const applied = apply(manifest);
  console.log(`\n${tableOf(manifest)}\n\n${applied}\nconfigurations: ${relative(FABRIC)}/<device>/`);
  console.log('\n── boot the fabric and prove its promises: metal-fabric lab run cdktf.out --no-guards');
  const code = await metalFabric(['lab', 'run', 'cdktf.out', '--no-guards', '--name', `demo-${process.pid}`], {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stdout.write(typeof text === 'string' ? text.replace(/^(?=.)/gm, '   ') : text),
  });
  console.log(`\nall of it: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  process.exitCode = code;
}

function apply({ devices }: Manifest): string {
  if (spawnSync('terraform', ['version'], { stdio: 'ignore' }).error === undefined) {
    phase('terraform init', () => run('terraform', ['init', '-input=false', '-no-color'], STACK, 'quiet'));
    phase('terraform apply', () =>
      run('terraform', ['apply', '-auto-approve', '-input=false', '-no-color', '-compact-warnings'], STACK, 'quiet'),
    );
    return 'applied by Terraform to devices/<device>/current';
  }
  phase('apply without Terraform, which is not installed', () => {
    for (const { name } of devices) applyDevice(name);
  });
  return 'applied to devices/<device>/current by the program that Terraform would run; Terraform is NOT installed';
}

function applyDevice(name: string): void {
  run('sh', ['fabric/.programs/apply-to-directory.sh'], STACK, 'quiet', {
    FABRIC_NEW: join('fabric', 'fra-equ01', name),
    FABRIC_TARGET: join(ROOT, 'devices', name),
  });
}

function phase(name: string, work: () => void): void {
  console.log(`\n── ${name}`);
  const start = performance.now();
  work();
  console.log(`   ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Ends the demo where a program fails, with what it said. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  voice: 'loud' | 'quiet' = 'loud',
  env: Readonly<Record<string, string>> = {},
): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const said = `${stdout}${stderr}`.trimEnd();
  const failed = error !== undefined || status !== 0;
  if ((voice === 'loud' || failed) && said !== '') console.log(said);
  if (!failed) return;
  console.error(`\n${program} ${args.join(' ')} failed: ${error?.message ?? `exit status ${String(status)}`}`);
  process.exit(1);
}

const relative = (path: string): string => path.slice(ROOT.length + 1);

function tableOf({ devices, networks, hosts, promises }: Manifest): string {
  const table = new Table({ head: ['fabric fra-equ01', '', ''], style: { head: [], border: [] }, wordWrap: true });
  const roles = [...new Set(devices.map(({ role }) => role))];
  table.push([
    'devices',
    `${devices.length}`,
    roles.map((role) => `${devices.filter((device) => device.role === role).length} ${role}`).join(', '),
  ]);
  for (const { name, kind, shared, nat, vni, prefixes } of networks) {
    const word = shared ? `shared${nat ? ', nat' : ''}` : `${kind}${nat ? ', nat' : ''}`;
    table.push([name, `VNI ${vni}`, `${word}: ${prefixes.join(', ')}`]);
  }
  table.push(['hosts', `${hosts.length}`, `${hosts.flatMap(({ addresses }) => addresses).length} addresses`]);
  const allowed = promises.filter(({ verdict }) => verdict === 'allowed').length;
  table.push(['promises', `${promises.length}`, `${allowed} allowed, ${promises.length - allowed} denied`]);
  for (const { from, to, family, protocol, ports, seenAs, via } of promises) {
    if (to.kind === 'firewalls' || via === null || seenAs === null || from.name !== 'blue' || family !== 'ipv4')
      continue;
    const what = protocol === 'any' ? '' : ` ${protocol}/${ports.join(',')}`;
    table.push(['', '', `${from.name} → ${to.name}${what}: seen as ${seenAs}, via ${via}`]);
  }
  return table.toString();
}

void main();
