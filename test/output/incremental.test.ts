import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, LocalBackend, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Machine, Partition, PrivateNetwork, Rack, ResourceType } from 'cdktf-metal-fabric';
import { TerraformData as Data } from '../../lib/terraform';
import { changedFiles, readTree } from '../examples/files';
import { leftovers, placesOf } from './state';
import { declareTwoStacks } from './two-stacks';

const SIZE = { racks: 1, machinesPerRack: 2 };

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'output-')));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const out = (): string => join(folder, 'out');
const stackFolder = (name = 'fra'): string => join(out(), 'stacks', name);

function partitionIn(app: App, name = 'fra'): Partition {
  const stack = new TerraformStack(app, name);
  new LocalBackend(stack, { path: 'terraform.tfstate' });
  return new Partition(stack, name, {
    superNetworks: ['10.128.0.0/14'],
    resourceType: ResourceType.TERRAFORM_DATA,
    ledgerDirectory: join(folder, 'lock'),
  });
}

test('a second synthesis of the same app touches nothing', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const before = placesOf(folder);
  expect(before.size).toBeGreaterThan(80);
  declareTwoStacks(folder, 'old', SIZE).synth();
  expect(placesOf(folder)).toEqual(before);
  expect(leftovers(folder)).toEqual([]);
});

test('what is the same in a changed fabric keeps its place and time; what is not is written, and what is gone is removed', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const [before, oldPlaces] = [readTree(out()), placesOf(out())];
  declareTwoStacks(folder, 'new', SIZE).synth();
  const [after, newPlaces] = [readTree(out()), placesOf(out())];
  const kept = [...after.keys()].filter((path) => before.get(path) === after.get(path));
  expect(kept.length).toBeGreaterThan(30);
  expect(kept.filter((path) => newPlaces.get(path) !== oldPlaces.get(path))).toEqual([]);
  const changed = changedFiles(before, after).filter((path) => before.has(path) && after.has(path));
  expect(changed).toContain('stacks/fra/fabric/fra/rack1-leaf1/frr.conf');
  expect(changed.filter((path) => newPlaces.get(path) === oldPlaces.get(path))).toEqual([]);
  expect(readdirSync(join(stackFolder(), 'fabric', 'fra'))).not.toContain('machine1-1');
  expect(readdirSync(join(stackFolder(), 'fabric', 'fra'))).toContain('rack2-leaf1');
  expect(leftovers(folder)).toEqual([]);
});

test('what was changed by hand in the output is written anew', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const before = readTree(out());
  writeFileSync(join(stackFolder(), 'fabric', 'fra', 'spine1', 'frr.conf'), 'by hand\n');
  writeFileSync(join(stackFolder(), 'fabric', 'fra', 'spine1', 'stray.conf'), 'by hand\n');
  declareTwoStacks(folder, 'old', SIZE).synth();
  expect(changedFiles(before, readTree(out()))).toEqual([]);
});

test('a link that was removed by hand is there again', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const before = placesOf(folder);
  rmSync(join(stackFolder(), 'fabric'));
  declareTwoStacks(folder, 'old', SIZE).synth();
  expect(placesOf(folder)).toEqual(before);
});

test("Terraform's own files stay, also where a stack has lost its partition", () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  writeFileSync(join(stackFolder(), 'terraform.tfstate'), '{}');
  const app = new App({ outdir: out() });
  new LocalBackend(new TerraformStack(app, 'fra'), { path: 'terraform.tfstate' });
  partitionIn(app, 'muc');
  app.synth();
  expect(readdirSync(stackFolder()).sort()).toEqual(['.output', 'cdk.tf.json', 'terraform.tfstate']);
  expect(JSON.parse(readFileSync(join(stackFolder(), 'cdk.tf.json'), 'utf8'))).not.toHaveProperty('resource');
});

test('a stack that fails leaves those before it as they were', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const before = placesOf(folder);
  const app = declareTwoStacks(folder, 'new', SIZE);
  Annotations.of(new TerraformStack(app, 'other')).addError('not today');
  expect(() => app.synth()).toThrow('not today');
  expect(placesOf(folder)).toEqual(before);
  expect(existsSync(join(out(), '.staging'))).toBe(false);
});

test('takes the place of an output that was written without versions', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  const wanted = readTree(out());
  const plain = join(folder, 'plain');
  fs.cpSync(out(), plain, { recursive: true, dereference: true });
  rmSync(out(), { recursive: true });
  fs.cpSync(plain, out(), { recursive: true, filter: (path) => !path.endsWith('.output') });
  expect(fs.lstatSync(join(stackFolder(), 'fabric')).isDirectory()).toBe(true);
  declareTwoStacks(folder, 'old', SIZE).synth();
  expect(readTree(out())).toEqual(wanted);
  expect(leftovers(folder)).toEqual([]);
});

test('where files cannot be linked they are copied', () => {
  declareTwoStacks(folder, 'old', SIZE).synth();
  jest.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw new Error('EPERM');
  });
  declareTwoStacks(folder, 'new', SIZE).synth();
  const written = readTree(out());
  rmSync(out(), { recursive: true });
  declareTwoStacks(folder, 'new', SIZE).synth();
  expect(readTree(out())).toEqual(written);
});

test("a stack by itself is written by cdktf's own tools for tests", () => {
  const app = new App({ outdir: out() });
  const fra = partitionIn(app);
  const rack = new Rack(fra, 'rack1');
  new Machine(fra, 'm1', { rack, primaryNetwork: new PrivateNetwork(fra, 'blue', { project: 'blue' }) });
  const written = join(Testing.fullSynth(TerraformStack.of(fra)), 'stacks', 'fra');
  expect(readdirSync(written).sort()).toEqual(['cdk.tf.json', 'fabric']);
  expect(readdirSync(join(written, 'fabric', 'fra'))).toContain('m1');
});

test('manifest.json names the stacks that a stack refers to, though its devices are rendered before it is known', () => {
  const app = new App({ outdir: out() });
  const other = new TerraformStack(app, 'other');
  new LocalBackend(other, { path: 'other.tfstate' });
  const fra = partitionIn(app);
  const id = new Data(other, 'data').getStringAttribute('id');
  new TerraformOutput(TerraformStack.of(fra), 'from-other', { value: id });
  app.synth();
  const { stacks } = JSON.parse(readFileSync(join(out(), 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
  };
  expect(stacks['fra']?.dependencies).toEqual(['other']);
});
