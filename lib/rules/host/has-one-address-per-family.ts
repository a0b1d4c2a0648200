import { Address, FAMILIES, familyName, quote } from '../../net';
import { defineRule } from '../rule';
import { memberships } from '../walk';

export const hasOneAddressPerFamily = defineRule({
  id: 'host/has-one-address-per-family',
  statement: 'A host has one address of each family in a network.',
  source: 'decision: a host is known to its network by one address, the one its leaf lets it send from.',
  *check(fabric, lookup) {
    for (const { host, attachment, network } of memberships(fabric, lookup)) {
      for (const family of FAMILIES) {
        const addresses = attachment.addresses.filter((address) => address.family === family).sort(Address.compare);
        if (addresses.length < 2) continue;
        yield {
          subject: host,
          problem: `has the ${familyName(family)} addresses ${addresses.map((address) => address.toString()).join(' and ')} in ${quote(network.name)}`,
          fix: 'keep one of them',
        };
      }
    }
  },
});
