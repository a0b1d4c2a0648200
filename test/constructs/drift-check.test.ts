import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { LocalBackend, TerraformStack, Testing } from 'cdktf';
import { Partition } from 'cdktf-metal-fabric';
import { describeWithNullProvider, Terraform } from '../terraform/terraform';
import { findingsOf, Scratch } from './app';

// That Terraform warns of what was changed by other ways, where that is wanted.

jest.setTimeout(120_000);

const ROOT = resolve(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface Json {
  readonly terraform: { readonly required_version: string; readonly required_providers?: object };
  readonly check?: unknown;
}

function synth(...driftChecks: readonly boolean[]): Json {
  const stack = new TerraformStack(Testing.app(), 'stack');
  driftChecks.forEach((driftCheck, index) => {
    const superNetworks = [`10.${index}.0.0/16`];
    const name = `par${index}`;
    new Partition(stack, name, { ...scratch.propsOf(name), superNetworks, driftCheck });
  });
  return JSON.parse(Testing.synth(stack)) as Json;
}

test('by default there is none', () => {
  const json = synth(false);
  expect(json).not.toHaveProperty('check');
  expect(json.terraform).toEqual({ required_version: '>= 1.4.0' });
});

test('with one, the provider external and a Terraform with check blocks are needed', () => {
  const json = synth(true);
  expect(json.terraform).toMatchObject({
    required_version: '>= 1.5.0',
    required_providers: { external: { source: 'hashicorp/external', version: '~> 2.3' } },
  });
  expect(json.check).toEqual({
    drift_par0: {
      data: {
        external: {
          par0: {
            program: ['metal-fabric', 'drift', 'fabric/par0', '--terraform', '--base', expect.any(String) as string],
          },
        },
      },
      assert: [
        {
          condition: '${data.external.par0.result.drifted == "" && data.external.par0.result.unreachable == ""}',
          error_message: '${data.external.par0.result.text}',
        },
      ],
    },
  });
});

test('one partition of a stack may have it, and another not, in either order', () => {
  for (const given of [
    [true, false],
    [false, true],
  ]) {
    const json = synth(...given);
    expect(json.terraform.required_version).toBe('>= 1.5.0');
    expect(Object.keys(json.check as object)).toEqual([`drift_par${given.indexOf(true)}`]);
  }
});

test('that it is true or false is checked', () => {
  const app = scratch.app();
  scratch.partition(app, 'fra', { driftCheck: 'no' as never });
  expect(findingsOf(app)).toEqual([
    'fra/fra library/values-are-well-formed: driftCheck: "no" is neither true nor false',
  ]);
});

describeWithNullProvider('Terraform', () => {
  const before = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = before;
  });

  /** Terraform takes the check that an apply would repeat for something to do, so the exit code says nothing here. */
  function planOf(terraform: Terraform): string {
    const { exitCode, output } = terraform.plan();
    expect(exitCode).toBe(2);
    expect(output).toContain('Plan: 0 to add, 0 to change, 0 to destroy.');
    return output;
  }

  /** The command line, as a user has it in PATH. */
  function install(): void {
    const bin = join(scratch.folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const words = [TSX, '--tsconfig', join(ROOT, 'tsconfig.json'), join(ROOT, 'lib', 'cli', 'main.ts')];
    writeFileSync(join(bin, 'metal-fabric'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
    chmodSync(join(bin, 'metal-fabric'), 0o755);
    process.env['PATH'] = [bin, before].join(delimiter);
  }

  test('warns with the text, changes nothing, and is quiet without drift', () => {
    const app = scratch.app();
    const fra = scratch.partition(app, 'fra', { driftCheck: true, spines: 1 });
    new LocalBackend(TerraformStack.of(fra), { path: join(scratch.folder, 'terraform.tfstate') });
    expect(findingsOf(app)).toEqual([]);
    const terraform = new Terraform(join(scratch.out, 'stacks', 'fra'), join(scratch.folder, 'terraform'));
    install();
    terraform.init();
    terraform.apply();
    expect(planOf(terraform)).not.toContain('Warning');

    // A check that cannot be made is a warning as well, and stops nobody.
    process.env['PATH'] = before;
    expect(planOf(terraform)).toContain('Warning: ');

    install();
    writeFileSync(join(scratch.folder, 'devices', 'fra', 'spine1', 'current', 'frr.conf'), '! by hand\n');
    const warned = planOf(terraform);
    expect(warned).toContain('Warning: Check block assertion failed');
    expect(warned).toContain('frr.conf was edited');

    terraform.apply('-replace=terraform_data.device_fra_spine1');
    expect(planOf(terraform)).not.toContain('Warning');
  });
});
