import { shortagesOf } from '../refused';
import { defineRule } from '../rule';

export const hasAFreePort = defineRule({
  id: 'switch/has-a-free-port',
  statement: 'A switch has a port for every cable.',
  source: 'a port is a socket for one cable.',
  check: ({ partitions }) => shortagesOf(partitions, 'switch/has-a-free-port'),
});
