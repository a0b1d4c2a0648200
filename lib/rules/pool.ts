import { type Range, printRange } from '../net';
import type { Fabric, Pools } from '../model';
import { isOutside } from './numbers';
import type { Violation } from './rule';

/** Whether a pool of every partition lies within the bounds, its ends in order. */
export function* checkPool(
  { partitions }: Fabric,
  pool: keyof Pools,
  name: string,
  bounds: Range,
): Iterable<Violation> {
  for (const partition of partitions) {
    const range = partition.pools[pool];
    if (isOutside(range.first, bounds) || isOutside(range.last, bounds)) {
      yield {
        subject: partition,
        problem: `${name} pool ${printRange(range)} is not within ${printRange(bounds)}`,
        fix: 'choose whole numbers in that range',
      };
    } else if (range.first > range.last) {
      yield {
        subject: partition,
        problem: `${name} pool ${printRange(range)} ends before it begins`,
        fix: `write ${printRange({ first: range.last, last: range.first })}`,
      };
    }
  }
}
