import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, LocalBackend, type LocalExecProvisioner, TerraformOutput, TerraformStack } from 'cdktf';
import { TerraformData } from '../../lib/terraform/terraform-data';
import type { Stopwatch } from './cost';

/** What an output is made of, for an app that writes as much with nothing in between. */
export interface Inventory {
  readonly stacks: readonly StackInventory[];
  /** The size of each file that is not written by cdktf, by its path in the output. */
  readonly files: readonly (readonly [string, number])[];
}

interface StackInventory {
  readonly name: string;
  /** The size of its cdk.tf.json. */
  readonly bytes: number;
  readonly resources: Readonly<Record<string, BareResource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A `terraform_data` as it stands in cdk.tf.json. */
interface BareResource {
  readonly triggers_replace?: Record<string, string>;
  readonly count?: number;
  readonly depends_on?: readonly string[];
  readonly lifecycle?: { readonly prevent_destroy: boolean };
  readonly provisioner?: readonly { readonly 'local-exec': Omit<LocalExecProvisioner, 'type'> }[];
}

interface StackJson {
  readonly resource: { readonly terraform_data: Readonly<Record<string, BareResource>> };
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

/** What was written below a folder. */
export function takeInventory(outdir: string): Inventory {
  const names = readdirSync(join(outdir, 'stacks')).sort();
  return {
    stacks: names.map((name): StackInventory => {
      const text = readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8');
      const json = JSON.parse(text) as StackJson;
      const outputs = Object.entries(json.output).map(([id, { value }]) => [id, value] as const);
      return {
        name,
        bytes: Buffer.byteLength(text),
        resources: json.resource.terraform_data,
        outputs: Object.fromEntries(outputs),
      };
    }),
    files: names.flatMap((name) => filesBelow(outdir, join('stacks', name, 'fabric'))),
  };
}

function filesBelow(root: string, folder: string): readonly (readonly [string, number])[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(join(root, path));
    return stat.isDirectory() ? filesBelow(root, path) : [[path, stat.size] as const];
  });
}

/** The floor: as many resources that say the same, and as many files of the same size, by cdktf alone. */
export function synthesizeBare({ stacks, files }: Inventory, outdir: string, watch: Stopwatch): void {
  const app = watch.measure('construct', () => {
    const made = new App({ outdir });
    for (const stack of stacks) declareStack(new TerraformStack(made, stack.name), stack);
    return made;
  });
  watch.measure('synth', () => app.synth());
  watch.measure('write', () => {
    const folders = new Set(files.map(([path]) => dirname(path)));
    for (const folder of folders) mkdirSync(join(outdir, folder), { recursive: true });
    const largest = files.reduce((most, [, size]) => Math.max(most, size), 0);
    const bytes = Buffer.alloc(largest, 'x');
    for (const [path, size] of files) writeFileSync(join(outdir, path), bytes.subarray(0, size));
  });
}

function declareStack(stack: TerraformStack, { resources, outputs }: StackInventory): void {
  new LocalBackend(stack, { path: 'terraform.tfstate' });
  for (const [id, { triggers_replace, count, depends_on, lifecycle, provisioner }] of Object.entries(resources)) {
    const resource = new TerraformData(stack, id, {
      ...(triggers_replace === undefined ? {} : { triggersReplace: triggers_replace }),
      ...(count === undefined ? {} : { count }),
      ...(lifecycle === undefined ? {} : { lifecycle: { preventDestroy: lifecycle.prevent_destroy } }),
      ...(provisioner === undefined
        ? {}
        : { provisioners: provisioner.map((one) => ({ type: 'local-exec' as const, ...one['local-exec'] })) }),
    });
    if (depends_on !== undefined) resource.dependsOn = [...depends_on];
  }
  for (const [id, value] of Object.entries(outputs)) new TerraformOutput(stack, id, { value });
}
