import { underlayIsDisjoint } from '../../../lib/rules/partition/underlay-is-disjoint';
import { externalNetwork, privateNetwork, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

testRule(underlayIsDisjoint, {
  holds: {
    'for neighbours that touch': {
      underlay: '10.127.0.0/16',
      networks: [privateNetwork('red', { prefixes: ['10.128.0.0/24'] })],
    },
    'for the underlay itself': { networks: [underlayNetwork('underlay')] },
    'when it was refused, which is reported already': { underlay: undefined },
  },
  breaks: {
    'when a super network holds it, once for all networks therein': {
      underlay: '10.128.1.0/24',
      networks: [privateNetwork('red', { prefixes: ['10.128.1.0/25'] })],
      findings: { par1: 'super network 10.128.0.0/14 overlaps the underlay 10.128.1.0/24' },
    },
    'when it holds an external network': {
      underlay: '192.0.2.0/24',
      networks: [externalNetwork('internet', { prefixes: ['192.0.2.128/25'] })],
      findings: { 'par1/internet': 'prefix 192.0.2.128/25 overlaps the underlay 192.0.2.0/24 of "par1"' },
    },
  },
});
