import { externalLeadsSomewhere } from '../../../lib/rules/network/external-leads-somewhere';
import { externalNetwork, privateNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(externalLeadsSomewhere, {
  holds: {
    'with a destination': { networks: [externalNetwork('internet')] },
    'for private networks, which need none': { networks: [privateNetwork('red')] },
    'when a destination was refused, which is reported already': {
      networks: [externalNetwork('internet', { destinationPrefixes: [] })],
      misfits: [{ rule: 'network/prefixes-are-canonical', path: 'par1/internet', problem: 'x', fix: 'y' }],
    },
  },
  breaks: {
    'without a destination': {
      networks: [externalNetwork('internet', { destinationPrefixes: [] })],
      findings: { 'par1/internet': 'has no destination prefix, so nothing is reached through it' },
    },
  },
});
