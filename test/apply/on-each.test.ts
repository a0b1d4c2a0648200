import * as fc from 'fast-check';
import { onEach } from '../../lib/apply';

const named = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `d${index}` }));

test('results are in the order of the items, and never more than so many run at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      async (delays, parallel) => {
        let running = 0;
        let most = 0;
        const told: number[] = [];
        const results = await onEach(
          named(delays.length),
          parallel,
          async ({ name }) => {
            most = Math.max(most, ++running);
            await new Promise((go) => setTimeout(go, delays[Number(name.slice(1))]));
            running--;
            return name;
          },
          ({ done, running: now }) => {
            told.push(done);
            expect(now.length).toBeLessThanOrEqual(parallel);
          },
        );
        expect(results).toEqual(named(delays.length).map(({ name }) => name));
        expect(most).toBe(Math.min(parallel, delays.length));
        expect(told.at(-1) ?? 0).toBe(delays.length);
      },
    ),
    { numRuns: 30 },
  );
});

test('what fails waits for what was begun, and begins nothing more', async () => {
  const ended: string[] = [];
  const work = async ({ name }: { name: string }) => {
    if (name === 'd1') throw new Error('d1 fails');
    await new Promise((go) => setTimeout(go, 20));
    ended.push(name);
  };
  await expect(onEach(named(10), 3, work)).rejects.toThrow('d1 fails');
  expect(ended).toEqual(['d0', 'd2']);
});
