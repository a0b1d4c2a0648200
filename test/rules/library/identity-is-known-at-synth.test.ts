import { identityIsKnownAtSynth } from '../../../lib/rules/library/identity-is-known-at-synth';
import { testRule } from '../test-rule';

const problem = 'name is a token, and is not known before Terraform runs';

testRule(identityIsKnownAtSynth, {
  holds: {
    'when nothing was refused': {},
    'when something else was refused': {
      misfits: [{ rule: 'library/names-fit-the-device', path: 'par1/red', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by a token where a name belongs': {
      misfits: [{ rule: 'library/identity-is-known-at-synth', path: 'par1/red', problem, fix: 'see there' }],
      findings: { 'par1/red': problem },
    },
  },
});
