import { quote } from '../../net';
import { shortagesOf } from '../refused';
import { defineRule } from '../rule';
import { isUsable, memberships } from '../walk';

export const addressIsUsable = defineRule({
  id: 'host/address-is-usable',
  statement: 'The address of a host is not the first of its prefix, nor in IPv4 the last.',
  source: 'RFC 1122 section 3.2.1.3: network and broadcast address; RFC 4291 section 2.6.1: subnet-router anycast.',
  *check(fabric, lookup) {
    for (const { host, attachment, network } of memberships(fabric, lookup)) {
      for (const address of attachment.addresses) {
        const prefix = network.prefixes.find((candidate) => candidate.holds(address));
        if (prefix === undefined || isUsable(prefix, address)) continue;
        const { first, last } = prefix.usable;
        yield {
          subject: host,
          problem: `address ${address.toString()} is no host address in ${prefix.toString()} of ${quote(network.name)}`,
          fix: `choose one from ${first.toString()} to ${last.toString()}, or leave it out to have one allocated`,
        };
      }
    }
    // Where the prefix was carved, only the plan knows it.
    yield* shortagesOf(fabric.partitions, 'host/address-is-usable');
  },
});
