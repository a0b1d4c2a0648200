import { hasAnAddressFamily } from '../../../lib/rules/network/has-an-address-family';
import { externalNetwork, privateNetwork, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const nothing = { ipv4: undefined, ipv6: undefined };

testRule(hasAnAddressFamily, {
  holds: {
    'for a given prefix': {
      networks: [privateNetwork('red', { prefixes: ['10.128.0.0/24'], prefixLengths: nothing })],
    },
    'for a prefix to be allocated': { networks: [privateNetwork('red', { prefixLengths: { ...nothing, ipv6: 64 } })] },
    'for the underlay, which is not joined': { networks: [underlayNetwork('underlay', { prefixes: [] })] },
    'when a prefix was refused, which is reported already': {
      networks: [externalNetwork('internet', { prefixes: [] })],
      misfits: [{ rule: 'network/prefixes-are-canonical', path: 'par1/internet', problem: 'x', fix: 'y' }],
    },
  },
  breaks: {
    'by a private network with neither prefix nor length': {
      networks: [privateNetwork('red', { prefixLengths: nothing })],
      findings: { 'par1/red': 'has no prefix of either address family' },
      fixes: ['give a prefix, or the length of one to have it allocated'],
    },
    'by an external network without a prefix': {
      networks: [externalNetwork('internet', { prefixes: [] })],
      findings: { 'par1/internet': 'has no prefix of either address family' },
      fixes: ['give the prefix that the provider routes to you'],
    },
  },
});
