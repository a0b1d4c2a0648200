import { staysOutOfFurtherSharedNetworks } from '../../../lib/rules/machine/stays-out-of-further-shared-networks';
import { attachment, connection, externalNetwork, firewall, machine, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red'),
  sharedNetwork('storage'),
  sharedNetwork('backup'),
  externalNetwork('internet'),
];

testRule(staysOutOfFurtherSharedNetworks, {
  holds: {
    'for a shared primary network': { networks, machines: [machine('m1', 'storage')] },
    'when the firewall is connected': {
      networks,
      machines: [machine('m1', 'red')],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage'), connection('backup')] })],
    },
    'without a primary network, which is reported for that': {
      networks,
      machines: [machine('m1', undefined, { attachments: [attachment('storage')] })],
    },
  },
  breaks: {
    'by a shared network beside a private one': {
      networks,
      machines: [machine('m1', 'red', { attachments: [attachment('storage')] })],
      findings: { 'par1/m1': 'is in shared network "storage" besides its primary network "red"' },
    },
    'by a second shared network': {
      networks,
      machines: [machine('m1', 'storage', { attachments: [attachment('backup')] })],
      findings: { 'par1/m1': 'is in shared network "backup" besides its primary network "storage"' },
    },
  },
});
