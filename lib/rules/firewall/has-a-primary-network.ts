import { checkPrimary } from '../primary';
import { defineRule } from '../rule';

export const hasAPrimaryNetwork = defineRule({
  id: 'firewall/has-a-primary-network',
  statement: 'A firewall has a primary network: a private one, shared or not.',
  source: 'metal-stack/metal-networker: a firewall has exactly one private network that it stands in front of.',
  check: (fabric, lookup) => checkPrimary(fabric, lookup, 'firewalls'),
});
