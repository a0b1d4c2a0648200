import { FAMILIES, type Prefix, quote } from '../../net';
import { type Flow, type Lookup, type Network, destinationsOf, familiesOf, reachOf, territoryOf } from '../../model';
import { allFlows, said } from '../flows';
import { defineRule } from '../rule';

export const flowsLeadToTheConnectedNetwork = defineRule({
  id: 'firewall/flows-lead-to-the-connected-network',
  statement: 'The far side of an allowed flow lies in, or is reached through, the network it is allowed for.',
  source: 'decision: a flow that no packet can match is a mistake, and is not dropped in silence.',
  *check(fabric, lookup) {
    for (const { link, flow } of allFlows(fabric, lookup)) {
      const { firewall, network } = link;
      if (network.kind === 'underlay') continue;
      const name = quote(network.name);
      if (flow.network !== undefined && flow.network !== network.path) {
        const other = lookup.tryFindNetwork(flow.network);
        yield {
          subject: firewall,
          problem: `allows ${said(flow, other === undefined ? 'another network' : quote(other.name))} on its connection to ${name}`,
          fix: `name ${name} or a prefix there, and allow the flow where the firewall connects the other network`,
        };
      } else if (staysInside(flow, network)) {
        const beyond = destinationsOf(network).find(({ family }) => family === (flow.prefix?.family ?? family));
        yield {
          subject: firewall,
          problem: `allows ${said(flow, name)}, where only firewalls and machines of the partition are, and nothing beyond ${name}`,
          fix: `name what it leads to${beyond === undefined ? '' : `, such as ${beyond.toString()}`}`,
        };
      } else if (!isMet(flow, network, lookup)) {
        yield {
          subject: firewall,
          problem: `allows ${said(flow, name)}, which has no part in ${name}${flow.direction === 'to' ? ' or its destinations' : ''}`,
          fix: 'name a prefix that is reached there, or leave the flow out',
        };
      }
    }
  },
});

/**
 * An external network is connected for what lies beyond it: its own addresses are given to firewalls, which answer ICMP only, and
 * machines of the partition.
 */
function staysInside({ direction, prefix, protocol }: Flow, network: Network): boolean {
  if (network.kind !== 'external' || direction !== 'to' || protocol === 'icmp') return false;
  if (network.prefixes.length === 0) return false;
  return prefix === undefined || network.prefixes.some((own) => own.contains(prefix));
}

/** Whether a packet can match. Nothing is said of a network without a family: it is reported for that. */
function isMet({ direction, prefix }: Flow, network: Network, lookup: Lookup): boolean {
  const families = familiesOf(network);
  if (families.length === 0) return true;
  const far = FAMILIES.flatMap((family) =>
    direction === 'to' ? reachOf(network, family, lookup) : territoryOf(network, family, lookup),
  );
  const own: readonly Prefix[] = families.flatMap((family) => territoryOf(network, family, lookup));
  const named = prefix === undefined ? own : [prefix];
  // An external network that leads nowhere is reported for that.
  return far.length === 0 || named.some((one) => far.some((other) => one.overlaps(other)));
}
