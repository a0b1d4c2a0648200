import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Machine, Policy, Port, PrivateNetwork, Rack } from 'cdktf-metal-fabric';
import { type Manifest, PROOF_FILE, proofRecord, RELEASE } from '../../lib/manifest';
import { Prefix } from '../../lib/net';
import { prove } from '../../lib/reachability';
import { Scratch } from '../constructs/app';

jest.mock('../../lib/reachability/prove', () => {
  const actual: typeof import('../../lib/reachability/prove') = jest.requireActual('../../lib/reachability/prove');
  return { ...actual, prove: jest.fn(actual.prove) };
});

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

const proofFile = (): string => join(scratch.out, 'stacks', 'fra', 'fabric', 'fra', PROOF_FILE);

/** Synthesizes a partition, and says of which ones the promises were proven. */
function proven({ machines = 1, policy = Policy.isolated } = {}): readonly string[] {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const rack = new Rack(fra, 'rack1');
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const green = new PrivateNetwork(fra, 'green', { project: 'green' });
  for (let number = 1; number <= machines; number += 1) new Machine(fra, `m${number}`, { rack, primaryNetwork: blue });
  new Machine(fra, 'other', { rack, primaryNetwork: green });
  fra.require(policy(blue, green));
  jest.mocked(prove).mockClear();
  app.synth();
  return jest.mocked(prove).mock.calls.map(([, partition]) => partition);
}

test('what was proven and written is not proven again', () => {
  expect(proven()).toEqual(['fra']);
  expect(proven()).toEqual([]);
  expect(proven()).toEqual([]);
});

test('what has changed is proven, and what has changed back too', () => {
  proven();
  expect(proven({ machines: 2 })).toEqual(['fra']);
  expect(proven()).toEqual(['fra']);
});

test("what is the fabric's own is a part of the proof, though no file has it", () => {
  proven();
  const manifest = JSON.parse(readFileSync(join(dirname(proofFile()), 'fabric.json'), 'utf8')) as Manifest;
  const underlay = Prefix.parse('10.255.0.0/16');
  expect(proofRecord(manifest, [underlay])).toBe(readFileSync(proofFile(), 'utf8'));
  expect(proofRecord(manifest, [Prefix.parse('10.254.0.0/15')])).not.toBe(proofRecord(manifest, [underlay]));
});

test('without an output nothing is taken for proven', () => {
  proven();
  rmSync(scratch.out, { recursive: true });
  expect(proven()).toEqual(['fra']);
});

test('what another release has proven is proven again', () => {
  proven();
  writeFileSync(proofFile(), readFileSync(proofFile(), 'utf8').replace(RELEASE, '0.0.9'));
  expect(proven()).toEqual(['fra']);
});

test('policies are held against the devices all the same', () => {
  proven();
  expect(() => proven({ policy: (blue, green) => Policy.reaches(blue, green, Port.tcp(443)) })).toThrow(
    'policy/reaches',
  );
  expect(jest.mocked(prove)).not.toHaveBeenCalled();
});

test('a proof that fails leaves no record', () => {
  jest.mocked(prove).mockImplementationOnce(() => {
    throw new Error('the devices do not keep what is promised');
  });
  expect(() => proven()).toThrow('the devices do not keep');
  expect(proven()).toEqual(['fra']);
});

test('the release is that of the package', () => {
  const file = resolve(__dirname, '..', '..', 'package.json');
  expect((JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version).toBe(RELEASE);
});
