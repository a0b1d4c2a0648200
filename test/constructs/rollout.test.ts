import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalBackend, TerraformStack } from 'cdktf';
import { Machine, type Partition, PrivateNetwork, Rack, Rollout, Switch, SwitchRole } from 'cdktf-metal-fabric';
import { readTree } from '../examples/files';
import { describeWithTerraform, Terraform } from '../terraform/terraform';
import { findingsOf, Scratch } from './app';

jest.setTimeout(120_000);

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** Anything at all: no type keeps it from where it is given. */
type Js = never;

function declareFabric(
  rollOut: (world: { readonly fra: Partition; readonly racks: readonly Rack[]; readonly machine: Machine }) => unknown,
) {
  const app = scratch.app();
  const fra = scratch.partition(app, 'fra', { spines: 3 });
  const racks = ['rack1', 'rack2'].map((name) => new Rack(fra, name));
  const primaryNetwork = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const [machine] = [1, 2, 3].map((index) => new Machine(fra, `blue-${index}`, { rack: racks[1]!, primaryNetwork }));
  rollOut({ fra, racks, machine: machine! });
  return app;
}

/** What each device and barrier waits for, as Terraform is told. */
function waits(rollOut: Parameters<typeof declareFabric>[0]): Readonly<Record<string, readonly string[]>> {
  expect(findingsOf(declareFabric(rollOut))).toEqual([]);
  const { resource } = JSON.parse(readTree(scratch.out).get('stacks/fra/cdk.tf.json')!) as {
    readonly resource: { readonly terraform_data: Record<string, { readonly depends_on?: readonly string[] }> };
  };
  const short = (address: string): string => address.replace(/^(terraform_data\.)?(device_fra_|rollout_fra_)?/, '');
  return Object.fromEntries(
    Object.entries(resource.terraform_data)
      .filter(([name]) => !name.startsWith('shared_'))
      .map(([name, { depends_on: after = [] }]) => [short(name), after.map(short)]),
  );
}

test('canaries go first, all others after a barrier', () => {
  const order = waits(({ fra, racks, machine }) =>
    fra.rollOut(Rollout.canary([fra.spines[1]!, ...racks[0]!.leaves, machine])),
  );
  expect(order).toMatchObject({
    spine2: [],
    'rack1-leaf1': ['spine2'],
    'rack1-leaf2': ['rack1-leaf1'],
    'blue-1': [],
    canaries: ['rack1-leaf2', 'blue-1'],
    spine1: ['canaries'],
    spine3: ['spine1'],
    'rack2-leaf1': ['spine3'],
    'blue-2': ['rack2-leaf1', 'rack2-leaf2'],
  });
});

test('a single canary needs no barrier', () => {
  const order = waits(({ fra, racks }) => fra.rollOut(Rollout.canary([racks[0]!.leaves[0]!])));
  expect(order).toMatchObject({ 'rack1-leaf1': [], spine1: ['rack1-leaf1'], spine2: ['spine1'] });
  expect(order).not.toHaveProperty('canaries');
});

test('more than one may go at once: leaves wait for both of the last spines', () => {
  const order = waits(({ fra }) => fra.rollOut(Rollout.inChains({ spines: 2, machines: 1 })));
  expect(order).toMatchObject({
    spine1: [],
    spine2: [],
    spine3: ['spine1'],
    spines: ['spine2', 'spine3'],
    'rack1-leaf1': ['spines'],
    'rack2-leaf1': ['spines'],
    'blue-2': ['rack2-leaf1', 'rack2-leaf2', 'blue-1'],
  });
});

test('the same may be given as a property of the partition', () => {
  const app = scratch.app();
  scratch.partition(app, 'fra', { spines: 2, rollout: Rollout.inChains({ spines: 2 }) });
  expect(findingsOf(app)).toEqual([
    'fra/fra partition/rollout-leaves-somebody: maxUnavailable.spines is 2, and there are 2 spines',
  ]);
});

describe('what is wrong is found', () => {
  const WELL_FORMED = 'library/values-are-well-formed';
  test.each<[string, Parameters<typeof declareFabric>[0], readonly string[]]>([
    [
      'a second rollout',
      ({ fra }) => fra.rollOut(Rollout.inChains()).rollOut(Rollout.inChains()),
      [`${WELL_FORMED}: rollOut: is the second rollout of the partition`],
    ],
    ['no canary', ({ fra }) => fra.rollOut(Rollout.canary([])), [`${WELL_FORMED}: rollOut.canary: names no device`]],
    [
      'canaries that are no list',
      ({ fra }) => fra.rollOut(Rollout.canary('spine1' as Js)),
      [`${WELL_FORMED}: rollOut.canary: "spine1" is no list`],
    ],
    [
      'a name for a canary, and a rack',
      ({ fra, racks }) => fra.rollOut(Rollout.canary(['spine1' as Js, racks[0]! as Js])),
      [
        `${WELL_FORMED}: rollOut.canary[0]: "spine1" is no construct`,
        'partition/canaries-are-its-devices: fra/fra/rack1 is no device of the partition',
      ],
    ],
    ['no rollout', ({ fra }) => fra.rollOut({} as Js), [`${WELL_FORMED}: rollOut: "[object Object]" is no Rollout`]],
    [
      'limits that are no numbers',
      ({ fra }) => fra.rollOut(Rollout.inChains({ spines: '2' as Js, machines: 0 })),
      [
        `${WELL_FORMED}: rollOut.maxUnavailable.spines: "2" is no whole number`,
        'partition/rollout-leaves-somebody: maxUnavailable.machines is 0: nothing could be applied',
      ],
    ],
    [
      'limits that are none',
      ({ fra }) => fra.rollOut(Rollout.inChains(2 as Js)),
      [`${WELL_FORMED}: rollOut.maxUnavailable: "2" is no MaxUnavailable`],
    ],
  ])('%s', (_, rollOut, expected) => {
    expect(findingsOf(declareFabric(rollOut)).map((line) => line.replace('fra/fra ', ''))).toEqual(expected);
  });
});

describeWithTerraform('Terraform', () => {
  test('stops at a canary that fails, also where what is between is not to be changed', () => {
    const synthesize = (description: string): void => {
      const app = scratch.app();
      const fra = scratch.partition(app, 'fra', { spines: 0 });
      new LocalBackend(TerraformStack.of(fra), { path: join(scratch.folder, 'terraform.tfstate') });
      const [a, b] = ['a', 'b', 'c', 'd'].map(
        (name) => new Switch(fra, name, { role: SwitchRole.SPINE, ...('ad'.includes(name) ? { description } : {}) }),
      );
      fra.rollOut(Rollout.canary([a!, b!]));
      expect(findingsOf(app)).toEqual([]);
    };
    const devices = join(scratch.folder, 'devices', 'fra');
    const applied = (): readonly string[] =>
      ['a', 'd'].map(
        (name) => /, (one|two)/.exec(readFileSync(join(devices, name, 'current', 'frr.conf'), 'utf8'))![1]!,
      );
    const terraform = new Terraform(join(scratch.out, 'stacks', 'fra'), join(scratch.folder, 'terraform'));
    synthesize('is, one');
    terraform.init();
    terraform.apply();
    expect(applied()).toEqual(['one', 'one']);

    synthesize('is, two');
    expect(terraform.changes().map(([address]) => address)).toEqual([
      'terraform_data.device_fra_a',
      'terraform_data.device_fra_d',
    ]);
    renameSync(join(devices, 'a', 'versions'), join(devices, 'a', 'away'));
    writeFileSync(join(devices, 'a', 'versions'), 'in the way');
    expect(terraform.run('apply', '-auto-approve', '-no-color').exitCode).toBe(1);
    expect(terraform.changes().map(([address]) => address)).toEqual([
      'terraform_data.device_fra_a',
      'terraform_data.device_fra_d',
    ]);

    rmSync(join(devices, 'a', 'versions'));
    renameSync(join(devices, 'a', 'away'), join(devices, 'a', 'versions'));
    expect(applied()).toEqual(['one', 'one']);
    terraform.apply();
    expect(applied()).toEqual(['two', 'two']);
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
  });
});
