import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readFabric } from '../../lib/output';
import { differences, everyFlow } from '../../lib/reachability';
import { compare, flowsOf } from './agreement';

// The files themselves are read, as they lie in an output.

const GOLDEN = resolve(__dirname, '..', 'examples', 'golden');
const EXAMPLES = readdirSync(GOLDEN).filter((name) => existsSync(join(GOLDEN, name, 'fra-equ01')));

test('every example that writes something is looked at', () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(6);
});

describe.each(EXAMPLES)('in the output of %s', (name) => {
  const fabric = readFabric(join(GOLDEN, name));
  const { directory, routing, promises } = fabric.reachability;

  test('a simulation of single packets says of every flow what the engine says', () => {
    const { tried, arrived, differing } = compare(fabric.snapshot(), flowsOf(directory, 1));
    expect(differing).toEqual([]);
    expect(arrived).toBeGreaterThan(0);
    expect(tried).toBeGreaterThan(arrived);
  }, 300_000);

  test('every promise is kept, of all flows', () => {
    expect([...differences(routing, directory, promises, everyFlow(directory))].map(({ packet }) => packet)).toEqual(
      [],
    );
  }, 300_000);

  test('and nothing spoofed passes a leaf', () => {
    expect([...fabric.reachability.faults()].map(({ packet }) => packet)).toEqual([]);
  });
});
