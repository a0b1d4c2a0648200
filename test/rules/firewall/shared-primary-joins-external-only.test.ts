import { sharedPrimaryJoinsExternalOnly } from '../../../lib/rules/firewall/shared-primary-joins-external-only';
import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  sharedNetwork('storage'),
  sharedNetwork('backup'),
  privateNetwork('red'),
  externalNetwork('internet'),
  underlayNetwork('underlay'),
];
const joining = (primary: string, ...names: readonly string[]) => ({
  networks,
  firewalls: [firewall('fw', primary, { connections: names.map((name) => connection(name)) })],
});

testRule(sharedPrimaryJoinsExternalOnly, {
  holds: {
    'for a shared network that leads to an external one': joining('storage', 'internet'),
    'for a private network that uses shared ones': joining('red', 'storage', 'backup'),
    'for a plain private network, or the underlay, which are reported for that': joining('storage', 'red', 'underlay'),
    'when references lead nowhere': joining('nowhere', 'storage', 'nowhere'),
  },
  breaks: {
    'by a second shared network': {
      ...joining('storage', 'internet', 'backup'),
      findings: {
        'par1/fw': 'is connected to shared network "backup", and its primary network "storage" is shared too',
      },
      fixes: ['leave the connection out, and connect the firewalls of private networks to both "storage" and "backup"'],
    },
    'by a DMZ': {
      networks: [...networks, sharedNetwork('dmz', { nat: true, destinationPrefixes: ['0.0.0.0/0'] })],
      firewalls: [firewall('fw', 'storage', { connections: [connection('dmz')] })],
      findings: { 'par1/fw': 'is connected to shared network "dmz", and its primary network "storage" is shared too' },
    },
  },
});
