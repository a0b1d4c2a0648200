import { shortagesOf } from '../refused';
import { defineRule } from '../rule';

export const superNetworkHasRoom = defineRule({
  id: 'network/super-network-has-room',
  statement: 'The super networks of a partition have room for every prefix that is carved out of them.',
  source: 'decision: a prefix is given to one network, and rests before it is given again.',
  check: ({ partitions }) =>
    // Without super networks every network would be reported, though the partition is what lacks something.
    shortagesOf(
      partitions.filter(({ superNetworks }) => superNetworks.length > 0),
      'network/super-network-has-room',
    ),
});
