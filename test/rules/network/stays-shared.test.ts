import { staysShared } from '../../../lib/rules/network/stays-shared';
import { privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(staysShared, {
  holds: {
    'when it is still shared': { networks: [sharedNetwork('storage')], recorded: { shared: ['storage'] } },
    'when it was removed': { networks: [privateNetwork('red')], recorded: { shared: ['storage'] } },
    'when it never was': { networks: [privateNetwork('storage')] },
  },
  breaks: {
    'when it is declared unshared': {
      networks: [privateNetwork('storage')],
      recorded: { shared: ['storage'] },
      findings: { 'par1/storage': 'was shared, and is declared unshared now' },
    },
  },
});
