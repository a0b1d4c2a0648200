import type { Partition } from '../../model';
import { shortagesOf } from '../refused';
import { defineRule } from '../rule';

export const poolsHaveRoom = defineRule({
  id: 'partition/pools-have-room',
  statement: 'The pools of a partition hold a number for everything that needs one.',
  source: 'decision: a number is never given twice; one that was freed rests before it is given again.',
  check: ({ partitions }) => shortagesOf(partitions.map(withoutFollowUps), 'partition/pools-have-room'),
});

/** Where the underlay was refused no loopback can be given; that is one finding, not one for each device. */
function withoutFollowUps({ underlay, recorded }: Partition): Pick<Partition, 'recorded'> {
  if (underlay !== undefined) return { recorded };
  return { recorded: { ...recorded, shortages: recorded.shortages.filter(({ pool }) => pool !== 'loopback') } };
}
