import { type Family, FAMILIES, Prefix } from '../net';
import { destinationsOf, groupBy, ofFamily } from '../model';
import type { NftChain, NftMatch, NftRule } from '../language/nftables';
import { type Passage, passagesOf, type PlannedFirewall, type PlannedNetwork, type Relation } from '../plan';
import { sviName, vrfName } from './names';
import {
  ACCEPT,
  destination,
  destinations,
  DROP,
  dropOtherSourcesOf,
  dropSources,
  iif,
  oif,
  rule,
  source,
} from './nft-rules';
import { membershipsOf, type Topology } from './topology';

/**
 * What passes a firewall. In the forward hook a packet has come in by the VRF and leaves by the SVI; that is why the two
 * interfaces are named so differently.
 */
export function deriveForwarding(firewall: PlannedFirewall, relations: readonly Relation[]): readonly NftChain[] {
  const primary = firewall.primary.network;
  const memberships = membershipsOf(firewall);
  const crossings = groupBy(relations, ({ connection }) => connection.network);
  const ways = [...crossings].flatMap(([network, crossing]) => {
    const passages = crossing.flatMap(passagesOf);
    const elsewhere = memberships.filter((one) => one.network !== network).flatMap((one) => one.network.prefixes);
    return [
      behindOthers(way(`to-${sviName(network)}`, primary, network, passages, 'to'), passages, elsewhere),
      way(`from-${sviName(network)}`, network, primary, passages, 'from'),
    ];
  });
  const open = ways.filter(({ rules }) => rules.length > 0);
  return [
    ...open.map(({ name, rules }) => ({ name, hook: undefined, rules })),
    {
      name: 'through-device',
      hook: { type: 'filter', hook: 'forward', priority: 'filter', policy: 'drop' },
      rules: [
        rule([{ kind: 'connection', states: ['invalid'] }], DROP),
        rule([{ kind: 'connection', states: ['established', 'related'] }], ACCEPT),
        ...open.map(({ name, from, to }) =>
          rule([iif(vrfName(from)), oif(sviName(to))], { kind: 'jump', chain: name }),
        ),
        rule([], DROP),
      ],
    },
  ];
}

interface Way {
  readonly name: string;
  readonly from: PlannedNetwork;
  readonly to: PlannedNetwork;
  readonly rules: readonly NftRule[];
}

function way(
  name: string,
  from: PlannedNetwork,
  to: PlannedNetwork,
  passages: readonly Passage[],
  direction: Passage['direction'],
): Way {
  const rules = passages.filter((passage) => passage.direction === direction).map(passageRule);
  return { name, from, to, rules };
}

/**
 * What lies behind a network may be wide, but what lies on another side of the firewall is not reached through it. Where the route
 * to that is missing, as for a moment after a start, packets would take the wide one, leave the fabric, and be translated: for as
 * long as they keep coming, also after the route has come.
 */
function behindOthers(way: Way, passages: readonly Passage[], elsewhere: readonly Prefix[]): Way {
  if (way.rules.length === 0) return way;
  const refused = FAMILIES.flatMap((family) => {
    const wide = passages
      .filter(({ direction, relation }) => direction === 'to' && relation.family === family)
      .flatMap(({ destinations }) => destinations);
    // A line for each, so that a further connection leaves the others as they are.
    return ofFamily(elsewhere, family)
      .filter((prefix) => wide.some((one) => one.contains(prefix)))
      .sort(Prefix.compare)
      .map((prefix) => rule([destination(family, [prefix])], DROP));
  });
  return { ...way, rules: [...refused, ...way.rules] };
}

function passageRule({ relation: { family }, comment, ...passage }: Passage): NftRule {
  return rule(
    [source(family, passage.sources), ...destinations(family, passage.destinations), ...protocolMatches(passage)],
    ACCEPT,
    comment,
  );
}

function protocolMatches({ protocol, ports }: Pick<Passage, 'protocol' | 'ports'>): readonly NftMatch[] {
  switch (protocol) {
    case undefined:
      return [];
    case 'icmp':
      return [{ kind: 'icmp' }];
    case 'tcp':
    case 'udp':
      return [{ kind: 'ports', protocol, side: 'destination', ports }];
  }
}

/**
 * Sources that cannot be what they say. From the primary network come its own addresses only; from another one its own
 * and what lies behind it, and never those of a network on the firewall's other sides.
 */
export function deriveSourceChecks(firewall: PlannedFirewall, topology: Topology): readonly NftRule[] {
  const memberships = membershipsOf(firewall);
  return memberships.flatMap(({ network }) => {
    const own = [...network.prefixes, ...lentTo(firewall, network, topology)];
    const behind = network === firewall.primary.network ? [] : destinationsOf(network.declared);
    const others = memberships.filter((other) => other.network !== network).flatMap((other) => other.network.prefixes);
    return FAMILIES.flatMap((family) =>
      checkFamily(sviName(network), family, own, ofFamily(behind, family), ofFamily(others, family)),
    );
  });
}

/** What lies behind a network may be wide, but it is never what lies on another side of the firewall. */
function checkFamily(
  svi: string,
  family: Family,
  own: readonly Prefix[],
  behind: readonly Prefix[],
  others: readonly Prefix[],
): readonly NftRule[] {
  return [
    ...(behind.length === 0 ? [] : dropSources([svi], others)),
    ...(behind.some(({ isDefault }) => isDefault) ? [] : [dropOtherSourcesOf(family, [svi], [...own, ...behind])]),
  ];
}

/** Addresses of connected external networks that come out of the primary one. */
const lentTo = (firewall: PlannedFirewall, network: PlannedNetwork, topology: Topology): readonly Prefix[] =>
  network === firewall.primary.network
    ? topology.relationsOf(firewall).flatMap(({ lent }) => lent.map(({ host }) => host))
    : [];
