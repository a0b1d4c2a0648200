import { namesFitTheDevice } from '../../../lib/rules/library/names-fit-the-device';
import { machine, privateNetwork } from '../model';
import { testRule } from '../test-rule';

const problem = '"Red" is no name';

testRule(namesFitTheDevice, {
  holds: {
    'for a network called "localhost", which is no device': { networks: [privateNetwork('localhost')] },
    'when something else was refused': {
      misfits: [{ rule: 'library/values-are-well-formed', path: 'par1/red', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by a capital letter': {
      misfits: [{ rule: 'library/names-fit-the-device', path: 'par1/Red', problem, fix: 'see there' }],
      findings: { 'par1/Red': problem },
    },
    'by a machine called "localhost"': {
      networks: [privateNetwork('red')],
      machines: [machine('localhost', 'red')],
      findings: { 'par1/localhost': 'the name "localhost" means each device itself' },
    },
  },
});
