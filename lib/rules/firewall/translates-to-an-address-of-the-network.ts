import { quote } from '../../net';
import { type Lookup, type NatPolicy, familiesOf, natOf, territoryOf } from '../../model';
import { defineRule } from '../rule';
import { type Link, allLinks, isUsable } from '../walk';

export const translatesToAnAddressOfTheNetwork = defineRule({
  id: 'firewall/translates-to-an-address-of-the-network',
  statement: 'A firewall translates to an IPv4 address of the network that it is connected to.',
  source:
    'specification: the private network is hidden behind an ip address of the shared network. Answers to any other address would go astray.',
  *check(fabric, lookup) {
    for (const link of allLinks(fabric, lookup)) {
      if (link.network.kind === 'underlay') continue;
      const nat = natOf(link.connection, link.network);
      if (nat.kind === 'none') continue;
      const fault = tryFindFault(link, nat, lookup);
      if (fault !== undefined) yield { subject: link.firewall, ...fault };
    }
  },
});

function tryFindFault({ connection, network }: Link, nat: Exclude<NatPolicy, { kind: 'none' }>, lookup: Lookup) {
  if (nat.kind === 'masquerade' || nat.address === undefined) {
    const hasOwn = connection.autoIp || connection.addresses.some(({ family }) => family === 'ipv4');
    // Without any address, or in a network of IPv6 alone, there is nothing to translate to, and nothing to translate.
    if (hasOwn || connection.addresses.length === 0 || !familiesOf(network).includes('ipv4')) return undefined;
    return {
      problem: `translates towards ${quote(network.name)}, and has no IPv4 address in it`,
      fix: 'give an IPv4 address too, or leave the allocation on',
    };
  }
  const { address } = nat;
  if (address.family === 'ipv6') {
    return {
      problem: `translates to ${address.toString()}, and IPv6 is never translated`,
      fix: 'give an IPv4 address, or none to take its own',
    };
  }
  const prefix = territoryOf(network, 'ipv4', lookup).find((candidate) => candidate.holds(address));
  if (prefix !== undefined && isUsable(prefix, address)) return undefined;
  return {
    problem: `translates to ${address.toString()}, which is no host address of ${quote(network.name)}`,
    fix: `choose a free address of ${quote(network.name)}, or none to take its own`,
  };
}
