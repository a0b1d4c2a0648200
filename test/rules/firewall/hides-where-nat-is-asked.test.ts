import { hidesWhereNatIsAsked } from '../../../lib/rules/firewall/hides-where-nat-is-asked';
import type { NatPolicy } from '../../../lib/model';
import {
  NO_NAT,
  connection,
  externalNetwork,
  firewall,
  masquerade,
  privateNetwork,
  sharedNetwork,
  translate,
} from '../model';
import { testRule } from '../test-rule';

const connected = (name: string, nat?: NatPolicy) => ({
  networks: [
    privateNetwork('red'),
    sharedNetwork('storage', { nat: true }),
    sharedNetwork('open'),
    externalNetwork('internet'),
  ],
  firewalls: [firewall('fw', 'red', { connections: [connection(name, nat === undefined ? {} : { nat })] })],
});

testRule(hidesWhereNatIsAsked, {
  holds: {
    'as the network says': connected('storage'),
    'by translation': connected('storage', translate()),
    'by masquerading': connected('storage', masquerade()),
    'where the network does not ask': connected('open', NO_NAT),
    'for external networks, where public addresses need none': connected('internet', NO_NAT),
  },
  breaks: {
    'without translation': {
      ...connected('storage', NO_NAT),
      findings: { 'par1/fw': 'does not translate towards "storage", which asks for NAT' },
    },
    'with an exception': {
      ...connected('storage', masquerade('10.128.0.0/24', '10.128.1.0/24')),
      findings: {
        'par1/fw': 'keeps its addresses towards 10.128.0.0/24, 10.128.1.0/24 in "storage", which asks for NAT',
      },
    },
  },
});
