import { attachesNoUnderlay } from '../../../lib/rules/host/attaches-no-underlay';
import { attachment, connection, externalNetwork, firewall, machine, privateNetwork, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), underlayNetwork('underlay'), externalNetwork('internet')];

testRule(attachesNoUnderlay, {
  holds: {
    'for other networks': { networks, machines: [machine('m1', 'red', { attachments: [attachment('internet')] })] },
  },
  breaks: {
    'as a primary network': {
      networks,
      machines: [machine('m1', 'underlay')],
      findings: { 'par1/m1': 'joins the underlay "underlay"' },
    },
    'as a further network': {
      networks,
      firewalls: [firewall('fw', 'red', { connections: [connection('underlay')] })],
      findings: { 'par1/fw': 'joins the underlay "underlay"' },
    },
  },
});
