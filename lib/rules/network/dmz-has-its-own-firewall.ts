import { type Prefix, quote } from '../../net';
import { type Network, destinationsOf, firewallsByPrimary, isShared } from '../../model';
import { defineRule } from '../rule';
import { linksOf } from '../walk';
import { listed } from '../words';

export const dmzHasItsOwnFirewall = defineRule({
  id: 'network/dmz-has-its-own-firewall',
  statement: 'A shared network with destination prefixes has a firewall of its own that leads to each of them.',
  source:
    'specification, internet access: machines in a shared network reach the internet through their own firewall. metal-stack/metal-networker: consumers of a DMZ get their default route through it.',
  *check({ partitions }, lookup) {
    for (const { networks, firewalls } of partitions) {
      const byPrimary = firewallsByPrimary(firewalls);
      for (const network of networks.filter(isShared)) {
        const { destinationPrefixes } = network.sharing;
        if (destinationPrefixes.length === 0) continue;
        const own = byPrimary.get(network.path) ?? [];
        if (own.length === 0) {
          yield {
            subject: network,
            problem: `has no firewall of its own to lead to ${listed(destinationPrefixes)}`,
            fix: 'declare a firewall with it as the primary network, and connect that to the external network that leads there',
          };
          continue;
        }
        const ways = own.flatMap((firewall) => linksOf(firewall, lookup).map((link) => link.network));
        for (const destination of destinationPrefixes) {
          if (ways.some((way) => leadsTo(way, destination))) continue;
          const wider = ways.flatMap(destinationsOf).find((prefix) => prefix.contains(destination));
          yield {
            subject: own[0] ?? network,
            problem: `is connected to no network that leads to ${destination.toString()}, a destination of ${quote(network.name)}`,
            fix:
              wider === undefined
                ? 'connect it to the network that does, or leave out the destination'
                : `lead to ${wider.toString()} as a whole, or leave out the destination`,
          };
        }
      }
    }
  },
});

/** Routes are leaked as they are, so a part of a destination is none. */
function leadsTo(network: Network, destination: Prefix): boolean {
  return destinationsOf(network).some((prefix) => prefix.equals(destination));
}
