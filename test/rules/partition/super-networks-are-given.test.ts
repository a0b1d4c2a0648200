import { superNetworksAreGiven } from '../../../lib/rules/partition/super-networks-are-given';
import { privateNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(superNetworksAreGiven, {
  holds: {
    'for one of each family': { networks: [privateNetwork('red')] },
    'when no network asks for the family that is missing': {
      superNetworks: ['10.128.0.0/14'],
      networks: [privateNetwork('red', { prefixLengths: { ipv4: 22, ipv6: undefined } })],
    },
    'when the value was refused, which is reported already': {
      superNetworks: [],
      misfits: [{ rule: 'network/prefixes-are-canonical', path: 'par1', problem: 'x', fix: 'y' }],
    },
  },
  breaks: {
    'when there is none': { superNetworks: [], findings: { par1: 'has no super network' } },
    'when a network asks for a family that has none': {
      superNetworks: ['10.128.0.0/14'],
      networks: [privateNetwork('red')],
      findings: { 'par1/red': 'asks for an IPv6 prefix, and "par1" (par1) has no IPv6 super network' },
    },
  },
});
