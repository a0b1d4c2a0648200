import { flowPortsArePorts } from '../../../lib/rules/firewall/flow-ports-are-ports';
import type { Protocol } from '../../../lib/model';
import { connection, firewall, flowTo, privateNetwork, sharedNetwork } from '../model';
import { testRule } from '../test-rule';

const ports = (protocol: Protocol | undefined, ...ranges: readonly (readonly [number, number])[]) => ({
  networks: [privateNetwork('red'), sharedNetwork('storage')],
  firewalls: [
    firewall('fw', 'red', {
      connections: [
        connection('storage', {
          allow: [flowTo(undefined, { protocol, ports: ranges.map(([first, last]) => ({ first, last })) })],
        }),
      ],
    }),
  ],
});

testRule(flowPortsArePorts, {
  holds: {
    'from the lowest to the highest': ports('tcp', [1, 65_535]),
    'for single ports of udp': ports('udp', [1, 1], [65_535, 65_535]),
    'for a port that was refused where it entered': ports('tcp', [Number.NaN, 0], [70_000, Number.NaN], [1, 2]),
    'for icmp without ports': ports('icmp'),
    'for every protocol without ports': ports(undefined),
  },
  breaks: {
    'below the lowest': {
      ...ports('tcp', [0, 80]),
      findings: { 'par1/fw': 'allows tcp to "storage" with ports 0-80, outside 1–65535' },
    },
    'above the highest': {
      ...ports('udp', [80, 80], [1, 65_536]),
      findings: { 'par1/fw': 'allows udp to "storage" with ports 1-65536, outside 1–65535' },
    },
    'when the ends are reversed': {
      ...ports('tcp', [81, 80]),
      findings: { 'par1/fw': 'allows tcp to "storage" with ports 81-80, which end before they begin' },
    },
    'by ports of icmp': {
      ...ports('icmp', [80, 80]),
      findings: { 'par1/fw': 'allows icmp to "storage" with ports, which icmp has not' },
    },
    'by ports of every protocol': {
      ...ports(undefined, [80, 80]),
      findings: { 'par1/fw': 'allows any protocol to "storage" with ports, which not every protocol has' },
    },
  },
});
