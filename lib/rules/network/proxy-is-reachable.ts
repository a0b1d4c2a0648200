import { type Family, PORT_RANGE, printRange, quote } from '../../net';
import { type PrivateNetwork, type InternetAccess, type Lookup, groupBy, territoryOf } from '../../model';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { type Link, allLinks, allNetworks, canHold, isOpenInward, tryFindPrimary } from '../walk';

export const proxyIsReachable = defineRule({
  id: 'network/proxy-is-reachable',
  statement: 'The internet proxy of a network is in it, or in a private network that is open to it.',
  source:
    'specification, getting internet access: an external HTTP proxy is needed that has an endpoint exposed as Service Type NodePort.',
  *check(fabric, lookup) {
    const links = groupBy(allLinks(fabric, lookup), (link) => link.network);
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'private' || network.internetAccess?.kind !== 'via-proxy') continue;
      const fault = tryFindFault(network, network.internetAccess, links.get(network) ?? [], lookup);
      if (fault !== undefined) yield { subject: network, ...fault };
    }
  },
});

type Proxy = Extract<InternetAccess, { kind: 'via-proxy' }>;

function tryFindFault(network: PrivateNetwork, proxy: Proxy, links: readonly Link[], lookup: Lookup) {
  const { address, port } = proxy;
  if (isOutside(port, PORT_RANGE)) {
    return {
      problem: `proxy port ${port} is outside ${printRange(PORT_RANGE)}`,
      fix: 'give the port that it listens on',
    };
  }
  if (canHold(network, address, lookup)) return undefined;
  const endpoint = `proxy ${address.toString()} port ${port}`;
  const holders = links.filter(({ firewall }) => {
    const primary = tryFindPrimary(firewall, lookup);
    return primary?.kind === 'private' && canHold(primary, address, lookup);
  });
  const [first] = holders;
  if (first === undefined) {
    return {
      problem: `${endpoint} is neither in the network nor behind a firewall that is connected to it`,
      fix: `connect the firewall of the proxy's network to ${quote(network.name)}, without translation`,
    };
  }
  const open = holders.filter((link) => isOpenInward(link, address.family));
  if (open.length === 0) {
    return {
      problem: `${endpoint} is hidden from the network by the translation of firewall ${quote(first.firewall.name)}`,
      fix: 'connect that firewall without translation',
    };
  }
  if (open.some((link) => letsThrough(link, network, proxy, lookup))) return undefined;
  return {
    problem: `${endpoint} is kept from the network by what firewall ${quote(first.firewall.name)} allows`,
    fix: `allow tcp port ${port} from ${quote(network.name)} there`,
  };
}

function letsThrough({ connection }: Link, network: PrivateNetwork, { address, port }: Proxy, lookup: Lookup): boolean {
  if (connection.allow === undefined) return true;
  const family: Family = address.family;
  return connection.allow.some(
    ({ direction, prefix, protocol, ports }) =>
      direction === 'from' &&
      (protocol === undefined || protocol === 'tcp') &&
      (ports.length === 0 || ports.some(({ first, last }) => first <= port && port <= last)) &&
      (prefix === undefined || territoryOf(network, family, lookup).some((own) => prefix.overlaps(own))),
  );
}
