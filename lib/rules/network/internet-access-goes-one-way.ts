import { quote } from '../../net';
import { firewallsByPrimary } from '../../model';
import { defineRule } from '../rule';
import { givesDefaultRoute, linksOf } from '../walk';

export const internetAccessGoesOneWay = defineRule({
  id: 'network/internet-access-goes-one-way',
  statement: 'A network with a proxy for the internet, or without internet access, has no default route.',
  source:
    'specification, getting internet access: if machines in a shared network do not have an own firewall, an external HTTP proxy is needed.',
  *check({ partitions }, lookup) {
    for (const { networks, firewalls } of partitions) {
      const byPrimary = firewallsByPrimary(firewalls);
      for (const network of networks) {
        if (network.kind !== 'private') continue;
        const access = network.internetAccess?.kind ?? 'via-firewall';
        if (access === 'via-firewall') continue;
        for (const firewall of byPrimary.get(network.path) ?? []) {
          for (const way of linksOf(firewall, lookup).map((link) => link.network)) {
            if (!givesDefaultRoute(way)) continue;
            yield {
              subject: network,
              problem: `${access === 'none' ? 'has no internet access' : 'reaches the internet by a proxy'}, and its firewall ${quote(firewall.name)} has a default route through ${quote(way.name)}`,
              fix: `disconnect the firewall from ${quote(way.name)}, or declare internet access through the firewall`,
            };
          }
        }
      }
    }
  },
});
