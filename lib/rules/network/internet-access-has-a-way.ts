import { quote } from '../../net';
import { firewallsByPrimary } from '../../model';
import { defineRule } from '../rule';
import { givesDefaultRoute, linksOf } from '../walk';

export const internetAccessHasAWay = defineRule({
  id: 'network/internet-access-has-a-way',
  statement: 'A network with internet access through its firewall has one, connected to where a default route leads.',
  source:
    'specification, getting internet access: if machines in a shared network have an own firewall, this is internet accessibility as common.',
  *check({ partitions }, lookup) {
    for (const { networks, firewalls } of partitions) {
      const byPrimary = firewallsByPrimary(firewalls);
      for (const network of networks) {
        if (network.kind !== 'private' || network.internetAccess?.kind !== 'via-firewall') continue;
        const own = byPrimary.get(network.path) ?? [];
        const [first] = own;
        if (own.some((firewall) => linksOf(firewall, lookup).some((link) => givesDefaultRoute(link.network)))) continue;
        yield first === undefined
          ? {
              subject: network,
              problem: 'has internet access through its firewall, and no firewall',
              fix: 'declare a firewall with it as the primary network and connect that to the internet, or use a proxy',
            }
          : {
              subject: first,
              problem: `${quote(network.name)} has internet access through it, and none of its connections gives a default route`,
              fix: 'connect it to an external network or a DMZ with the destination 0.0.0.0/0 or ::/0',
            };
      }
    }
  },
});
