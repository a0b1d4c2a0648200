import { hostKeyIsKnown } from '../../../lib/rules/target/host-key-is-known';
import { bastion, HOST_KEY, spine, ssh } from '../model';
import { testRule } from '../test-rule';

testRule(hostKeyIsKnown, {
  holds: {
    'for a key that is given': { target: ssh({ bastion: bastion() }) },
    'where any key is accepted': { target: ssh({ hostKey: undefined, acceptAnyHostKey: true }) },
    'for folders': {},
  },
  breaks: {
    'without a key': {
      target: ssh({ hostKey: undefined, bastion: bastion({ hostKey: undefined }) }),
      findings: { par1: ['the host key of its devices is not known', 'the host key of the bastion is not known'] },
    },
    'at a device with a target of its own': {
      switches: [spine('spine1', { target: ssh({ hostKey: undefined }) })],
      findings: { 'par1/spine1': 'the host key of its devices is not known' },
    },
    'by a key where any other is accepted, too': {
      target: ssh({ bastion: bastion({ hostKey: HOST_KEY, acceptAnyHostKey: true }) }),
      findings: { par1: 'the host key of the bastion is given, and any other one is accepted, too' },
    },
  },
});
