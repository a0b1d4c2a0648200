import { underlayIsIpv4 } from '../../../lib/rules/partition/underlay-is-ipv4';
import { testRule } from '../test-rule';

testRule(underlayIsIpv4, {
  holds: { 'for an IPv4 prefix': {}, 'when it was refused, which is reported already': { underlay: undefined } },
  breaks: {
    'by an IPv6 prefix': { underlay: 'fd00::/64', findings: { par1: 'underlay fd00::/64 is of IPv6' } },
  },
});
