import { shortagesOf } from '../refused';
import { defineRule } from '../rule';

export const networkHasRoom = defineRule({
  id: 'host/network-has-room',
  statement: 'A network has an address for every host in it.',
  source: 'decision: an address is given to one host, and rests before it is given again.',
  check: ({ partitions }) => shortagesOf(partitions, 'host/network-has-room'),
});
