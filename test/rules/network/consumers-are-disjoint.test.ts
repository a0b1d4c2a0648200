import { consumersAreDisjoint } from '../../../lib/rules/network/consumers-are-disjoint';
import {
  NO_NAT,
  connection,
  externalNetwork,
  firewall,
  masquerade,
  privateNetwork,
  sharedNetwork,
  translate,
  underlayNetwork,
} from '../model';
import { testRule } from '../test-rule';

const red = privateNetwork('red', { prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] });
const blue = privateNetwork('blue', { prefixes: ['10.128.2.0/24', 'fd00:10:128:1::/64'] });
const green = privateNetwork('green', { prefixes: ['10.128.4.0/24', 'fd00:10:128::/64'] });

const storage = sharedNetwork('storage');
const hiding = sharedNetwork('hiding', { nat: true });

testRule(consumersAreDisjoint, {
  holds: {
    'when the network asks for NAT': {
      networks: [red, blue, green, hiding],
      firewalls: ['red', 'blue', 'green'].map((name) =>
        firewall(`${name}-fw`, name, { connections: [connection('hiding')] }),
      ),
    },
    'when one of the two translates': {
      networks: [red, blue, storage],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('storage')] }),
        firewall('blue-fw', 'blue', { connections: [connection('storage', { nat: masquerade() })] }),
      ],
    },
    'in a family that the network does not lead to': {
      networks: [red, green, externalNetwork('internet'), sharedNetwork('v4', { prefixes: ['10.129.0.0/24'] })],
      firewalls: ['red', 'green'].map((name) =>
        firewall(`${name}-fw`, name, { connections: [connection('internet'), connection('v4')] }),
      ),
    },
    'for unique local addresses, which do not lead to the internet': {
      networks: [red, green, externalNetwork('internet', { destinationPrefixes: ['::/0'] })],
      firewalls: ['red', 'green'].map((name) =>
        firewall(`${name}-fw`, name, { connections: [connection('internet')] }),
      ),
    },
    'in IPv6, where a firewall translates towards a shared network': {
      networks: [red, green, storage],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('storage')] }),
        firewall('green-fw', 'green', { connections: [connection('storage', { nat: translate() })] }),
      ],
    },
    'when they use different networks': {
      networks: [red, blue, storage, sharedNetwork('backup')],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('storage')] }),
        firewall('blue-fw', 'blue', { connections: [connection('backup')] }),
      ],
    },
    'for a plain private network, or the underlay, which are reported for that': {
      networks: [red, blue, privateNetwork('green'), underlayNetwork('underlay')],
      firewalls: ['red', 'blue'].map((name) =>
        firewall(`${name}-fw`, name, { connections: [connection('green'), connection('underlay')] }),
      ),
    },
    'for two firewalls of one network, which is reported for that': {
      networks: [red, storage],
      firewalls: ['a', 'b'].map((name) => firewall(name, 'red', { connections: [connection('storage')] })),
    },
    'when references lead nowhere': {
      networks: [storage],
      firewalls: [firewall('a', 'nowhere', { connections: [connection('storage')] }), firewall('b')],
    },
  },
  breaks: {
    'when both are routed into a shared network': {
      networks: [red, blue, storage],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('storage')] }),
        firewall('blue-fw', 'blue', { connections: [connection('storage')] }),
      ],
      findings: {
        'par1/blue-fw':
          '10.128.2.0/24 of "blue" overlaps 10.128.0.0/22 of network "red" (par1/red), and "storage" gets the routes to both',
      },
    },
    'when translation has an exception': {
      networks: [red, blue, storage],
      firewalls: [
        firewall('red-fw', 'red', {
          connections: [connection('storage', { nat: masquerade('10.129.0.0/24') })],
        }),
        firewall('blue-fw', 'blue', { connections: [connection('storage')] }),
      ],
      findings: {
        'par1/blue-fw':
          '10.128.2.0/24 of "blue" overlaps 10.128.0.0/22 of network "red" (par1/red), and "storage" gets the routes to both',
      },
    },
    'in IPv6, which is never translated towards an external network': {
      networks: [red, green, externalNetwork('internet', { destinationPrefixes: ['0.0.0.0/0', 'fd01::/16'] })],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('internet')] }),
        firewall('green-fw', 'green', { connections: [connection('internet', { nat: translate() })] }),
      ],
      findings: {
        'par1/red-fw':
          'fd00:10:128::/64 of "red" overlaps fd00:10:128::/64 of network "green" (par1/green), and "internet" gets the routes to both',
      },
    },
    'when an external network asks for NAT, and both refuse': {
      networks: [red, blue, externalNetwork('internet')],
      firewalls: [
        firewall('red-fw', 'red', { connections: [connection('internet', { nat: NO_NAT })] }),
        firewall('blue-fw', 'blue', { connections: [connection('internet', { nat: NO_NAT })] }),
      ],
      findings: {
        'par1/blue-fw':
          '10.128.2.0/24 of "blue" overlaps 10.128.0.0/22 of network "red" (par1/red), and "internet" gets the routes to both',
      },
    },
  },
});
