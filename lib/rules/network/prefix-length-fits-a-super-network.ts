import { familyName, printRange } from '../../net';
import { misfitLengths } from '../carving';
import { defineRule } from '../rule';

export const prefixLengthFitsASuperNetwork = defineRule({
  id: 'network/prefix-length-fits-a-super-network',
  statement:
    'A prefix to be allocated is no wider than a super network of its family, and no longer than /30 (IPv6: /126).',
  source: 'decision: it is carved out of one super network, and has room for a firewall and a machine at least.',
  check: ({ partitions }) =>
    partitions.flatMap(misfitLengths).map(({ network, family, length, range }) => ({
      subject: network,
      problem: `${familyName(family)} prefix length ${length} is outside ${printRange(range)}`,
      fix: 'choose a length in that range, or leave it out',
    })),
});
