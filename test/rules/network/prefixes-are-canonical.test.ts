import { prefixesAreCanonical } from '../../../lib/rules/network/prefixes-are-canonical';
import { testRule } from '../test-rule';

const problem = '"10.0.16.1/22" has host bits set';

testRule(prefixesAreCanonical, {
  holds: {
    'when nothing was refused': {},
    'when something else was refused': {
      misfits: [{ rule: 'library/names-fit-the-device', path: 'par1/red', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by a prefix with host bits': {
      misfits: [{ rule: 'network/prefixes-are-canonical', path: 'par1/red', problem, fix: 'see there' }],
      findings: { 'par1/red': problem },
    },
  },
});
