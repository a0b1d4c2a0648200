import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const onlyPrivateNetworksAreShared = defineRule({
  id: 'network/only-private-networks-are-shared',
  statement: 'Only a private network is shared.',
  source: 'specification, alternative 1: shared networks extend the functions around plain, private networks.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind === 'private' || network.sharing === undefined) continue;
      yield {
        subject: network,
        problem: `is an ${network.kind} network, and marked as shared`,
        fix:
          network.kind === 'external'
            ? 'leave the mark out: any firewall of the partition may use an external network'
            : 'leave the mark out: nobody joins the underlay',
      };
    }
  },
});
