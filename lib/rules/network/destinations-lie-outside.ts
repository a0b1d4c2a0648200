import { type Prefix, quote } from '../../net';
import { type Fabric, type Lookup, type Network, type Partition, destinationsOf, groupBy } from '../../model';
import { type Violation, defineRule } from '../rule';
import { allLinks, allNetworks, linksOf, tryFindPrimary } from '../walk';
import { named } from '../words';

export const destinationsLieOutside = defineRule({
  id: 'network/destinations-lie-outside',
  statement:
    'What is reached through a network, but for a default route, lies outside of the partition and of the networks it meets.',
  source:
    'docs/decisions/0005: a firewall has one route table, and a destination that overlaps a network in it would draw its packets away.',
  *check(fabric, lookup) {
    const meetings = neighboursOf(fabric, lookup);
    for (const network of allNetworks(fabric)) {
      const partition = lookup.tryFindPartition(network.partition);
      for (const destination of destinationsOf(network)) {
        if (destination.isDefault) continue;
        const inside = partition === undefined ? [] : overlapsOfPartition(network, destination, partition);
        yield* inside;
        // What was carved out of a super network is not reported again.
        if (inside.length > 0) continue;
        yield* partsOfItself(network, destination);
        yield* overlapsOfNeighbours(network, destination, meetings.get(network) ?? new Set());
      }
    }
  },
});

function overlapsOfPartition(subject: Network, destination: Prefix, partition: Partition): readonly Violation[] {
  const { superNetworks, underlay } = partition;
  return [
    ...superNetworks.map((prefix) => ({ prefix, what: `super network ${prefix.toString()}` })),
    ...(underlay === undefined ? [] : [{ prefix: underlay, what: `the underlay ${underlay.toString()}` }]),
  ]
    .filter(({ prefix }) => prefix.overlaps(destination))
    .map(({ prefix, what }) => ({
      subject,
      problem: `destination ${destination.toString()} overlaps ${what} of ${quote(partition.name)}`,
      fix: `name destinations outside ${prefix.toString()}`,
    }));
}

/** What lies in the network itself is not behind it. Around its prefix there may be more. */
function partsOfItself(subject: Network, destination: Prefix): readonly Violation[] {
  const isAllOfIt = (prefix: Prefix): boolean => destination.contains(prefix);
  return subject.prefixes
    .filter((prefix) => prefix.contains(destination) && (subject.kind === 'external' || !isAllOfIt(prefix)))
    .map((prefix) => ({
      subject,
      problem: `destination ${destination.toString()} is ${isAllOfIt(prefix) ? '' : 'a part of '}the network's own ${isAllOfIt(prefix) ? 'prefix' : prefix.toString()}`,
      fix: `name destinations that are not in ${prefix.toString()}`,
    }));
}

function* overlapsOfNeighbours(
  subject: Network,
  destination: Prefix,
  neighbours: ReadonlySet<Network>,
): Iterable<Violation> {
  for (const neighbour of neighbours) {
    for (const prefix of neighbour.prefixes) {
      if (!prefix.overlaps(destination)) continue;
      yield {
        subject,
        problem: `destination ${destination.toString()} overlaps ${prefix.toString()} of network ${named(neighbour)}, and a firewall has both`,
        fix: `name destinations outside ${prefix.toString()}, or connect no firewall to both`,
      };
    }
  }
}

/** The networks that a firewall has beside one that it is connected to, for each network with destinations to compare. */
function neighboursOf(fabric: Fabric, lookup: Lookup): ReadonlyMap<Network, ReadonlySet<Network>> {
  const leading = allLinks(fabric, lookup).filter(({ network }) =>
    destinationsOf(network).some(({ isDefault }) => !isDefault),
  );
  return new Map(
    [...groupBy(leading, ({ network }) => network)].map(([network, links]) => {
      const met = links.flatMap(({ firewall }) => [
        tryFindPrimary(firewall, lookup) ?? [],
        linksOf(firewall, lookup).map((link) => link.network),
      ]);
      const others = met.flat(2).filter((other) => other !== network && other.kind !== 'underlay');
      return [network, new Set(others)];
    }),
  );
}
