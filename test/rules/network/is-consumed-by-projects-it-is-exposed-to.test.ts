import { isConsumedByProjectsItIsExposedTo } from '../../../lib/rules/network/is-consumed-by-projects-it-is-exposed-to';
import { connection, firewall, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const exposed = (...exposedTo: readonly string[]) => sharedNetwork('storage', { exposedTo });
const firewalls = [firewall('fw', 'red', { connections: [connection('storage')] })];

testRule(isConsumedByProjectsItIsExposedTo, {
  holds: {
    'for a project of the list': { networks: [exposed('blue', 'red'), privateNetwork('red')], firewalls },
    'for its owner': { networks: [exposed(), privateNetwork('red', { project: 'storage' })], firewalls },
    'for everybody, without a list': { networks: [sharedNetwork('storage'), privateNetwork('red')], firewalls },
    'when a project was refused, which is reported already': {
      networks: [sharedNetwork('storage', { project: '', exposedTo: [] }), privateNetwork('red')],
      firewalls,
    },
    'when the other project was refused': { networks: [exposed(), privateNetwork('red', { project: '' })], firewalls },
    'when references lead nowhere': { networks: [exposed()], firewalls },
  },
  breaks: {
    'by a project that is not in the list': {
      networks: [exposed('blue'), privateNetwork('red')],
      firewalls,
      findings: { 'par1/fw': 'project "red" uses "storage", which is not exposed to it' },
    },
    'by anybody else, when the list is empty': {
      networks: [exposed(), privateNetwork('red')],
      firewalls,
      findings: { 'par1/fw': 'project "red" uses "storage", which is not exposed to it' },
    },
  },
});
