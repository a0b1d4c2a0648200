import { interfaceNamesFitTheDevice } from '../../../lib/rules/switch/interface-names-fit-the-device';
import { testRule } from '../test-rule';

const problem = '"swp 1" is no interface name';

testRule(interfaceNamesFitTheDevice, {
  holds: {
    'when nothing was refused': {},
    'when something else was refused': {
      misfits: [{ rule: 'library/names-fit-the-device', path: 'par1/red', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by a blank in an interface name': {
      misfits: [{ rule: 'switch/interface-names-fit-the-device', path: 'par1/red', problem, fix: 'see there' }],
      findings: { 'par1/red': problem },
    },
  },
});
