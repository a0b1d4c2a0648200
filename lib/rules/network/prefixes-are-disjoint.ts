import { quote } from '../../net';
import { type Fabric, type Lookup, type Network, isShared } from '../../model';
import { type Overlap, overlapsOf } from '../overlaps';
import { shortagesOf } from '../refused';
import { type Violation, defineRule } from '../rule';
import { linksOf, tryFindPrimary } from '../walk';
import { named } from '../words';

export const prefixesAreDisjoint = defineRule({
  id: 'network/prefixes-are-disjoint',
  statement:
    'Networks share no address where they meet: shared and external ones in their partition, others on a firewall.',
  source: 'decision: a route table holds one way to an address. Private networks that never meet may overlap.',
  *check(fabric, lookup) {
    const found = [...withinItself(fabric), ...amongOpenNetworks(fabric), ...onFirewalls(fabric, lookup)];
    const known = found.flatMap(({ wide, inside }) => [wide.holder.path, inside.holder.path]);
    yield* found.map(violationOf);
    yield* shortagesOf(fabric.partitions, 'network/prefixes-are-disjoint', known);
  },
});

function violationOf({ wide, inside }: Overlap<Network>): Violation {
  const [prefix, other] = [inside.prefix.toString(), wide.prefix.toString()];
  return wide.holder === inside.holder
    ? { subject: inside.holder, problem: `prefix ${prefix} lies in its own ${other}`, fix: `leave out ${prefix}` }
    : {
        subject: inside.holder,
        problem: `prefix ${prefix} overlaps ${other} of network ${named(wide.holder)}`,
        fix: `give ${quote(inside.holder.name)} a prefix outside ${other}, or change the other network`,
      };
}

function withinItself({ partitions }: Fabric): readonly Overlap<Network>[] {
  return partitions.flatMap(({ networks }) => networks).flatMap((network) => overlaps([network]));
}

/** Any firewall of the partition may use them, at any time. */
function amongOpenNetworks({ partitions }: Fabric): readonly Overlap<Network>[] {
  return partitions.flatMap(({ networks }) => overlaps(networks.filter(isOpen)).filter(isBetweenTwo));
}

/** One scope for each firewall, so all of them together grow with the number of connections. */
function onFirewalls({ partitions }: Fabric, lookup: Lookup): readonly Overlap<Network>[] {
  return partitions
    .flatMap(({ firewalls }) => firewalls)
    .flatMap((firewall) => {
      const met = [
        tryFindPrimary(firewall, lookup) ?? [],
        linksOf(firewall, lookup).map(({ network }) => network),
      ].flat();
      return overlaps([...new Set(met)].filter(({ kind }) => kind !== 'underlay')).filter(
        (overlap) => isBetweenTwo(overlap) && !areOpenNeighbours(overlap.wide.holder, overlap.inside.holder),
      );
    });
}

function overlaps(networks: readonly Network[]): readonly Overlap<Network>[] {
  const claims = networks.flatMap((holder) => holder.prefixes.map((prefix) => ({ prefix, holder })));
  return [...overlapsOf(claims)];
}

const isBetweenTwo = ({ wide, inside }: Overlap<Network>): boolean => wide.holder !== inside.holder;

const isOpen = (network: Network): boolean => isShared(network) || network.kind === 'external';

const areOpenNeighbours = (a: Network, b: Network): boolean => a.partition === b.partition && isOpen(a) && isOpen(b);
