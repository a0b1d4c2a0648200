import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, LocalBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { Firewall, Machine, Partition, PrivateNetwork, Rack, ResourceType } from 'cdktf-metal-fabric';
import { findingsOf, Scratch } from '../constructs/app';
import { readTree } from '../examples/files';
import { describeWithNullProvider, describeWithTerraform, Terraform } from './terraform';

// A real Terraform plans and applies what the library writes: into folders, through the same resources as anywhere else.

jest.setTimeout(120_000);

interface Declaration {
  readonly resourceType: ResourceType;
  readonly isShared: boolean;
  readonly consumers: readonly string[];
  /** Around everything but the partition. */
  readonly wrap: (fra: Partition) => Construct;
}

/** A storage service in rack1; consumers in rack2. */
function declare(scratch: Scratch, given: Partial<Declaration> = {}): App {
  const { resourceType = ResourceType.TERRAFORM_DATA, isShared = true, consumers = ['blue'], wrap } = given;
  const app = scratch.app();
  const stack = new TerraformStack(app, 'fra');
  new LocalBackend(stack, { path: join(scratch.folder, 'terraform.tfstate') });
  const fra = new Partition(stack, 'fra', { ...scratch.props, spines: 1, resourceType });
  const scope = wrap?.(fra) ?? fra;
  const [rack1, rack2] = [new Rack(scope, 'rack1'), new Rack(scope, 'rack2')];
  const storage = new PrivateNetwork(scope, 'storage', { project: 'storage' });
  if (isShared) storage.share({ nat: false });
  new Machine(scope, 'nvme-1', { rack: rack1, primaryNetwork: storage });
  for (const name of consumers) {
    const network = new PrivateNetwork(scope, name, { project: name });
    new Machine(scope, `${name}-1`, { rack: rack2, primaryNetwork: network });
    const firewall = new Firewall(scope, `${name}-fw`, { rack: rack2, primaryNetwork: network });
    if (isShared) firewall.connect(storage);
  }
  return app;
}

const NULL = { resourceType: ResourceType.NULL_RESOURCE };

function setUp(): {
  readonly scratch: Scratch;
  readonly terraform: Terraform;
  readonly synthesize: (given?: Partial<Declaration>) => void;
} {
  const scratch = new Scratch();
  const terraform = new Terraform(join(scratch.out, 'stacks', 'fra'), join(scratch.folder, 'terraform'));
  return { scratch, terraform, synthesize: (given) => expect(findingsOf(declare(scratch, given))).toEqual([]) };
}

/** What stands in every device's folder, under its current version. */
function expectApplied({ folder, out }: Scratch): void {
  const written = [...readTree(join(out, 'stacks', 'fra', 'fabric', 'fra'))].filter(([file]) => file.includes('/'));
  expect(written.length).toBeGreaterThan(35);
  for (const [file, text] of written) {
    const [device = '', name = ''] = file.split('/');
    expect([file, readFileSync(join(folder, 'devices', 'fra', device, 'current', name), 'utf8')]).toEqual([file, text]);
  }
}

describeWithTerraform('terraform_data', () => {
  const { scratch, terraform, synthesize } = setUp();
  afterAll(() => scratch.remove());

  test('is applied: every device has its files', () => {
    synthesize();
    terraform.init();
    terraform.apply();
    expectApplied(scratch);
  });

  test('a second plan changes nothing, also after a second synthesis', () => {
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
    synthesize();
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  test('constructs of a user around ours change nothing', () => {
    synthesize({ wrap: (fra) => new Construct(new Construct(fra, 'services'), 'of ops') });
    expect(terraform.changes()).toEqual([]);
  });

  test('a new consumer changes its own devices, and the leaves that they are wired to', () => {
    synthesize({ consumers: ['blue', 'green'] });
    expect(terraform.changes()).toEqual([
      ['terraform_data.device_fra_green-1', 'create'],
      ['terraform_data.device_fra_green-fw', 'create'],
      ['terraform_data.device_fra_rack2-leaf1', 'delete create'],
      ['terraform_data.device_fra_rack2-leaf2', 'delete create'],
    ]);
    terraform.apply();
    expectApplied(scratch);
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  test('when it leaves, its devices go, and its leaves forget it', () => {
    synthesize();
    expect(terraform.changes()).toEqual([
      ['terraform_data.device_fra_green-1', 'delete'],
      ['terraform_data.device_fra_green-fw', 'delete'],
      ['terraform_data.device_fra_rack2-leaf1', 'delete create'],
      ['terraform_data.device_fra_rack2-leaf2', 'delete create'],
    ]);
  });

  test('what was shared stays shared: the synthesis refuses', () => {
    expect(findingsOf(declare(scratch, { isShared: false }))).toEqual([
      'fra/fra/storage network/stays-shared: was shared, and is declared unshared now',
    ]);
  });

  test('and where the ledger is lost, Terraform does', () => {
    rmSync(scratch.lock, { recursive: true });
    synthesize({ isShared: false });
    const { exitCode, output } = terraform.plan();
    expect(exitCode).toBe(1);
    expect(output).toContain('Instance cannot be destroyed');
    expect(output).toContain('Resource terraform_data.shared_fra_storage[0] has lifecycle.prevent_destroy set');
  });
});

describeWithNullProvider('null_resource', () => {
  const { scratch, terraform, synthesize } = setUp();
  afterAll(() => scratch.remove());

  test('is applied: every device has its files, and a second plan changes nothing', () => {
    synthesize(NULL);
    terraform.init();
    terraform.apply();
    expectApplied(scratch);
    synthesize(NULL);
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
  });

  test('a new consumer changes its own devices, and the leaves that they are wired to', () => {
    synthesize({ ...NULL, consumers: ['blue', 'green'] });
    expect(terraform.changes()).toEqual([
      ['null_resource.device_fra_green-1', 'create'],
      ['null_resource.device_fra_green-fw', 'create'],
      ['null_resource.device_fra_rack2-leaf1', 'delete create'],
      ['null_resource.device_fra_rack2-leaf2', 'delete create'],
    ]);
  });
});
