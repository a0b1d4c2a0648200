import { isShared } from '../../model';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const dmzHidesItsConsumers = defineRule({
  id: 'network/dmz-hides-its-consumers',
  statement: 'A shared network with destination prefixes asks for NAT, and leads to IPv4 only.',
  source:
    'docs/decisions/0010: without NAT, one consumer more would change the firewall of the DMZ; IPv6 is never translated. metal-stack/metalctl: the shorthand for a DMZ sets NAT.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (!isShared(network) || network.sharing.destinationPrefixes.length === 0) continue;
      if (!network.sharing.nat) {
        yield {
          subject: network,
          problem: 'leads on to other destinations, and does not ask for NAT',
          fix: 'share it with NAT, or without destination prefixes',
        };
      }
      for (const destination of network.sharing.destinationPrefixes) {
        if (destination.family === 'ipv4') continue;
        yield {
          subject: network,
          problem: `leads to ${destination.toString()}, and over IPv6 no consumer can be hidden`,
          fix: 'leave the IPv6 destination out, and connect consumers to the network that leads there',
        };
      }
    }
  },
});
