import { type Family, familyName, quote } from '../../net';
import { type Flow, type Network, asksForNat, familiesOf, isHidden, isShared, isUnshared } from '../../model';
import { allFlows, said } from '../flows';
import { defineRule } from '../rule';
import { type Link, isOpenInward } from '../walk';

export const flowsOnlyNarrow = defineRule({
  id: 'firewall/flows-only-narrow',
  statement: 'An allowed flow is part of what the firewall lets through by default.',
  source: 'decision: a list of flows narrows, and nothing widens in silence.',
  *check(fabric, lookup) {
    for (const { link, flow } of allFlows(fabric, lookup)) {
      const { firewall, network } = link;
      // A connection to either of these breaks a rule of its own, and so does a flow of another network.
      if (isUnshared(network) || network.kind === 'underlay') continue;
      if (flow.network !== undefined && flow.network !== network.path) continue;
      const reason = tryFindReason(link, flow);
      if (reason === undefined) continue;
      yield {
        subject: firewall,
        problem: `allows ${said(flow, quote(network.name))}, and ${reason}`,
        fix:
          flow.direction === 'from'
            ? 'leave the flow out, or connect a shared network without translation'
            : `leave the flow out, or ${asksForNat(network) ? 'share the network without NAT' : 'connect the network without translation'}`,
      };
    }
  },
});

function tryFindReason(link: Link, flow: Flow): string | undefined {
  const { connection, network } = link;
  const families = flowFamilies(flow, network);
  if (flow.direction === 'to') {
    if (flow.prefix?.family !== 'ipv6' || !isHidden(connection, network, 'ipv6')) return undefined;
    return `IPv6 does not pass to ${quote(network.name)}, towards which addresses are translated`;
  }
  if (!isShared(network)) return `an external network opens no connection to a private one`;
  const closed = families.find((family) => !isOpenInward(link, family));
  return closed === undefined
    ? undefined
    : `the primary network is hidden from ${quote(network.name)} in ${familyName(closed)}`;
}

function flowFamilies({ prefix }: Flow, network: Network): readonly Family[] {
  return prefix === undefined ? familiesOf(network) : [prefix.family];
}
