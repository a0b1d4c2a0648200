import { quote } from '../../net';
import type { ExternalNetwork, Lookup, Router } from '../../model';
import { type Violation, defineRule } from '../rule';

export const routersAreWiredToBorderLeaves = defineRule({
  id: 'network/routers-are-wired-to-border-leaves',
  statement: 'A router is wired to a border leaf of the partition that its network belongs to.',
  source: 'decision: what is beyond the partition is reached from its border leaves alone.',
  *check({ partitions }, lookup) {
    for (const { networks, switches } of partitions) {
      const hasBorderLeaf = switches.some(({ role }) => role === 'border-leaf');
      for (const network of networks) {
        if (network.kind !== 'external' || network.routers.length === 0) continue;
        if (!hasBorderLeaf) {
          yield {
            subject: network,
            problem: 'the partition has no border leaf to wire its routers to',
            fix: 'give the partition a border leaf, better two',
          };
          continue;
        }
        for (const router of network.routers) yield* checkRouter(network, router, lookup);
      }
    }
  },
});

function* checkRouter(network: ExternalNetwork, { name, leaf, port }: Router, lookup: Lookup): Iterable<Violation> {
  if (leaf === undefined) {
    if (port === undefined) return;
    yield {
      subject: network,
      problem: `router ${quote(name)} is wired to port ${quote(port)} of no switch`,
      fix: 'name the border leaf too, or leave the port out to have both chosen',
    };
    return;
  }
  const device = lookup.tryFindSwitch(leaf);
  if (device === undefined || (device.role === 'border-leaf' && device.partition === network.partition)) return;
  yield {
    subject: network,
    problem:
      device.partition === network.partition
        ? `router ${quote(name)} is wired to ${quote(device.name)}, which is a ${device.role}`
        : `router ${quote(name)} is wired to ${quote(device.name)} of another partition`,
    fix: 'wire it to a border leaf of the partition that the network is declared in',
  };
}
