import { noautoGivesAnAddress } from '../../../lib/rules/host/noauto-gives-an-address';
import { attachment, connection, firewall, machine, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), sharedNetwork('storage')];

testRule(noautoGivesAnAddress, {
  holds: {
    'for an allocated address': { networks, machines: [machine('m1', attachment('red', [], true))] },
    'for a given address': { networks, machines: [machine('m1', attachment('red', ['10.128.0.10'], false))] },
    'when the given address was refused, which is reported already': {
      networks,
      machines: [machine('m1', attachment('red', [], false))],
      misfits: [{ rule: 'library/values-are-well-formed', path: 'par1/m1', problem: 'x', fix: 'y' }],
    },
  },
  breaks: {
    'by neither, for a machine': {
      networks,
      machines: [machine('m1', attachment('red', [], false))],
      findings: { 'par1/m1': 'has neither a given nor an allocated address in "red"' },
    },
    'by neither, where a firewall is connected': {
      networks,
      firewalls: [firewall('fw', 'red', { connections: [connection('storage', { autoIp: false })] })],
      findings: { 'par1/fw': 'has neither a given nor an allocated address in "storage"' },
    },
  },
});
