import type { FrrVersion } from '../../model';
import { defineRule } from '../rule';

export const frrVersionIsSupported = defineRule({
  id: 'partition/frr-version-is-supported',
  statement: 'The devices of a partition run FRR 8.4 to 10.x.',
  source:
    'decision: other releases were not tried. "no bgp enforce-first-as" must be written from 10 on, and is refused by 8.4.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const { major, minor } = partition.frr;
      if (isSupported(partition.frr)) continue;
      yield {
        subject: partition,
        problem: `FRR ${major}.${minor} is not supported`,
        fix: 'use FRR 8.4, 8.5, 9.x or 10.x, and declare the release that the devices run',
      };
    }
  },
});

function isSupported({ major, minor }: FrrVersion): boolean {
  if (!Number.isInteger(minor) || minor < 0) return false;
  return major === 8 ? minor >= 4 : major === 9 || major === 10;
}
