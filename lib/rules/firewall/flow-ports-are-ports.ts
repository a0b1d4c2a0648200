import { quote, tryFindPortFault } from '../../net';
import type { Flow } from '../../model';
import { allFlows, said } from '../flows';
import { defineRule } from '../rule';

export const flowPortsArePorts = defineRule({
  id: 'firewall/flow-ports-are-ports',
  statement: 'The ports of a flow are of tcp or udp, from 1 to 65535, the lower end first.',
  source: 'RFC 9293 section 3.1 and RFC 768: ports have 16 bits; RFC 6335 section 6 reserves 0.',
  *check(fabric, lookup) {
    for (const { link, flow } of allFlows(fabric, lookup)) {
      const fault = tryFindFault(flow);
      if (fault === undefined) continue;
      const { problem, fix } = fault;
      yield { subject: link.firewall, problem: `allows ${said(flow, quote(link.network.name))} with ${problem}`, fix };
    }
  },
});

function tryFindFault({ protocol, ports }: Flow) {
  if (ports.length === 0) return undefined;
  if (protocol === undefined || protocol === 'icmp') {
    return {
      problem: `ports, which ${protocol === undefined ? 'not every protocol has' : 'icmp has not'}`,
      fix: 'name tcp or udp, or no ports',
    };
  }
  // A port that was refused where it entered is NaN, and was reported there.
  const known = ports.filter(({ first, last }) => !Number.isNaN(first) && !Number.isNaN(last));
  return known.map(tryFindPortFault).find((fault) => fault !== undefined);
}
