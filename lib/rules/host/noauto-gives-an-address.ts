import { quote } from '../../net';
import { defineRule } from '../rule';
import { memberships } from '../walk';

export const noautoGivesAnAddress = defineRule({
  id: 'host/noauto-gives-an-address',
  statement: 'A host gets its address in a network allocated, or is given one.',
  source:
    'specification, constraint: machines can be allocated with a primary network using auto IP allocation or with noauto and a specific IP.',
  missesSomething: true,
  *check(fabric, lookup) {
    for (const { host, attachment, network } of memberships(fabric, lookup)) {
      if (attachment.autoIp || attachment.addresses.length > 0) continue;
      yield {
        subject: host,
        problem: `has neither a given nor an allocated address in ${quote(network.name)}`,
        fix: 'give an address, or leave the allocation on',
      };
    }
  },
});
