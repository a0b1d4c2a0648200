import { referencesLeadSomewhere } from '../../../lib/rules/library/references-lead-somewhere';
import {
  attachment,
  connection,
  externalNetwork,
  firewall,
  leaf,
  machine,
  partition,
  privateNetwork,
  router,
  sharedNetwork,
  wiring,
} from '../model';
import { testRule } from '../test-rule';

testRule(referencesLeadSomewhere, {
  holds: {
    'when all that is named is declared': {
      networks: [externalNetwork('internet'), privateNetwork('red'), sharedNetwork('storage')],
      machines: [machine('m1', 'red', { attachments: [attachment('internet')] })],
      firewalls: [firewall('fw', 'red', { connections: [connection('storage')] })],
    },
    'for what another partition declares: that is a matter of other rules': {
      machines: [machine('m1', 'par2/red')],
      others: [partition('par2', { networks: [privateNetwork('red', { partition: 'par2' })] })],
    },
  },
  breaks: {
    'by networks, a rack and a leaf that nobody declares': {
      machines: [
        machine('m1', 'nowhere', {
          attachments: [attachment('elsewhere')],
          rack: 'par1/rack9',
          wiring: wiring({ leaves: ['par1/leaf9'] }),
        }),
      ],
      firewalls: [firewall('fw', undefined, { connections: [connection('nowhere')] })],
      findings: {
        'par1/m1': [
          'refers to the network par1/elsewhere, which this app does not declare',
          'refers to the network par1/nowhere, which this app does not declare',
          'refers to the rack par1/rack9, which this app does not declare',
          'refers to the switch par1/leaf9, which this app does not declare',
        ],
        'par1/fw': 'refers to the network par1/nowhere, which this app does not declare',
      },
    },
    'by the rack of a leaf, and the leaf of a router': {
      switches: [leaf('leaf1', { rack: 'par1/rack9' })],
      networks: [externalNetwork('internet', { routers: [router('isp1', { leaf: 'par1/border9' })] })],
      findings: {
        'par1/leaf1': 'refers to the rack par1/rack9, which this app does not declare',
        'par1/internet': 'refers to the switch par1/border9, which this app does not declare',
      },
    },
  },
});
