import { type Family, FAMILIES, type PortRange, Prefix, printPortRange } from '../net';
import { destinationsOf, groupBy, isShared, ofFamily } from '../model';
import {
  addressSeen,
  intersection,
  type Passage,
  passagesOf,
  type Plan,
  type PlannedFirewall,
  type PlannedNetwork,
  type Relation,
  relationsOf,
} from '../plan';
import type { Party, Promise } from './promise';

/**
 * All that the plan promises, from what was declared: who may open what, and as whom. The lines of the devices are derived
 * from the same relations; whether they add up to these promises is for who reads the devices to find out. Whatever is
 * not named as allowed is denied; that is the last promise of every network.
 */
export function makePromises(plan: Plan): readonly Promise[] {
  const machines = groupBy(plan.machines, ({ primary }) => primary.network);
  const relations = plan.firewalls.flatMap((firewall) =>
    relationsOf(firewall, machines.get(firewall.primary.network) ?? []),
  );
  const byPrimary = groupBy(relations, ({ firewall }) => firewall.primary.network);
  const byNetwork = groupBy(relations, ({ connection }) => connection.network);
  const firewalls = groupBy(plan.firewalls, ({ primary }) => primary.network);
  const present = groupBy(
    plan.firewalls.flatMap(({ primary, connections }) => [primary, ...connections]),
    ({ network }) => network,
  );
  const hasOthers = ({ connection }: Relation): boolean => (present.get(connection.network) ?? []).length > 1;
  const members = groupBy(
    plan.firewalls.flatMap((firewall) =>
      [firewall.primary, ...firewall.connections].map((attachment) => ({ firewall, attachment })),
    ),
    ({ attachment }) => attachment.network,
  );
  const refusing = (relation: Relation): readonly Member[] =>
    (members.get(relation.connection.network) ?? []).filter(({ firewall }) => refusesSourcesOf(firewall, relation));
  return plan.networks.flatMap((network) => {
    const own = byPrimary.get(network) ?? [];
    return [
      ...inside(network),
      ...besides(network, own),
      ...own.flatMap(across),
      ...own.filter(hasOthers).flatMap((relation) => atOtherFirewalls(relation, refusing(relation))),
      ...own.flatMap((relation) => lentAtFirewalls(relation, hasOthers(relation), members.get(network) ?? [])),
      ...own.flatMap((relation) => throughDmz(relation, byPrimary.get(relation.connection.network) ?? [])),
      ...own.flatMap((relation) => toLentInDmz(relation, byPrimary.get(relation.connection.network) ?? [])),
      ...own.flatMap((relation) =>
        atFirewallsBehindDmz(relation, (byPrimary.get(relation.connection.network) ?? []).filter(hasOthers)),
      ),
      ...unanswered(network, byNetwork.get(network) ?? []),
      ...throughProxy(network, byNetwork.get(network) ?? []),
      ...(firewalls.get(network) ?? []).flatMap(atFirewall),
      ...nothingElse(network),
    ];
  });
}

/** Hosts of one network are in one VRF and see each other. */
function inside(network: PlannedNetwork): readonly Promise[] {
  if (network.declared.kind === 'external') return [];
  return familiesOf(network).map((family) => ({
    ...allowed(ofNetwork(network, family), ofNetwork(network, family), family),
    seenAs: 'original',
    because: 'hosts of one network share a VRF',
  }));
}

/** Addresses of external networks that machines have for their own are in the VRF of the machines' network. */
function besides(network: PlannedNetwork, relations: readonly Relation[]): readonly Promise[] {
  return FAMILIES.flatMap((family) => {
    const lenders = relations.filter((relation) => relation.family === family).flatMap(lendersOf);
    const own = ofNetwork(network, family);
    const pairs = lenders.flatMap((one) => [
      ...(own.prefixes.length === 0 ? [] : [[one, own] as const, [own, one] as const]),
      ...lenders.filter(({ name }) => name !== one.name).map((other) => [one, other] as const),
    ]);
    return pairs.map(([from, to]) => ({
      ...allowed(from, to, family),
      seenAs: 'original',
      because: 'hosts of one network share a VRF',
    }));
  });
}

const lendersOf = ({ lent }: Relation): readonly Party[] =>
  lent.map(({ machine, host }) => ({ kind: 'host', name: machine, prefixes: texts([host]) }));

/** What a firewall lets open, in both directions, and what it refuses of a network that may not call back. */
function across(relation: Relation): readonly Promise[] {
  return passagesOf(relation).flatMap((passage) => passagePromises(passage));
}

function passagePromises(passage: Passage): readonly Promise[] {
  const { relation, direction, sources, destinations, family } = { ...passage, family: passage.relation.family };
  const { firewall, connection, near } = relation;
  const far = farParties(connection.network, direction === 'to' ? destinations : sources);
  const nearParty = ofNetwork(firewall.primary.network, family);
  const insiders = near.length === 0 ? [] : [nearParty];
  const base = {
    family,
    protocol: passage.protocol ?? ('any' as const),
    ports: passage.ports.map(printPortRange),
    verdict: 'allowed' as const,
    via: firewall.name,
  };
  if (direction === 'from') {
    const to: Party = { ...nearParty, prefixes: texts(intersection(destinations, near)) };
    return far.map((from) => ({
      ...base,
      from,
      to,
      seenAs: 'original',
      because: 'consumers of an untranslated shared network can be called back',
    }));
  }
  const seen = addressSeen(relation);
  return far.flatMap((to) => [
    ...insiders.flatMap((from) => [
      ...translatedParts(relation, to).map((part) => ({
        ...base,
        from,
        to: part,
        seenAs: seen === 'original' ? seen : seen.toString(),
        because: seen === 'original' ? 'routed both ways without translation' : `translated by ${firewall.name}`,
      })),
      ...keptPromises(relation, to, { ...base, from }),
    ]),
    ...lendersOf(relation).map((from) => ({
      ...base,
      from,
      to,
      seenAs: 'original',
      because: 'an address of the network itself',
    })),
  ]);
}

/** A party without the prefixes of which nothing is translated; nothing if that are all of them. */
function translatedParts({ nat }: Relation, to: Party): readonly Party[] {
  if (nat.kind === 'none') return [to];
  const prefixes = to.prefixes.filter((text) => !nat.keep.some((kept) => kept.contains(Prefix.parse(text))));
  return prefixes.length === 0 ? [] : [{ ...to, prefixes }];
}

/** Towards kept destinations, as far as the passage leads there at all. */
function keptPromises(
  { nat }: Relation,
  to: Party,
  base: Omit<Promise, 'to' | 'seenAs' | 'because'>,
): readonly Promise[] {
  if (nat.kind === 'none') return [];
  const kept = intersection(to.prefixes.map(Prefix.parse), nat.keep);
  if (kept.length === 0) return [];
  return [{ ...base, to: { ...to, prefixes: texts(kept) }, seenAs: 'original', because: 'kept from translation' }];
}

/** The network's own hosts, or what lies beyond an external one; of a DMZ, its own firewall says what that is. */
function farParties(network: PlannedNetwork, prefixes: readonly Prefix[]): readonly Party[] {
  const { name } = network;
  if (network.declared.kind === 'private') {
    const own = intersection(prefixes, network.prefixes);
    return own.length === 0 ? [] : [{ kind: 'network', name, prefixes: texts(own) }];
  }
  // Of an external network, what lies beyond it is reached, and nobody whom its addresses were lent to.
  const beyond = beyondOf(network, prefixes);
  return beyond.length === 0 ? [] : [{ kind: 'beyond', name, prefixes: texts(beyond) }];
}

const beyondOf = (network: PlannedNetwork, prefixes: readonly Prefix[]): readonly Prefix[] =>
  prefixes.filter((prefix) => !network.prefixes.some((own) => own.contains(prefix)));

/** A DMZ leads on: what both firewalls let through, its consumers reach. */
function throughDmz(relation: Relation, onward: readonly Relation[]): readonly Promise[] {
  return outwardPassages(relation).flatMap((first) =>
    onward
      .filter(({ family }) => family === relation.family)
      .flatMap(outwardPassages)
      .flatMap((second) => throughBoth(first, second)),
  );
}

/**
 * To its consumers, an address that a machine of a DMZ was lent is one of those beyond it. Routes inside of a destination are theirs,
 * too, so their way ends in the DMZ; of a default route only that one is, and the DMZ's firewall sends nothing back to where it came from.
 */
function toLentInDmz(relation: Relation, onward: readonly Relation[]): readonly Promise[] {
  const seen = addressSeen(relation);
  const routed = relation.far.filter((prefix) => !prefix.isDefault);
  const lenders = onward
    .filter(({ family }) => family === relation.family)
    .flatMap(lendersOf)
    .filter(({ prefixes }) => intersection(routed, prefixes.map(Prefix.parse)).length > 0);
  return outwardPassages(relation).flatMap(({ destinations, protocol, ports }) =>
    lenders
      .filter(({ prefixes }) => intersection(destinations, prefixes.map(Prefix.parse)).length > 0)
      .map((to) => ({
        ...allowed(ofNetwork(relation.firewall.primary.network, relation.family), to, relation.family),
        protocol: protocol ?? 'any',
        ports: ports.map(printPortRange),
        seenAs: seen.toString(),
        via: relation.firewall.name,
        because: `an address from beyond that a machine of ${relation.connection.network.name} has`,
      })),
  );
}

const outwardPassages = (relation: Relation): readonly Passage[] =>
  passagesOf(relation).filter(({ direction }) => direction === 'to');

function throughBoth(first: Passage, second: Passage): readonly Promise[] {
  const { relation } = first;
  const dmz = relation.connection.network;
  const next = second.relation;
  const reached = beyondOf(
    next.connection.network,
    intersection(beyondOf(dmz, first.destinations), second.destinations),
  );
  const common = tryCommon(first, second);
  if (reached.length === 0 || common === undefined) return [];
  const base = {
    from: ofNetwork(relation.firewall.primary.network, relation.family),
    family: relation.family,
    protocol: common.protocol ?? ('any' as const),
    ports: common.ports.map(printPortRange),
    verdict: 'allowed' as const,
    via: `${relation.firewall.name}, ${next.firewall.name}`,
    because: `through the DMZ ${dmz.name}`,
  };
  const to: Party = { kind: 'beyond', name: next.connection.network.name, prefixes: texts(reached) };
  // What the second firewall leaves as it is has the address that the first one gave it.
  const given = addressSeen(relation).toString();
  const seen = addressSeen(next);
  return [
    ...translatedParts(next, to).map((part) => ({
      ...base,
      to: part,
      seenAs: seen === 'original' ? given : seen.toString(),
    })),
    ...keptPromises(next, to, base).map((kept) => ({ ...kept, seenAs: given })),
  ];
}

/** The protocol and ports that two passages both let through; undefined for none. */
function tryCommon(a: Passage, b: Passage): Pick<Passage, 'protocol' | 'ports'> | undefined {
  if (a.protocol === undefined) return b;
  if (b.protocol === undefined) return a;
  if (a.protocol !== b.protocol) return undefined;
  if (a.ports.length === 0) return b;
  if (b.ports.length === 0) return a;
  const ports = a.ports.flatMap((one) => b.ports.flatMap((other) => tryOverlap(one, other) ?? []));
  return ports.length === 0 ? undefined : { protocol: a.protocol, ports };
}

function tryOverlap(a: PortRange, b: PortRange): PortRange | undefined {
  const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
  return first <= last ? { first, last } : undefined;
}

/** Consumers that the network may not call: hidden ones have no route, others are filtered. */
function unanswered(network: PlannedNetwork, consumers: readonly Relation[]): readonly Promise[] {
  return consumers
    .filter((relation) => !passagesOf(relation).some(({ direction }) => direction === 'from'))
    .filter(({ firewall, family }) => ofNetwork(firewall.primary.network, family).prefixes.length > 0)
    .map((relation) => ({
      from: callers(network, relation.family),
      to: ofNetwork(relation.firewall.primary.network, relation.family),
      family: relation.family,
      protocol: 'any' as const,
      ports: [],
      verdict: 'denied' as const,
      seenAs: undefined,
      via: relation.firewall.name,
      because: relation.hidden ? 'hidden: no route leads back, and the firewall drops' : 'the firewall drops',
    }));
}

/** Who opens connections out of a network: its hosts, or for an external one whoever lies beyond. */
function callers(network: PlannedNetwork, family: Family): Party {
  if (network.declared.kind === 'private') return ofNetwork(network, family);
  return {
    kind: 'beyond',
    name: network.name,
    prefixes: texts(ofFamily(network.declared.destinationPrefixes, family)),
  };
}

/** A firewall answers ICMP at its addresses, and nothing else that comes from a network of tenants or from outside. */
function atFirewall(firewall: PlannedFirewall): readonly Promise[] {
  return [firewall.primary, ...firewall.connections].flatMap(({ network, addresses }) =>
    addresses.flatMap((address) => {
      const from = callers(network, address.family);
      if (from.prefixes.length === 0) return [];
      const to: Party = { kind: 'host', name: firewall.name, prefixes: texts([Prefix.host(address)]) };
      const ways = { ...allowed(from, to, address.family), via: undefined };
      const refused = { verdict: 'denied' as const, seenAs: undefined, because: 'SSH is let in from management only' };
      return [
        { ...ways, protocol: 'icmp' as const, seenAs: 'original', because: 'a firewall answers ICMP' },
        { ...ways, ...refused, protocol: 'tcp' as const },
        { ...ways, ...refused, protocol: 'udp' as const, because: 'a firewall offers nothing to tenants' },
      ];
    }),
  );
}

/**
 * Whoever may send ICMP into a network gets an answer from the other firewalls that have an address there, and no more. In a
 * private network they refuse a source that is not the network's own, so only those who are translated get that far.
 */
function atOtherFirewalls(relation: Relation, refusing: readonly Member[]): readonly Promise[] {
  const { firewall, connection, family, near } = relation;
  if (near.length === 0) return [];
  const seen = addressSeen(relation);
  const refused = seen === 'original' ? refusing.flatMap((member) => refusedAt(relation, member)) : [];
  const answered = passagesOf(relation).flatMap(({ direction, destinations, protocol }) => {
    const reached = intersection(destinations, connection.network.prefixes);
    if (direction === 'from' || (protocol ?? 'icmp') !== 'icmp' || reached.length === 0) return [];
    if (seen === 'original' && connection.network.declared.kind === 'private') return [];
    return [
      {
        ...allowed(
          ofNetwork(firewall.primary.network, family),
          { kind: 'firewalls', name: connection.network.name, prefixes: texts(reached) },
          family,
        ),
        protocol: 'icmp' as const,
        seenAs: seen === 'original' ? seen : seen.toString(),
        via: firewall.name,
        because: 'a firewall answers ICMP',
      },
    ];
  });
  return answered.length === 0 ? [] : [...answered, ...refused];
}

/** A firewall's place in a network. */
interface Member {
  readonly firewall: PlannedFirewall;
  readonly attachment: PlannedFirewall['primary'];
}

/** A firewall that is in both networks lets nobody come out of the one with an address of the other. */
const refusesSourcesOf = (firewall: PlannedFirewall, relation: Relation): boolean =>
  firewall !== relation.firewall &&
  [firewall.primary, ...firewall.connections].some(({ network }) => network === relation.firewall.primary.network);

function refusedAt(relation: Relation, { firewall, attachment }: Member): readonly Promise[] {
  const { family } = relation;
  // A host is meant by one address.
  return texts(ofFamily(attachment.addresses.map(Prefix.host), family)).map((prefix) => ({
    ...allowed(
      ofNetwork(relation.firewall.primary.network, family),
      { kind: 'host', name: firewall.name, prefixes: [prefix] },
      family,
    ),
    verdict: 'denied',
    seenAs: undefined,
    via: relation.firewall.name,
    because: 'the source is of another network of that firewall',
  }));
}

/** The same through a DMZ: behind its firewall there are others, which answer ICMP. */
function atFirewallsBehindDmz(relation: Relation, onward: readonly Relation[]): readonly Promise[] {
  const dmz = relation.connection.network;
  const mayPing = ({ protocol }: Passage): boolean => (protocol ?? 'icmp') === 'icmp';
  // Where another network leads to the same addresses by a longer prefix, that is their way.
  const narrower = relation.firewall.connections
    .filter((connection) => connection !== relation.connection)
    .flatMap(({ network }) => destinationsOf(network.declared))
    .filter(({ isDefault }) => !isDefault);
  return outwardPassages(relation)
    .filter(mayPing)
    .flatMap((first) =>
      onward
        .filter(({ family }) => family === relation.family)
        .flatMap(outwardPassages)
        .filter(mayPing)
        .flatMap((second): readonly Promise[] => {
          const next = second.relation;
          const there = intersection(second.destinations, next.connection.network.prefixes);
          const reached = intersection(beyondOf(dmz, first.destinations), there).filter(
            (prefix) => !narrower.some((one) => one.contains(prefix)),
          );
          if (reached.length === 0) return [];
          const seen = addressSeen(next);
          return [
            {
              ...allowed(
                ofNetwork(relation.firewall.primary.network, relation.family),
                { kind: 'firewalls', name: next.connection.network.name, prefixes: texts(reached) },
                relation.family,
              ),
              protocol: 'icmp',
              seenAs: seen === 'original' ? addressSeen(relation).toString() : seen.toString(),
              via: `${relation.firewall.name}, ${next.firewall.name}`,
              because: `a firewall answers ICMP, through the DMZ ${dmz.name}`,
            },
          ];
        }),
    );
}

/**
 * An address of an external network that a machine has for its own gets answers from its firewall, inside and in that network, from
 * the other firewalls there, and from those of consumers that take such an address for one from beyond.
 */
function lentAtFirewalls(relation: Relation, hasOthers: boolean, inside: readonly Member[]): readonly Promise[] {
  const { firewall, connection, family } = relation;
  const lenders = lendersOf(relation);
  // A host is meant by one address.
  const atFirewall = (prefixes: readonly Prefix[], { name } = firewall): readonly Party[] =>
    texts(prefixes).map((prefix) => ({ kind: 'host', name, prefixes: [prefix] }));
  const addressesIn = ({ addresses }: PlannedFirewall['primary']): readonly Prefix[] =>
    ofFamily(addresses.map(Prefix.host), family);
  const mayPing = passagesOf(relation).filter(
    ({ direction, protocol }) => direction === 'to' && (protocol ?? 'icmp') === 'icmp',
  );
  const reached = intersection(
    mayPing.flatMap(({ destinations }) => destinations),
    connection.network.prefixes,
  );
  const answering: readonly Party[] = [
    ...atFirewall(addressesIn(firewall.primary)),
    ...atFirewall(intersection(reached, addressesIn(connection))),
    ...(hasOthers && reached.length > 0
      ? [{ kind: 'firewalls' as const, name: connection.network.name, prefixes: texts(reached) }]
      : []),
  ];
  const atConsumers = (from: Party): readonly Party[] =>
    inside
      .filter((member) => member.firewall !== firewall && takesFromBeyond(member, from))
      .flatMap((member) => atFirewall(addressesIn(member.attachment), member.firewall));
  return lenders.flatMap((from) =>
    [...answering, ...atConsumers(from)].map((to) => ({
      ...allowed(from, to, family),
      protocol: 'icmp' as const,
      seenAs: 'original',
      via: to.kind === 'firewalls' ? firewall.name : undefined,
      because: 'a firewall answers ICMP',
    })),
  );
}

/** What lies beyond a DMZ may come out of it, but for what lies on another side of the firewall. */
function takesFromBeyond({ firewall, attachment }: Member, { prefixes }: Party): boolean {
  const holds = (wide: readonly Prefix[]): boolean =>
    prefixes.every((prefix) => wide.some((one) => one.contains(Prefix.parse(prefix))));
  return (
    holds(destinationsOf(attachment.network.declared)) &&
    ![firewall.primary, ...firewall.connections].some(
      ({ network }) => network !== attachment.network && holds(network.prefixes),
    )
  );
}

/** Machines of a network without a firewall of its own reach the internet through the declared proxy. */
function throughProxy(network: PlannedNetwork, consumers: readonly Relation[]): readonly Promise[] {
  const { declared } = network;
  if (declared.kind !== 'private' || declared.internetAccess?.kind !== 'via-proxy') return [];
  const { address, port } = declared.internetAccess;
  // A NodePort of a cluster that consumes the network is behind the cluster's firewall.
  const behind = consumers.find(({ near }) => near.some((prefix) => prefix.holds(address)));
  return [
    {
      ...allowed(
        ofNetwork(network, address.family),
        { kind: 'host', name: 'proxy', prefixes: [address.toString()] },
        address.family,
      ),
      protocol: 'tcp',
      ports: [`${port}`],
      seenAs: 'original',
      via: behind?.firewall.name,
      because: 'the HTTP proxy of the network',
    },
  ];
}

function nothingElse(network: PlannedNetwork): readonly Promise[] {
  return familiesOf(network).map((family) => ({
    from: ofNetwork(network, family),
    to: { kind: 'anything-else' as const, name: '', prefixes: [] },
    family,
    protocol: 'any' as const,
    ports: [],
    verdict: 'denied' as const,
    seenAs: undefined,
    via: undefined,
    because: isShared(network.declared) ? 'sharing is one-way: consumers are not joined' : 'nothing else is promised',
  }));
}

const allowed = (
  from: Party,
  to: Party,
  family: Family,
): Pick<Promise, 'from' | 'to' | 'family' | 'protocol' | 'ports' | 'verdict' | 'via'> => ({
  from,
  to,
  family,
  protocol: 'any',
  ports: [],
  verdict: 'allowed',
  via: undefined,
});

const ofNetwork = (network: PlannedNetwork, family: Family): Party => ({
  kind: 'network',
  name: network.name,
  prefixes: texts(ofFamily(network.prefixes, family)),
});

const familiesOf = ({ prefixes }: PlannedNetwork): readonly Family[] =>
  FAMILIES.filter((family) => ofFamily(prefixes, family).length > 0);

const texts = (prefixes: readonly Prefix[]): readonly string[] => prefixes.map(String);
