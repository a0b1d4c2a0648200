import { hasOnePrivateNetwork } from '../../../lib/rules/firewall/has-one-private-network';
import { connection, externalNetwork, firewall, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [
  privateNetwork('red'),
  privateNetwork('blue'),
  sharedNetwork('storage'),
  sharedNetwork('backup'),
  externalNetwork('internet'),
];
const connected = (primary: string | undefined, ...others: readonly string[]) => ({
  networks,
  firewalls: [firewall('fw', primary, { connections: others.map((name) => connection(name)) })],
});

testRule(hasOnePrivateNetwork, {
  holds: {
    'beside several shared networks and an external one': connected('red', 'storage', 'backup', 'internet'),
    'with a shared primary network beside another': connected('storage', 'backup'),
    'for the primary network twice, which is reported for that': connected('red', 'red'),
    'without a primary network, which is reported for that': connected(undefined, 'red', 'blue'),
  },
  breaks: {
    'by a second one': {
      ...connected('red', 'storage', 'blue'),
      findings: { 'par1/fw': 'is connected to private network "blue" besides its primary network "red"' },
    },
    'when the primary network is shared, and a plain one is connected': {
      ...connected('storage', 'red'),
      findings: { 'par1/fw': 'is connected to private network "red", and its primary network "storage" is shared' },
    },
  },
});
