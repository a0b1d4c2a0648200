import { addressIsFree } from '../../../lib/rules/host/address-is-free';
import {
  attachment,
  connection,
  firewall,
  machine,
  privateNetwork,
  sharedNetwork,
  shortage,
  translate,
} from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), privateNetwork('blue'), sharedNetwork('storage')];
const machines = [machine('m1', attachment('storage', ['10.128.0.10']))];

testRule(addressIsFree, {
  holds: {
    'for different addresses': {
      networks,
      machines: [...machines, machine('m2', attachment('storage', ['10.128.0.11']))],
    },
    'for the same address of different networks, which never meet': {
      networks,
      machines: ['red', 'blue'].map((name) => machine(`${name}-1`, attachment(name, ['10.128.0.10']))),
    },
    'for a firewall that translates to its own address': {
      networks,
      firewalls: [
        firewall('fw', 'red', {
          connections: [connection('storage', { addresses: ['10.128.0.9'], nat: translate('10.128.0.9') })],
        }),
      ],
    },
    'when references lead nowhere': {
      machines: ['m1', 'm2'].map((name) => machine(name, attachment('nowhere', ['10.128.0.10']))),
    },
  },
  breaks: {
    'by two machines': {
      networks,
      machines: [...machines, machine('m2', attachment('storage', ['10.128.0.10']))],
      findings: { 'par1/m2': 'address 10.128.0.10 in "storage" is also that of "m1" (par1/m1)' },
    },
    'by a firewall that translates to the address of a machine': {
      networks,
      machines,
      firewalls: [firewall('fw', 'red', { connections: [connection('storage', { nat: translate('10.128.0.10') })] })],
      findings: { 'par1/m1': 'address 10.128.0.10 in "storage" is also that of "fw" (par1/fw)' },
    },
    'by two firewalls that translate to one address': {
      networks,
      firewalls: ['red', 'blue'].map((name) =>
        firewall(`${name}-fw`, name, { connections: [connection('storage', { nat: translate('10.128.0.9') })] }),
      ),
      findings: { 'par1/red-fw': 'address 10.128.0.9 in "storage" is also that of "blue-fw" (par1/blue-fw)' },
    },
    'when the ledger could not give a fixed address': {
      recorded: { shortages: [shortage('taken', 'address', 'm1')] },
      findings: { 'par1/m1': 'address is taken' },
    },
  },
});
