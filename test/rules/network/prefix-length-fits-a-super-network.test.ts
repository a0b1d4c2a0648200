import { prefixLengthFitsASuperNetwork } from '../../../lib/rules/network/prefix-length-fits-a-super-network';
import { privateNetwork } from '../model';
import { testRule } from '../test-rule';

const lengths = (ipv4: number | undefined, ipv6: number | undefined) => ({
  superNetworks: ['10.132.0.0/16', '10.128.0.0/14', 'fd00:10:128::/48'],
  networks: [privateNetwork('red', { prefixLengths: { ipv4, ipv6 } })],
});

testRule(prefixLengthFitsASuperNetwork, {
  holds: {
    'for the widest': lengths(14, 48),
    'for the longest': lengths(30, 126),
    'for one that was refused, which is reported already': lengths(NaN, undefined),
    'when the prefix is given': {
      networks: [privateNetwork('red', { prefixes: ['10.128.0.0/24'], prefixLengths: { ipv4: 99, ipv6: undefined } })],
    },
    'without a super network of the family, which is reported for that': { ...lengths(99, 99), superNetworks: [] },
  },
  breaks: {
    'by one wider than every super network': {
      ...lengths(13, 47),
      findings: {
        'par1/red': ['IPv4 prefix length 13 is outside 14–30', 'IPv6 prefix length 47 is outside 48–126'],
      },
    },
    'by one without room': {
      ...lengths(31, 127),
      findings: {
        'par1/red': ['IPv4 prefix length 31 is outside 14–30', 'IPv6 prefix length 127 is outside 48–126'],
      },
    },
    'by a fraction': { ...lengths(22.5, 64), findings: { 'par1/red': 'IPv4 prefix length 22.5 is outside 14–30' } },
  },
});
