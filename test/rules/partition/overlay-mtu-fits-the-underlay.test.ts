import { overlayMtuFitsTheUnderlay } from '../../../lib/rules/partition/overlay-mtu-fits-the-underlay';
import { testRule } from '../test-rule';

testRule(overlayMtuFitsTheUnderlay, {
  holds: {
    'when just 50 octets are left': { mtu: { underlay: 9216, overlay: 9166 } },
    'when one of them is out of range, which is reported already': { mtu: { underlay: 1200, overlay: 9000 } },
  },
  breaks: {
    'when 49 octets are left': {
      mtu: { underlay: 9216, overlay: 9167 },
      findings: { par1: 'overlay MTU 9167 and 50 octets of VXLAN exceed the underlay MTU 9216' },
    },
  },
});
