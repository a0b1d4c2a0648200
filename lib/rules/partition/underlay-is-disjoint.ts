import { type Prefix, quote } from '../../net';
import { defineRule } from '../rule';

export const underlayIsDisjoint = defineRule({
  id: 'partition/underlay-is-disjoint',
  statement: 'No network shares an address with the underlay of its partition.',
  source:
    'decision: a packet filter tells fabric and tenants apart by address; metal-stack/metal-api asks for the same.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const { underlay } = partition;
      if (underlay === undefined) continue;
      const overlapping = partition.superNetworks.filter((prefix) => prefix.overlaps(underlay));
      for (const prefix of overlapping) {
        yield {
          subject: partition,
          problem: `super network ${prefix.toString()} overlaps the underlay ${underlay.toString()}`,
          fix: 'choose another prefix for the underlay or for the super network',
        };
      }
      // A network carved out of such a super network is not reported again.
      const isReported = (prefix: Prefix) => overlapping.some((reported) => reported.contains(prefix));
      for (const network of partition.networks) {
        if (network.kind === 'underlay') continue;
        for (const prefix of network.prefixes) {
          if (!prefix.overlaps(underlay) || isReported(prefix)) continue;
          yield {
            subject: network,
            problem: `prefix ${prefix.toString()} overlaps the underlay ${underlay.toString()} of ${quote(partition.name)}`,
            fix: `give the network a prefix outside ${underlay.toString()}`,
          };
        }
      }
    }
  },
});
