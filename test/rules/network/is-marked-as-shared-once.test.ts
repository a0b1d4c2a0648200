import { isMarkedAsSharedOnce } from '../../../lib/rules/network/is-marked-as-shared-once';
import { privateNetwork, sharedNetwork, sharing } from '../model';
import { testRule } from '../test-rule';

const marked = (contradictions: number) => ({
  networks: [sharedNetwork('storage', { sharing: { ...sharing(), contradictions } })],
});

testRule(isMarkedAsSharedOnce, {
  holds: { 'when all marks agree': marked(0), 'for an unshared network': { networks: [privateNetwork('red')] } },
  breaks: {
    'by a mark that differs': {
      ...marked(1),
      findings: { 'par1/storage': 'was marked as shared 1 more time with other values than the first time' },
    },
    'by several': {
      ...marked(2),
      findings: { 'par1/storage': 'was marked as shared 2 more times with other values than the first time' },
    },
  },
});
