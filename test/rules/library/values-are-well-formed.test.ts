import { valuesAreWellFormed } from '../../../lib/rules/library/values-are-well-formed';
import { testRule } from '../test-rule';

const problem = 'address "10.0.0" is no IP address';

testRule(valuesAreWellFormed, {
  holds: {
    'when nothing was refused': {},
    'when something else was refused': {
      misfits: [{ rule: 'library/names-fit-the-device', path: 'par1/red', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by a text that is no address': {
      misfits: [{ rule: 'library/values-are-well-formed', path: 'par1/red', problem, fix: 'see there' }],
      findings: { 'par1/red': problem },
    },
  },
});
