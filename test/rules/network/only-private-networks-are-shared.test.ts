import { onlyPrivateNetworksAreShared } from '../../../lib/rules/network/only-private-networks-are-shared';
import { externalNetwork, sharedNetwork, sharing, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(onlyPrivateNetworksAreShared, {
  holds: { 'for a private network': { networks: [sharedNetwork('storage'), externalNetwork('internet')] } },
  breaks: {
    'by an external network': {
      networks: [externalNetwork('internet', { sharing: sharing() })],
      findings: { 'par1/internet': 'is an external network, and marked as shared' },
      fixes: ['leave the mark out: any firewall of the partition may use an external network'],
    },
    'by the underlay': {
      networks: [underlayNetwork('underlay', { sharing: sharing() })],
      findings: { 'par1/underlay': 'is an underlay network, and marked as shared' },
    },
  },
});
