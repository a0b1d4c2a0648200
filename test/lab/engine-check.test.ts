import { join, resolve } from 'node:path';
import { Address } from '../../lib/net';
import { type Expectation, type Seen } from '../../lib/lab';
import { readOutput } from '../../lib/output';
import { checkEngine } from '../../lib/lab/engine-check';

const GOLDEN = resolve(__dirname, '..', 'examples', 'golden', 'multiple-consumers', 'fra-equ01');
const output = readOutput(join(GOLDEN, 'fabric'));

type End = Expectation['from'];

const machine = (name: string, network: string, address: string): End => ({
  kind: 'machine',
  name,
  network,
  family: 'ipv4',
  address: Address.parse(address),
  node: name,
});
const blue = machine('blue-1', 'blue', '10.128.4.1');
const metrics = machine('metrics-1', 'monitoring', '10.128.12.3');

/** What packets of the flow did, whatever is promised of it. */
function seen(from: End, to: End, source: string | undefined, answered: boolean, sent = 1): Seen {
  const expectation: Expectation = {
    from,
    to,
    protocol: 'tcp',
    port: 7777,
    allowed: true,
    seenAs: undefined,
    via: undefined,
    because: '',
  };
  return {
    expectation,
    sent,
    arrivals: source === undefined ? [] : [{ node: to.node, source }],
    answered,
    error: undefined,
  };
}

test('packets that do what was computed agree, allowed or not', () => {
  const { passed, mismatches } = checkEngine(output, [
    seen(blue, metrics, '10.128.12.1', true),
    seen(metrics, blue, undefined, false),
  ]);
  expect({ passed, mismatches }).toEqual({ passed: 2, mismatches: [] });
});

test('another source, a lost answer, and a packet that nobody computed are found', () => {
  const { mismatches } = checkEngine(output, [
    seen(blue, metrics, '10.128.4.1', true),
    seen(blue, metrics, '10.128.12.1', false),
    seen(metrics, blue, '10.128.12.3', true),
  ]);
  expect(mismatches.map((one) => [one.promised, one.seen])).toEqual([
    ['computed: arrives as 10.128.12.1, and is answered', 'arrives as 10.128.4.1, and is answered'],
    ['computed: arrives as 10.128.12.1, and is answered', 'arrives as 10.128.12.1, without an answer'],
    ['computed: nothing arrives', 'arrives as 10.128.12.3, and is answered'],
  ]);
  expect(mismatches[2]?.evidence.join('\n')).toContain('set community no-export additive');
});

test('what was not sent proves nothing', () => {
  expect(checkEngine(output, [seen(blue, metrics, undefined, false, 0)]).passed).toBe(0);
});
