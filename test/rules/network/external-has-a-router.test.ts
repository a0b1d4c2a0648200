import { externalHasARouter } from '../../../lib/rules/network/external-has-a-router';
import { externalNetwork, privateNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(externalHasARouter, {
  holds: {
    'with a router': { networks: [externalNetwork('internet')] },
    'for private networks, which need none': { networks: [privateNetwork('red')] },
  },
  breaks: {
    'without a router, whatever else was refused': {
      networks: [externalNetwork('internet', { routers: [] })],
      misfits: [{ rule: 'library/values-are-well-formed', path: 'par1/internet', problem: 'x', fix: 'y' }],
      findings: { 'par1/internet': 'has no router, so it leads nowhere' },
    },
  },
});
