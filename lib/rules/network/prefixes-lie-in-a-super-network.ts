import { defineRule } from '../rule';
import { listed, named } from '../words';

export const prefixesLieInASuperNetwork = defineRule({
  id: 'network/prefixes-lie-in-a-super-network',
  statement: 'The prefixes of a private network lie in super networks of its partition.',
  source: 'metal-stack/metal-api: a private network is a child of the private super network of its partition.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const { superNetworks, networks } = partition;
      // Without any, each of the networks would be reported, though the partition is what lacks something.
      if (superNetworks.length === 0) continue;
      for (const network of networks) {
        if (network.kind !== 'private') continue;
        for (const prefix of network.prefixes) {
          // A partition has a handful of super networks, so the product stays small.
          if (superNetworks.some((superNetwork) => superNetwork.contains(prefix))) continue;
          yield {
            subject: network,
            problem: `prefix ${prefix.toString()} lies in no super network of ${named(partition)}`,
            fix: `choose a prefix in ${listed(superNetworks, ' or ')}`,
          };
        }
      }
    }
  },
});
