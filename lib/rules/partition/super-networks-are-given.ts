import { FAMILIES, familyName } from '../../net';
import { isCarved, ofFamily } from '../../model';
import { defineRule } from '../rule';
import { named } from '../words';

export const superNetworksAreGiven = defineRule({
  id: 'partition/super-networks-are-given',
  statement: 'A partition has a super network of each address family that its private networks are carved out of.',
  source: 'metal-stack/metal-api: a child network is allocated from the private super network of its partition.',
  missesSomething: true,
  *check({ partitions }) {
    for (const partition of partitions) {
      if (partition.superNetworks.length === 0) {
        yield { subject: partition, problem: 'has no super network', fix: 'give at least one, like 10.128.0.0/14' };
        continue;
      }
      for (const family of FAMILIES) {
        if (ofFamily(partition.superNetworks, family).length > 0) continue;
        for (const network of partition.networks) {
          if (!isCarved(network, family)) continue;
          yield {
            subject: network,
            problem: `asks for an ${familyName(family)} prefix, and ${named(partition)} has no ${familyName(family)} super network`,
            fix: `give the partition one, or the network no ${familyName(family)} prefix`,
          };
        }
      }
    }
  },
});
