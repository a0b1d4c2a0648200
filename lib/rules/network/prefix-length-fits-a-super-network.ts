import { type Family, FAMILIES, familyName, printRange } from '../../net';
import { isCarved, ofFamily } from '../../model';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';

/** A firewall and a machine. */
const LONGEST: Readonly<Record<Family, number>> = { ipv4: 30, ipv6: 126 };

export const prefixLengthFitsASuperNetwork = defineRule({
  id: 'network/prefix-length-fits-a-super-network',
  statement:
    'A prefix to be allocated is no wider than a super network of its family, and no longer than /30 (IPv6: /126).',
  source: 'decision: it is carved out of one super network, and has room for a firewall and a machine at least.',
  *check({ partitions }) {
    for (const { superNetworks, networks } of partitions) {
      for (const family of FAMILIES) {
        const widest = Math.min(...ofFamily(superNetworks, family).map(({ length }) => length));
        // Without a super network of the family, that is what is reported.
        if (!Number.isFinite(widest)) continue;
        for (const network of networks) {
          if (network.kind !== 'private' || !isCarved(network, family)) continue;
          const length = network.prefixLengths[family];
          const range = { first: widest, last: LONGEST[family] };
          if (length === undefined || !isOutside(length, range)) continue;
          yield {
            subject: network,
            problem: `${familyName(family)} prefix length ${length} is outside ${printRange(range)}`,
            fix: 'choose a length in that range, or leave it out',
          };
        }
      }
    }
  },
});
