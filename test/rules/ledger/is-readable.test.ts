import { isReadable } from '../../../lib/rules/ledger/is-readable';
import { testRule } from '../test-rule';

testRule(isReadable, {
  holds: { 'when there is none yet': {} },
  breaks: {
    'by a file that is no JSON': {
      recorded: {
        fault: { file: 'fabric.lock/par1.json', problem: 'line 3 is no JSON', fix: 'take the last version from git' },
      },
      findings: { par1: 'fabric.lock/par1.json: line 3 is no JSON' },
    },
  },
});
