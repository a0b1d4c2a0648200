import { type Address, FAMILIES, type Prefix } from '../net';
import type { PrefixList, RouteMapMatch } from '../language/frr';
import type { NftHook, NftMatch, NftRule } from '../language/nftables';
import type { Box, SessionPolicy, Vrf } from './box';
import { listOf } from './route-map';
import type { Routing } from './routing';

/**
 * What the engine reads of a device, as text in which the order of things that have none does not matter. Numbers and addresses
 * are marked, so that those that only one host has can be taken for equal to those that only another one has.
 */
export type Digest = string | readonly Digest[] | { readonly set: readonly Digest[] } | SharedDigest;

/** A part that is one object for all that have to do with it, and is read but once for them. */
export interface SharedDigest {
  readonly shared: Digest;
}

/** What every mark begins with. */
export const MARK = '‹';

/** Marks a number or an address. Whatever is not marked has to be equal. */
export const mark = (value: string | number): string => `‹${value}›`;

export const MARKED = /‹([^›]*)›/g;

/** The prefixes that were marked: where addresses lie in them, that is part of what makes hosts equal. */
export interface Marked {
  readonly prefixes: Prefix[];
}

export function markPrefix(prefix: Prefix, { prefixes }: Marked): string {
  if (prefix.isDefault) return prefix.toString();
  prefixes.push(prefix);
  return `${mark(prefix.first.toString())}/${prefix.length}`;
}

const markAddress = (address: Address): string => mark(address.toString());

/** A machine: itself, and what its leaves have configured for it. */
export function digestMachine(routing: Routing, machine: Box, marked: Marked): Digest {
  const ports = [...routing.portsOf(machine)].map((port): Digest => {
    const peer = routing.tryPeer(machine, port);
    if (peer === undefined) return port;
    const vrf = peer.box.tryVrfOf(peer.port);
    const sessions = FAMILIES.map((family): Digest => {
      const [mine, theirs] = [machine.underlay.tryPolicy(port, family), vrf?.tryPolicy(peer.port, family)];
      return [family, policyDigest(machine, mine, marked), policyDigest(peer.box, theirs, marked)];
    });
    return [port, sessions, vrf === undefined ? '-' : leafDigest(routing, vrf, peer.port, marked)];
  });
  return [addressesDigest(machine), redistribution(machine.underlay, marked), ports, filterDigest(machine, marked)];
}

/** A firewall: itself, and what its leaves have configured for it. */
export function digestFirewall(routing: Routing, firewall: Box, marked: Marked): Digest {
  const uplinks = [...routing.portsOf(firewall)].map((port): Digest => {
    const peer = routing.tryPeer(firewall, port);
    if (peer === undefined) return port;
    const sessions = [routing.evpn, routing.underlay].map((kind) =>
      kind
        .policiesOf(firewall, peer.box)
        .map((session): Digest => [
          session.from === firewall ? 'out' : 'in',
          policyDigest(session.from, session.out, marked),
          policyDigest(session.to, session.in, marked),
        ]),
    );
    return [
      port,
      sessions,
      switchDigest(routing, peer.box, marked),
      rulesDigest(peer.box, 'prerouting', peer.port, marked),
    ];
  });
  const vrfs = [...firewall.vrfs.values()].map((vrf): Digest => wholeVrf(vrf, marked));
  return [
    addressesDigest(firewall),
    redistribution(firewall.underlay, marked),
    uplinks,
    { set: vrfs },
    filterDigest(firewall, marked),
  ];
}

/**
 * What is configured on a switch for no host in particular. Who is named there is told from all others: nothing that is marked
 * here is a host's own.
 */
export function digestRest(routing: Routing, box: Box, marked: Marked): Digest {
  const hosts = new Set(routing.portsOf(box).filter((port) => routing.tryPeer(box, port)?.box.isSwitch === false));
  const vrfs = [...box.vrfs.values()].map((vrf): Digest => {
    const neighbors = (vrf.bgp?.neighbors ?? [])
      .map((one) => (one.kind === 'unnumbered' ? one.interface : one.address.toString()))
      .filter((name) => !hosts.has(name));
    const sessions = neighbors.flatMap((name) =>
      (['ipv4', 'ipv6', 'evpn'] as const).map((kind) => policyDigest(box, vrf.tryPolicy(name, kind), marked)),
    );
    // What belongs to a VRF that hosts are in is read with them.
    return [sessions, isOfHosts(vrf, hosts) ? '-' : wholeVrf(vrf, marked)];
  });
  const ofHosts = new Set([
    ...hosts,
    ...[...box.vrfs.values()].flatMap((vrf) => (isOfHosts(vrf, hosts) ? vrf.name : [])),
  ]);
  const isTheirs = ({ matches }: NftRule): boolean =>
    matches.some((match) => match.kind === 'iif' && !match.negated && match.names.every((name) => ofHosts.has(name)));
  const rules = (box.trees.nftables?.chains ?? [])
    .filter(({ hook }) => hook !== undefined)
    .flatMap((chain) => chain.rules.filter((rule) => !isTheirs(rule)).map((rule) => ruleDigest(box, rule, '', marked)));
  return [vrfs, rules];
}

const isOfHosts = (vrf: Vrf, ports: ReadonlySet<string>): boolean => vrf.interfaces.some(({ name }) => ports.has(name));

const addressesDigest = (box: Box): Digest =>
  [...box.interfaces.values()].map(({ name, vrf, addresses }): Digest => [
    interfaceName(box, name),
    interfaceName(box, vrf),
    addresses.map(({ address, length }) => `${markAddress(address)}/${length}`),
  ]);

/** What a leaf does with a machine in one of its VRFs. */
const leafDigest = (routing: Routing, vrf: Vrf, port: string, marked: Marked): Digest => [
  leafVrfDigest(routing, vrf, marked),
  rulesDigest(vrf.box, 'prerouting', port, marked),
];

const ofSwitches = new WeakMap<Box, KnownDigest>();

/** A switch among the others, whichever it is: nothing of it is marked. */
const switchDigest = (routing: Routing, box: Box, marked: Marked): Digest =>
  shareBy(ofSwitches, box, marked, () => digestSwitch(routing, box));

function digestSwitch(routing: Routing, box: Box): Digest {
  const ports = [...routing.portsOf(box)].filter((port) => box.tryVrfOf(port) === box.underlay);
  const tunnels = (box.filter.tryRulesAt('input', '') ?? [])
    .concat(ports.flatMap((port) => box.filter.tryRulesAt('input', port) ?? []))
    .filter(({ matches }) =>
      matches.some((match) => match.kind === 'ports' && match.ports.some(({ first }) => first === 4789)),
    );
  const open = ports.filter((port) =>
    tunnels.some(({ matches }) =>
      matches.every((match) => match.kind !== 'iif' || match.names.includes(port) !== match.negated),
    ),
  );
  const nothingMarked: Marked = { prefixes: [] };
  return [
    routing.evpn.placeOf(box),
    routing.underlay.placeOf(box),
    open.length === ports.length ? 'takes tunnels' : box.name,
    redistribution(box.underlay, nothingMarked),
    box.trees.frr.version,
  ];
}

const redistribution = (vrf: Vrf, marked: Marked): Digest =>
  FAMILIES.map((family): Digest => {
    const redistributed = vrf.tryUnicast(family)?.redistributeConnected;
    return redistributed === undefined ? '-' : mapDigest(vrf.box, redistributed.routeMap, marked);
  });

interface KnownDigest {
  readonly digest: SharedDigest;
  readonly marked: Marked;
}

/** Makes a part once for each key, with what is marked in it. */
function shareBy<K extends object>(
  known: WeakMap<K, KnownDigest>,
  at: K,
  marked: Marked,
  make: (own: Marked) => Digest,
): Digest {
  let one = known.get(at);
  if (one === undefined) {
    const own: Marked = { prefixes: [] };
    one = { digest: { shared: make(own) }, marked: own };
    known.set(at, one);
  }
  marked.prefixes.push(...one.marked.prefixes);
  return one.digest;
}

const ofVrfs = new WeakMap<Vrf, KnownDigest>();

/** A VRF and what it takes from others: the same for all that have to do with it. */
const wholeVrf = (vrf: Vrf, marked: Marked): Digest =>
  shareBy(ofVrfs, vrf, marked, (own) => [vrfDigest(vrf, own), importsDigest(vrf, own)]);

const ofLeaves = new WeakMap<Vrf, KnownDigest>();

/** What a leaf does with all hosts in one of its VRFs. */
const leafVrfDigest = (routing: Routing, vrf: Vrf, marked: Marked): Digest =>
  shareBy(ofLeaves, vrf, marked, (own) => [
    wholeVrf(vrf, own),
    switchDigest(routing, vrf.box, own),
    rulesDigest(vrf.box, 'prerouting', vrf.name, own),
    rulesDigest(vrf.box, 'input', vrf.name, own),
    rulesDigest(vrf.box, 'forward', vrf.name, own),
    rulesDigest(vrf.box, 'postrouting', '', own),
  ]);

function vrfDigest(vrf: Vrf, marked: Marked): Digest {
  const { svi, vni, vtep, bgp, blackholes, box } = vrf;
  const ownsVtep = vtep !== undefined && box.underlay.owns(vtep.family, vtep.value);
  return [
    interfaceName(box, vrf.name),
    svi === undefined ? 'no tunnel' : `tunnel ${mark(vni ?? 0)}`,
    ownsVtep ? 'from its loopback' : (vtep?.toString() ?? '-'),
    {
      set: vrf.interfaces.flatMap(({ addresses }) =>
        addresses.map(({ address, length }) => `${markAddress(address)}/${length}`),
      ),
    },
    bgp === undefined ? 'no BGP' : [markNumbers(bgp.evpn?.routeTarget ?? '-'), ...(bgp.evpn?.advertise ?? [])],
    { set: blackholes.map((prefix) => markPrefix(prefix, marked)) },
  ];
}

const importsDigest = (vrf: Vrf, marked: Marked): Digest =>
  FAMILIES.map((family): Digest => {
    const unicast = vrf.tryUnicast(family);
    if (unicast === undefined) return '-';
    const { importVrfs, importMap, networks, redistributeConnected } = unicast;
    return [
      { set: importVrfs.map((name) => interfaceName(vrf.box, name)) },
      importVrfs.length === 0 ? '-' : mapDigest(vrf.box, importMap, marked),
      { set: networks.map((prefix) => markPrefix(prefix, marked)) },
      redistributeConnected === undefined ? '-' : mapDigest(vrf.box, redistributeConnected.routeMap, marked),
    ];
  });

function policyDigest(box: Box, policy: SessionPolicy | undefined, marked: Marked): Digest {
  if (policy === undefined) return 'no session';
  const { routeMapIn, routeMapOut, allowasIn } = policy;
  return [mapDigest(box, routeMapIn, marked), mapDigest(box, routeMapOut, marked), `${allowasIn}`];
}

function mapDigest(box: Box, name: string | undefined, marked: Marked): Digest {
  if (name === undefined) return 'no map';
  const map = box.tryMap(name);
  if (map === undefined) return 'missing map';
  return map.entries.map(({ action, matches, actions }): Digest => [
    action,
    matches.map((match) => matchDigest(box, match, marked)),
    actions.map((one) => JSON.stringify(one)),
  ]);
}

function matchDigest(box: Box, match: RouteMapMatch, marked: Marked): Digest {
  const { frr } = box.trees;
  switch (match.kind) {
    case 'prefix-list': {
      const list = listOf(box, match.family, match.list);
      return [match.kind, match.family, list === undefined ? 'missing' : listDigest(list, marked)];
    }
    case 'source-vrf':
      return [match.kind, interfaceName(box, match.vrf)];
    case 'interface':
      return [match.kind, interfaceName(box, match.name)];
    case 'evpn-vni':
      return [match.kind, mark(match.vni)];
    case 'as-path':
      return [match.kind, frr.asPathLists.find(({ name }) => name === match.list)?.pattern ?? 'missing'];
    case 'community':
      return [match.kind, frr.communityLists.find(({ name }) => name === match.list)?.community ?? 'missing'];
    case 'extended-community': {
      const pattern = frr.extendedCommunityLists.find(({ name }) => name === match.list)?.pattern;
      return [match.kind, pattern === undefined ? 'missing' : markNumbers(pattern)];
    }
    case 'evpn-prefix-route':
    case 'evpn-default-route':
      return match.kind;
  }
}

/** Entries that do the same stand in any order. */
function listDigest({ entries }: PrefixList, marked: Marked): Digest {
  const runs: { readonly action: string; readonly set: Digest[] }[] = [];
  for (const { action, prefix, le } of entries) {
    const text = `${markPrefix(prefix, marked)}${le === undefined ? '' : ` le ${le}`}`;
    const run = runs.at(-1);
    if (run?.action === action) run.set.push(text);
    else runs.push({ action, set: [text] });
  }
  return runs.map(({ action, set }): Digest => [action, { set }]);
}

const filterDigest = (box: Box, marked: Marked): Digest => {
  const chains = box.trees.nftables?.chains ?? [];
  return chains.flatMap((chain): readonly Digest[] => {
    if (chain.hook === undefined) return [];
    const { hook, policy, priority } = chain.hook;
    return [[hook, policy, priority, chain.rules.map((rule) => ruleDigest(box, rule, undefined, marked))]];
  });
};

function rulesDigest(box: Box, hook: NftHook['hook'], iif: string, marked: Marked): Digest {
  const rules = box.filter.tryRulesAt(hook, iif);
  return rules === undefined ? hook : [hook, rules.map((rule) => ruleDigest(box, rule, iif, marked))];
}

function ruleDigest(box: Box, { matches, verdict }: NftRule, own: string | undefined, marked: Marked): Digest {
  const chain = verdict.kind === 'jump' ? box.filter.tryChain(verdict.chain) : undefined;
  return [
    matches.map((match) => nftMatchDigest(box, match, own, marked)),
    verdict.kind,
    verdict.kind === 'snat' ? markAddress(verdict.address) : '-',
    chain === undefined ? '-' : chain.rules.map((rule) => ruleDigest(box, rule, own, marked)),
  ];
}

function nftMatchDigest(box: Box, match: NftMatch, own: string | undefined, marked: Marked): Digest {
  const prefixes = (all: readonly Prefix[]): Digest => ({ set: all.map((prefix) => markPrefix(prefix, marked)) });
  switch (match.kind) {
    case 'iif':
      // Of one interface, all that counts is whether it is meant; who else is, is nothing of its hosts'.
      if (own !== undefined) return [match.kind, `${match.names.includes(own) !== match.negated}`];
      return [match.kind, `${match.negated}`, { set: match.names.map((name) => interfaceName(box, name)) }];
    case 'oif':
      return [match.kind, { set: match.names.map((name) => interfaceName(box, name)) }];
    case 'source':
      return [match.kind, match.family, `${match.negated}`, prefixes(match.prefixes)];
    case 'destination':
      return [match.kind, match.family, prefixes(match.prefixes)];
    case 'other-vni':
    case 'tunneled-other':
      return [match.kind, { set: match.vnis.map(mark) }];
    case 'tunneled-outside':
      return [match.kind, mark(match.vni), match.family, match.side, prefixes(match.prefixes)];
    case 'family':
    case 'icmp':
    case 'ports':
    case 'tcp-answer':
    case 'connection':
      return JSON.stringify(match);
  }
}

/** The interfaces of a network by its VNI. */
function interfaceName(box: Box, name: string): string {
  const vrf = box.vrfs.get(name);
  if (vrf?.vni !== undefined) return `vrf ${mark(vrf.vni)}`;
  const svi = box.tryVrfOf(name);
  if (svi?.svi === name) return `svi ${mark(svi.vni ?? 0)}`;
  const vni = box.interfaces.get(name)?.attributes.get('vxlan-id');
  return vni === undefined ? name : `vxlan ${mark(vni)}`;
}

/** Route targets, and the patterns that match them: only long numbers are somebody's own. */
const markNumbers = (text: string): string => text.replace(/\d{4,}/g, (number) => mark(number));
