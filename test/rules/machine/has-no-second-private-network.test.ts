import { hasNoSecondPrivateNetwork } from '../../../lib/rules/machine/has-no-second-private-network';
import { attachment, externalNetwork, machine, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const networks = [privateNetwork('red'), privateNetwork('blue'), sharedNetwork('storage'), externalNetwork('internet')];
const attached = (primary: string | undefined, ...others: readonly string[]) => ({
  networks,
  machines: [machine('m1', primary, { attachments: others.map((name) => attachment(name)) })],
});

testRule(hasNoSecondPrivateNetwork, {
  holds: {
    'for one private network': attached('red', 'internet'),
    'for the same one twice, and for a shared one, which are reported for that': attached('red', 'red', 'storage'),
    'without a primary network, which is reported for that': attached(undefined, 'red'),
    'with an external primary network, which is reported for that': attached('internet', 'red'),
  },
  breaks: {
    'by a second one': {
      ...attached('red', 'blue'),
      findings: { 'par1/m1': 'is in private network "blue" besides its primary network "red"' },
    },
    'by one beside a shared primary network': {
      ...attached('storage', 'blue'),
      findings: { 'par1/m1': 'is in private network "blue" besides its primary network "storage"' },
    },
  },
});
