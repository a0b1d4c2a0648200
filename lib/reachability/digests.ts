import { type Address, FAMILIES, Prefix } from '../net';
import { mapIn } from '../model';
import type { PrefixList, RouteMap, RouteMapMatch } from '../language/frr';
import type { NftHook, NftMatch, NftRule } from '../language/nftables';
import type { Box, SessionPolicy, Vrf } from './box';
import { type Digest, type DigestWriter, namedDigestOf, type Tokens } from './digest';
import { listOf } from './route-map';
import type { Routing } from './routing';

/** What the engine reads of a device, in an order that does not matter where things have none. */
export class Digests {
  readonly #switches = new Map<Box, Digest>();
  readonly #vrfs = new Map<Vrf, Digest>();
  readonly #leafVrfs = new Map<Vrf, Digest>();
  /** By device: what a map or rule names, a list or an interface, is that of the device, even where many share the map. */
  readonly #maps = new Map<Box, Map<RouteMap, Digest>>();
  readonly #rules = new Map<Box, Map<NftRule, Digest>>();

  public constructor(
    private readonly routing: Routing,
    private readonly tokens: Tokens,
  ) {}

  /** A machine: itself, and what its leaves have configured for it. */
  public writeMachine(to: DigestWriter, machine: Box): void {
    writeAddresses(to, machine);
    this.#redistribution(to, machine.underlay);
    to.list(this.routing.portsOf(machine), (port) => {
      to.text(port);
      const peer = this.routing.tryPeer(machine, port);
      if (peer === undefined) return;
      const vrf = peer.box.tryVrfOf(peer.port);
      for (const family of FAMILIES) {
        this.#policy(to, machine, machine.underlay.tryPolicy(port, family));
        this.#policy(to, peer.box, vrf?.tryPolicy(peer.port, family));
      }
      if (vrf === undefined) to.text('-');
      else this.#leaf(to, vrf, peer.port);
    });
    this.#filter(to, machine);
  }

  /** A firewall: itself, and what its leaves have configured for it. */
  public writeFirewall(to: DigestWriter, firewall: Box): void {
    writeAddresses(to, firewall);
    this.#redistribution(to, firewall.underlay);
    to.list(this.routing.portsOf(firewall), (port) => {
      to.text(port);
      const peer = this.routing.tryPeer(firewall, port);
      if (peer === undefined) return;
      for (const kind of [this.routing.evpn, this.routing.underlay]) {
        to.list(kind.policiesOf(firewall, peer.box), (session) => {
          to.text(session.from === firewall ? 'out' : 'in');
          this.#policy(to, session.from, session.out);
          this.#policy(to, session.to, session.in);
        });
      }
      to.digest(this.#switch(peer.box));
      this.#rulesAt(to, peer.box, 'prerouting', peer.port);
    });
    to.set([...firewall.vrfs.values()], (one, vrf) => one.digest(this.#vrf(vrf)));
    this.#filter(to, firewall);
  }

  /**
   * What is configured on a switch for no host in particular. Who is named there is told from all others: nothing that is marked
   * here is a host's own.
   */
  public writeRest(to: DigestWriter, box: Box): void {
    const hosts = new Set(
      this.routing.portsOf(box).filter((port) => this.routing.tryPeer(box, port)?.box.isSwitch === false),
    );
    for (const vrf of box.vrfs.values()) {
      for (const one of vrf.bgp?.neighbors ?? []) {
        const name = one.kind === 'unnumbered' ? one.interface : one.address.toString();
        if (hosts.has(name)) continue;
        for (const kind of ['ipv4', 'ipv6', 'evpn'] as const) this.#policy(to, box, vrf.tryPolicy(name, kind));
      }
      // What belongs to a VRF that hosts are in is read with them.
      if (!isOfHosts(vrf, hosts)) to.digest(this.#vrf(vrf));
    }
    const ofHosts = new Set([
      ...hosts,
      ...[...box.vrfs.values()].flatMap((vrf) => (isOfHosts(vrf, hosts) ? vrf.name : [])),
    ]);
    const isTheirs = ({ matches }: NftRule): boolean =>
      matches.some((match) => match.kind === 'iif' && !match.negated && match.names.every((name) => ofHosts.has(name)));
    for (const chain of box.trees.nftables?.chains ?? []) {
      if (chain.hook === undefined) continue;
      for (const rule of chain.rules) if (!isTheirs(rule)) this.#rule(to, box, rule, '');
    }
  }

  /** What a leaf does with a machine in one of its VRFs. */
  #leaf(to: DigestWriter, vrf: Vrf, port: string): void {
    to.digest(this.#leafVrf(vrf));
    this.#rulesAt(to, vrf.box, 'prerouting', port);
  }

  /** What a leaf does with all hosts in one of its VRFs. */
  #leafVrf(vrf: Vrf): Digest {
    return this.#once(this.#leafVrfs, vrf, (to) => {
      to.digest(this.#vrf(vrf));
      to.digest(this.#switch(vrf.box));
      this.#rulesOfVrf(to, vrf.box, 'prerouting', vrf.name);
      this.#rulesOfVrf(to, vrf.box, 'input', vrf.name);
      this.#rulesOfVrf(to, vrf.box, 'forward', vrf.name);
      this.#rulesOfVrf(to, vrf.box, 'postrouting', '');
    });
  }

  /** A switch among the others, whichever it is: nothing of it is marked. */
  #switch(box: Box): Digest {
    return this.#once(this.#switches, box, (to) => {
      const ports = this.routing.portsOf(box).filter((port) => box.tryVrfOf(port) === box.underlay);
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
      to.text(this.routing.evpn.placeOf(box));
      to.text(this.routing.underlay.placeOf(box));
      to.text(open.length === ports.length ? 'takes tunnels' : box.name);
      this.#redistribution(to, box.underlay);
      to.text(box.trees.frr.version);
    });
  }

  /** A VRF and what it takes from others: the same for all that have to do with it. */
  #vrf(vrf: Vrf): Digest {
    return this.#once(this.#vrfs, vrf, (to) => {
      writeVrf(to, vrf);
      for (const family of FAMILIES) {
        const unicast = vrf.tryUnicast(family);
        if (unicast === undefined) {
          to.text('-');
          continue;
        }
        const { importVrfs, importMap, networks, redistributeConnected } = unicast;
        to.set(importVrfs, (one, name) => writeInterface(one, vrf.box, name));
        if (importVrfs.length === 0) to.text('-');
        else this.#map(to, vrf.box, importMap);
        to.set(networks, writePrefix);
        if (redistributeConnected === undefined) to.text('-');
        else this.#map(to, vrf.box, redistributeConnected.routeMap);
      }
    });
  }

  #redistribution(to: DigestWriter, vrf: Vrf): void {
    for (const family of FAMILIES) {
      const redistributed = vrf.tryUnicast(family)?.redistributeConnected;
      if (redistributed === undefined) to.text('-');
      else this.#map(to, vrf.box, redistributed.routeMap);
    }
  }

  #policy(to: DigestWriter, box: Box, policy: SessionPolicy | undefined): void {
    if (policy === undefined) {
      to.text('no session');
      return;
    }
    this.#map(to, box, policy.routeMapIn);
    this.#map(to, box, policy.routeMapOut);
    to.text(`${policy.allowasIn}`);
  }

  #map(to: DigestWriter, box: Box, name: string | undefined): void {
    const map = name === undefined ? undefined : box.tryMap(name);
    if (map === undefined) to.text(name === undefined ? 'no map' : 'missing map');
    else to.digest(this.#once(mapIn(this.#maps, box), map, (own) => writeMap(own, box, map)));
  }

  #filter(to: DigestWriter, box: Box): void {
    for (const { hook, rules } of box.trees.nftables?.chains ?? []) {
      if (hook === undefined) continue;
      to.text(hook.hook);
      to.text(hook.policy);
      to.text(hook.priority);
      to.list(rules, (rule) => this.#rule(to, box, rule, undefined));
    }
  }

  /** The rules that what came in by an interface can meet. */
  #rulesAt(
    to: DigestWriter,
    box: Box,
    hook: NftHook['hook'],
    iif: string,
    write = (rule: NftRule): void => this.#rule(to, box, rule, iif),
  ): void {
    const rules = box.filter.tryRulesAt(hook, iif);
    to.text(hook);
    if (rules !== undefined) to.list(rules, write);
  }

  /** The same for a VRF, of which a leaf has many: most rules are meant for all of them. */
  #rulesOfVrf(to: DigestWriter, box: Box, hook: NftHook['hook'], iif: string): void {
    this.#rulesAt(to, box, hook, iif, (rule) => {
      // The chain that it leads to may have rules for some interfaces only.
      if (rule.verdict.kind === 'jump') this.#rule(to, box, rule, iif);
      else to.digest(this.#once(mapIn(this.#rules, box), rule, (own) => this.#rule(own, box, rule, iif)));
    });
  }

  #rule(to: DigestWriter, box: Box, { matches, verdict }: NftRule, own: string | undefined): void {
    for (const match of matches) writeNftMatch(to, box, match, own);
    to.text(verdict.kind);
    if (verdict.kind === 'snat') to.prefix(Prefix.host(verdict.address));
    const chain = verdict.kind === 'jump' ? box.filter.tryChain(verdict.chain) : undefined;
    if (chain !== undefined) to.list(chain.rules, (rule) => this.#rule(to, box, rule, own));
  }

  /** Made once for each key. */
  #once<K>(known: Map<K, Digest>, at: K, write: (writer: DigestWriter) => void): Digest {
    let digest = known.get(at);
    if (digest === undefined) known.set(at, (digest = namedDigestOf(this.tokens, write)));
    return digest;
  }
}

const isOfHosts = (vrf: Vrf, ports: ReadonlySet<string>): boolean => vrf.interfaces.some(({ name }) => ports.has(name));

function writeAddresses(to: DigestWriter, box: Box): void {
  to.list(box.interfaces.values(), ({ name, vrf, addresses }) => {
    writeInterface(to, box, name);
    writeInterface(to, box, vrf);
    for (const one of addresses) writeAddress(to, one);
  });
}

const writeAddress = (
  to: DigestWriter,
  { address, length }: { readonly address: Address; readonly length: number },
): void => to.address(address, length);

const writePrefix = (to: DigestWriter, prefix: Prefix): void => to.prefix(prefix);

function writeVrf(to: DigestWriter, vrf: Vrf): void {
  const { svi, vni, vtep, bgp, blackholes, box } = vrf;
  const ownsVtep = vtep !== undefined && box.underlay.owns(vtep.family, vtep.value);
  writeInterface(to, box, vrf.name);
  if (svi === undefined) to.text('no tunnel');
  else to.number(vni ?? 0);
  to.text(ownsVtep ? 'from its loopback' : (vtep?.toString() ?? '-'));
  to.set(
    vrf.interfaces.flatMap(({ addresses }) => addresses),
    writeAddress,
  );
  if (bgp === undefined) to.text('no BGP');
  else {
    to.textWithNumbers(bgp.evpn?.routeTarget ?? '-');
    to.list(bgp.evpn?.advertise ?? [], (family) => to.text(family));
  }
  to.set(blackholes, writePrefix);
}

function writeMap(to: DigestWriter, box: Box, { entries }: RouteMap): void {
  to.list(entries, ({ action, matches, actions }) => {
    to.text(action);
    for (const match of matches) writeMatch(to, box, match);
    for (const one of actions) to.text(JSON.stringify(one));
  });
}

function writeMatch(to: DigestWriter, box: Box, match: RouteMapMatch): void {
  const { frr } = box.trees;
  to.text(match.kind);
  switch (match.kind) {
    case 'prefix-list': {
      const list = listOf(box, match.family, match.list);
      to.text(match.family);
      if (list === undefined) to.text('missing');
      else writeList(to, list);
      return;
    }
    case 'source-vrf':
      writeInterface(to, box, match.vrf);
      return;
    case 'interface':
      writeInterface(to, box, match.name);
      return;
    case 'evpn-vni':
      to.number(match.vni);
      return;
    case 'as-path':
      to.text(frr.asPathLists.find(({ name }) => name === match.list)?.pattern ?? 'missing');
      return;
    case 'community':
      to.text(frr.communityLists.find(({ name }) => name === match.list)?.community ?? 'missing');
      return;
    case 'extended-community':
      to.textWithNumbers(frr.extendedCommunityLists.find(({ name }) => name === match.list)?.pattern ?? 'missing');
      return;
    case 'evpn-prefix-route':
    case 'evpn-default-route':
      return;
  }
}

/** Entries that do the same stand in any order. */
function writeList(to: DigestWriter, { entries }: PrefixList): void {
  for (let from = 0; from < entries.length;) {
    const action = entries[from]?.action ?? '';
    let end = from;
    while (end < entries.length && entries[end]?.action === action) end++;
    to.text(action);
    to.set(entries.slice(from, end), (one, { prefix, le }) => one.prefix(prefix, le === undefined ? '' : `le ${le}`));
    from = end;
  }
}

function writeNftMatch(to: DigestWriter, box: Box, match: NftMatch, own: string | undefined): void {
  to.text(match.kind);
  switch (match.kind) {
    case 'iif':
      // Of one interface, all that counts is whether it is meant; who else is, is nothing of its hosts'.
      if (own !== undefined) to.text(`${match.names.includes(own) !== match.negated}`);
      else {
        to.text(`${match.negated}`);
        to.set(match.names, (one, name) => writeInterface(one, box, name));
      }
      return;
    case 'oif':
      to.set(match.names, (one, name) => writeInterface(one, box, name));
      return;
    case 'source':
      to.text(`${match.family} ${match.negated}`);
      to.set(match.prefixes, writePrefix);
      return;
    case 'destination':
      to.text(match.family);
      to.set(match.prefixes, writePrefix);
      return;
    case 'other-vni':
    case 'tunneled-other':
      to.set(match.vnis, (one, vni) => one.number(vni));
      return;
    case 'tunneled-outside':
      to.number(match.vni);
      to.text(`${match.family} ${match.side}`);
      to.set(match.prefixes, writePrefix);
      return;
    case 'family':
    case 'icmp':
    case 'ports':
    case 'tcp-answer':
    case 'connection':
      to.text(JSON.stringify(match));
      return;
  }
}

/** The interfaces of a network by its VNI. */
function writeInterface(to: DigestWriter, box: Box, name: string): void {
  const vrf = box.vrfs.get(name);
  if (vrf?.vni !== undefined) {
    to.text('vrf');
    to.number(vrf.vni);
    return;
  }
  const svi = box.tryVrfOf(name);
  if (svi?.svi === name) {
    to.text('svi');
    to.number(svi.vni ?? 0);
    return;
  }
  const vni = box.interfaces.get(name)?.tryAttribute('vxlan-id');
  to.text(vni === undefined ? name : 'vxlan');
  if (vni !== undefined) to.number(Number(vni));
}
