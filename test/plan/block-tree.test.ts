import fc from 'fast-check';
import { type Block, BlockTree, type Span, spanOf } from '../../lib/plan/block-tree';

const BITS = 5;

const blocks: fc.Arbitrary<Block> = fc
  .record({ length: fc.integer({ min: 0, max: BITS }), number: fc.nat({ max: 2 ** BITS - 1 }) })
  .map(({ length, number }) => ({ first: (BigInt(number) >> BigInt(BITS - length)) << BigInt(BITS - length), length }));

const spans: fc.Arbitrary<Span> = fc
  .tuple(fc.nat({ max: 31 }), fc.nat({ max: 31 }))
  .map(([a, b]) => ({ first: BigInt(Math.min(a, b)), last: BigInt(Math.max(a, b)) }));

const within = (inner: Span, outer: Span): boolean => outer.first <= inner.first && inner.last <= outer.last;
const overlap = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;
const spanIn = (block: Block): Span => spanOf(block, BITS);

/** The lowest free block, found by trying every one. */
function lowestOf(taken: readonly Block[], span: Span, length: number): Block | undefined {
  const size = 1n << BigInt(BITS - length);
  for (let first = 0n; first < 32n; first += size) {
    const block = { first, length };
    if (within(spanIn(block), span) && !taken.some((other) => overlap(spanIn(other), spanIn(block)))) return block;
  }
  return undefined;
}

test('answers as a list that is searched from end to end', () => {
  const found = { some: 0, none: 0 };
  fc.assert(
    fc.property(fc.array(blocks, { maxLength: 12 }), fc.nat(), blocks, spans, (added, pick, probe, span) => {
      const tree = new BlockTree(BITS);
      for (const block of added) tree.add(block);
      const gone = added.length === 0 ? -1 : pick % added.length;
      const left = added.filter((_, index) => index !== gone);
      if (added[gone] !== undefined) tree.remove(added[gone]);
      expect(tree.isFree(probe)).toBe(!left.some((block) => overlap(spanIn(block), spanIn(probe))));
      expect(tree.covers(probe)).toBe(left.some((block) => within(spanIn(probe), spanIn(block))));
      const lowest = lowestOf(left, span, probe.length);
      expect(tree.tryLowest(span, probe.length)).toEqual(lowest);
      found[lowest === undefined ? 'none' : 'some'] += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(found.some).toBeGreaterThan(200);
  expect(found.none).toBeGreaterThan(200);
});

test('finds the last of 100,000 numbers without going through all of them', () => {
  const tree = new BlockTree(32);
  const span = { first: 7n, last: 100_006n };
  for (let number = 7n; number < 100_006n; number += 1n) tree.add({ first: number, length: 32 });
  const start = performance.now();
  for (let round = 0; round < 1_000; round += 1)
    expect(tree.tryLowest(span, 32)).toEqual({ first: 100_006n, length: 32 });
  expect(performance.now() - start).toBeLessThan(20_000);
});
