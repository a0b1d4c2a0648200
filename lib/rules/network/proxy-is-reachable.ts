import { PORT_RANGE, type Prefix, familyName, printRange, quote } from '../../net';
import {
  type Fabric,
  type Network,
  type PrivateNetwork,
  type Reference,
  type InternetAccess,
  type Lookup,
  asksForNat,
  attachmentsOf,
  familiesOf,
  groupBy,
  isCarved,
  relatesIn,
  territoryOf,
} from '../../model';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { type PrivateJoint, allJoints } from '../joints';
import { allNetworks, canHold, isOpenInward } from '../walk';

export const proxyIsReachable = defineRule({
  id: 'network/proxy-is-reachable',
  statement:
    'The internet proxy of a network is a machine with that address, in it or in a private network that is open to it.',
  source:
    'specification, getting internet access: an external HTTP proxy is needed that has an endpoint exposed as Service Type NodePort.',
  *check(fabric, lookup) {
    const proxied = allNetworks(fabric).flatMap((network) =>
      network.kind === 'private' && network.internetAccess?.kind === 'via-proxy'
        ? [{ network, proxy: network.internetAccess }]
        : [],
    );
    // Most fabrics have none, and many machines.
    if (proxied.length === 0) return;
    const joints = groupBy(allJoints(fabric, lookup), (joint) => joint.network);
    const places = placesByAddress(fabric);
    for (const { network, proxy } of proxied) {
      const fault = tryFindFault(network, proxy, {
        joints: joints.get(network) ?? [],
        homes: (places.get(proxy.address.toString()) ?? []).map(({ home }) => home),
        lookup,
      });
      if (fault !== undefined) yield { subject: network, ...fault };
    }
  },
});

type Proxy = Extract<InternetAccess, { kind: 'via-proxy' }>;

/**
 * The private networks of machines, by the addresses that they were given. Others are known only when all numbers are given, and
 * would follow the machine, not the proxy.
 */
function placesByAddress({ partitions }: Fabric) {
  const places = partitions
    .flatMap(({ machines }) => machines)
    .flatMap((machine) => {
      const home = machine.primary?.network;
      if (home === undefined) return [];
      return attachmentsOf(machine).flatMap(({ addresses }) => addresses.map((address) => ({ address, home })));
    });
  return groupBy(places, ({ address }) => address.toString());
}

interface Surroundings {
  /** Of the firewalls that the network is consumed through. */
  readonly joints: readonly PrivateJoint[];
  /** Where there is a machine with the address of the proxy. */
  readonly homes: readonly Reference[];
  readonly lookup: Lookup;
}

function tryFindFault(network: PrivateNetwork, proxy: Proxy, { joints, homes, lookup }: Surroundings) {
  const { address, port } = proxy;
  if (isOutside(port, PORT_RANGE)) {
    return {
      problem: `proxy port ${port} is outside ${printRange(PORT_RANGE)}`,
      fix: 'give the port that it listens on',
    };
  }
  if (homes.includes(network.path)) return undefined;
  const endpoint = `proxy ${address.toString()} port ${port}`;
  const nobody = {
    problem: `${endpoint}: no machine is given that address`,
    fix: `give it to the machine that runs the proxy: ${address.family === 'ipv4' ? 'ip' : 'ipv6'}: ${quote(address.toString())}`,
  };
  // Without a machine, the address tells where it may be meant to be.
  const isMeant = (place: Network): boolean =>
    homes.length > 0 ? homes.includes(place.path) : canHold(place, address, lookup);
  if (isMeant(network)) return nobody;
  const holders = joints.filter(({ primary }) => isMeant(primary));
  const [first] = holders;
  if (first === undefined) {
    return {
      problem: `${endpoint} is neither in the network nor behind a firewall that is connected to it`,
      fix: `connect the firewall of the proxy's network to ${quote(network.name)}, without translation`,
    };
  }
  const families = familiesOf(network);
  // A network without any family is reported for that.
  if (families.length > 0 && !families.includes(address.family)) {
    return {
      problem: `${endpoint} is not reached from the network, which has no ${familyName(address.family)} prefix`,
      fix: `give the network an ${familyName(address.family)} prefix, or an address of the proxy that it can reach`,
    };
  }
  const open = holders.filter((joint) => isOpenInward(joint, address.family));
  if (open.length === 0) {
    return {
      problem: `${endpoint} is hidden from the network by the translation of firewall ${quote(first.firewall.name)}`,
      fix: asksForNat(network) ? 'share the network without NAT' : 'connect that firewall without translation',
    };
  }
  // A network without any family is reported for that.
  const related = open.filter((joint) => families.length === 0 || relatesIn(joint, address.family, lookup));
  if (related.length === 0) {
    return {
      problem: `${endpoint} gets no answer to the network: of the two, only one has unique local addresses`,
      fix: 'give both networks such addresses, or none',
    };
  }
  if (!related.some((joint) => letsThrough(joint, proxy, lookup))) {
    return {
      problem: `${endpoint} is kept from the network by what firewall ${quote(first.firewall.name)} allows`,
      fix: `allow tcp port ${port} from ${quote(network.name)} there`,
    };
  }
  return homes.length > 0 ? undefined : nobody;
}

/** Whether all of the network may open connections to the proxy. */
function letsThrough({ connection, network }: PrivateJoint, { address, port }: Proxy, lookup: Lookup): boolean {
  if (connection.allow === undefined) return true;
  const flows = connection.allow.filter(
    ({ direction, protocol, ports }) =>
      direction === 'from' &&
      (protocol === undefined || protocol === 'tcp') &&
      (ports.length === 0 || ports.some(({ first, last }) => first <= port && port <= last)),
  );
  // A prefix that is still to be carved may come to lie in any part of the super networks, so that any may be meant.
  const isCovered = (own: Prefix) =>
    flows.some(
      ({ prefix }) =>
        prefix === undefined || (isCarved(network, address.family) ? prefix.overlaps(own) : prefix.contains(own)),
    );
  const territory = territoryOf(network, address.family, lookup);
  if (territory.length === 0) return true;
  return isCarved(network, address.family) ? territory.some(isCovered) : territory.every(isCovered);
}
