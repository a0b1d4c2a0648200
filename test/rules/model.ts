import { Address, Prefix } from '../../lib/net';
import {
  type Attachment,
  type Bastion,
  type Connection,
  type Declared,
  type ExternalNetwork,
  type Fabric,
  type Firewall,
  type Flow,
  type Machine,
  type MaxUnavailable,
  type Misfit,
  type NatPolicy,
  NOTHING_RECORDED,
  type Partition,
  type PrivateNetwork,
  type Rack,
  type Recorded,
  type Rollout,
  type Router,
  type RouterAddress,
  type SharedNetwork,
  type Sharing,
  type Shortage,
  type SshTarget,
  type Switch,
  type UnderlayNetwork,
} from '../../lib/model';

// What tests declare, valid by default. Things are named; a name means the path `par1/<name>`, a path means itself.

type Given<T extends Declared, Own = object> = Partial<Omit<T, keyof Own | 'kind'>> & Own;

interface GivenPrefixes {
  readonly prefixes?: readonly string[];
}

/** A fabric of one partition, `par1`, and of others where a test needs them. */
export interface FabricCase extends Partial<Omit<Partition, 'superNetworks' | 'underlay' | 'recorded'>> {
  readonly superNetworks?: readonly string[];
  readonly underlay?: string | undefined;
  readonly recorded?: Partial<Recorded>;
  readonly others?: readonly Partition[];
  readonly strays?: readonly string[];
  readonly misfits?: readonly Misfit[];
}

export function fabric({ others = [], strays = [], misfits = [], ...own }: FabricCase = {}): Fabric {
  return { partitions: [partition('par1', own), ...others], strays, misfits };
}

export function partition(name: string, given: Omit<FabricCase, 'others' | 'strays' | 'misfits'> = {}): Partition {
  const { superNetworks = ['10.128.0.0/14', 'fd00:10:128::/48'], recorded, ...rest } = given;
  const underlay = 'underlay' in given ? given.underlay : '10.0.0.0/16';
  return {
    kind: 'partition',
    path: name,
    name,
    description: undefined,
    mtu: { underlay: 9216, overlay: 9000 },
    pools: {
      vnis: { first: 10_000, last: 19_999 },
      vlans: { first: 1001, last: 2000 },
      asns: { first: 4_200_000_000, last: 4_200_065_535 },
    },
    frr: { major: 10, minor: 4 },
    managementInterface: 'eth0',
    target: { kind: 'directory', path: `devices/${name}` },
    rollout: rollout(),
    racks: [rack('rack1', { partition: name })],
    switches: [
      spine('spine1', { partition: name }),
      borderLeaf('border1', { partition: name }),
      leaf('leaf1', { partition: name, rack: `${name}/rack1` }),
      leaf('leaf2', { partition: name, rack: `${name}/rack1` }),
    ],
    networks: [],
    machines: [],
    firewalls: [],
    policies: [],
    ...rest,
    superNetworks: superNetworks.map(Prefix.parse),
    underlay: underlay === undefined ? undefined : Prefix.parse(underlay),
    recorded: { ...NOTHING_RECORDED, ...recorded },
  };
}

export function rack(name: string, given: Given<Rack> = {}): Rack {
  return { kind: 'rack', ...declared(name, given), leafCount: 2, ...given };
}

export const spine = (name: string, given: Given<Switch> = {}): Switch => device(name, 'spine', given);
export const borderLeaf = (name: string, given: Given<Switch> = {}): Switch => device(name, 'border-leaf', given);
export const leaf = (name: string, given: Given<Switch> = {}): Switch =>
  device(name, 'leaf', { rack: pathOf('rack1'), ...given });

function device(name: string, role: Switch['role'], given: Given<Switch>): Switch {
  return {
    kind: 'switch',
    ...declared(name, given),
    role,
    rack: undefined,
    ports: 32,
    managementAddress: undefined,
    target: undefined,
    ...given,
  };
}

export function privateNetwork(name: string, given: Given<PrivateNetwork, GivenPrefixes> = {}): PrivateNetwork {
  return {
    kind: 'private',
    ...declared(name, given),
    vni: undefined,
    sharing: undefined,
    project: name,
    prefixLengths: given.prefixes === undefined ? { ipv4: 22, ipv6: 64 } : { ipv4: undefined, ipv6: undefined },
    internetAccess: undefined,
    ...given,
    prefixes: (given.prefixes ?? []).map(Prefix.parse),
  };
}

interface GivenSharing extends GivenPrefixes {
  readonly nat?: boolean;
  readonly destinationPrefixes?: readonly string[];
  readonly exposedTo?: readonly string[];
}

export function sharedNetwork(
  name: string,
  { nat, destinationPrefixes, exposedTo, ...given }: Given<PrivateNetwork, GivenSharing> = {},
): SharedNetwork {
  return {
    ...privateNetwork(name, given),
    sharing: given.sharing ?? sharing({ nat, destinationPrefixes, exposedTo }),
  };
}

export function sharing({
  nat = false,
  destinationPrefixes = [],
  exposedTo,
}: { [K in 'nat' | 'destinationPrefixes' | 'exposedTo']?: GivenSharing[K] | undefined } = {}): Sharing {
  return { nat, destinationPrefixes: destinationPrefixes.map(Prefix.parse), exposedTo, contradictions: 0 };
}

interface GivenExternal extends GivenPrefixes {
  readonly destinationPrefixes?: readonly string[];
}

export function externalNetwork(name: string, given: Given<ExternalNetwork, GivenExternal> = {}): ExternalNetwork {
  return {
    kind: 'external',
    ...declared(name, given),
    vni: undefined,
    sharing: undefined,
    nat: true,
    routers: [router('isp1')],
    ...given,
    prefixes: (given.prefixes ?? ['185.1.2.0/24']).map(Prefix.parse),
    destinationPrefixes: (given.destinationPrefixes ?? ['0.0.0.0/0']).map(Prefix.parse),
  };
}

export function underlayNetwork(name: string, given: Given<UnderlayNetwork, GivenPrefixes> = {}): UnderlayNetwork {
  return {
    kind: 'underlay',
    ...declared(name, given),
    vni: undefined,
    sharing: undefined,
    ...given,
    prefixes: (given.prefixes ?? ['10.0.0.0/16']).map(Prefix.parse),
  };
}

export function router(name: string, given: Partial<Omit<Router, 'name'>> = {}): Router {
  return { name, asn: 64_500, peers: [peer('192.0.2.1/31')], leaf: undefined, port: undefined, ...given };
}

/** The router's address and the length of the link's prefix. */
export function peer(text: string, local?: string): RouterAddress {
  const [address = '', length = ''] = text.split('/');
  return {
    address: Address.parse(address),
    length: Number(length),
    local: local === undefined ? undefined : Address.parse(local),
  };
}

/** @param primary the name of the primary network, or the whole attachment */
export function machine(name: string, primary?: string | Attachment, given: Given<Machine> = {}): Machine {
  return { kind: 'machine', ...host(name, primary, given), attachments: [], ...given };
}

/** @param primary the name of the primary network, or the whole attachment */
export function firewall(name: string, primary?: string | Attachment, given: Given<Firewall> = {}): Firewall {
  return { kind: 'firewall', ...host(name, primary, given), connections: [], ...given };
}

function host(name: string, primary: string | Attachment | undefined, given: { readonly partition?: string }) {
  return {
    ...declared(name, given),
    rack: pathOf('rack1', given.partition),
    project: undefined,
    primary: typeof primary === 'string' ? attachment(primary) : primary,
    wiring: wiring(),
    managementAddress: undefined,
    target: undefined,
  };
}

export function wiring(given: Partial<Machine['wiring']> = {}): Machine['wiring'] {
  return { leaves: undefined, leafPorts: undefined, interfaces: ['lan0', 'lan1'], ...given };
}

/** That a host is in the network, with the addresses given or with allocated ones. */
export function attachment(network: string, addresses: readonly string[] = [], autoIp = addresses.length === 0) {
  return { network: pathOf(network), addresses: addresses.map(Address.parse), autoIp } satisfies Attachment;
}

interface GivenConnection {
  readonly addresses?: readonly string[];
  readonly autoIp?: boolean;
  readonly nat?: NatPolicy;
  readonly allow?: readonly Flow[];
}

export function connection(network: string, { addresses, autoIp, nat, allow }: GivenConnection = {}): Connection {
  return { ...attachment(network, addresses, autoIp), nat, allow };
}

export const NO_NAT: NatPolicy = { kind: 'none' };

export function translate(address?: string, keep: readonly string[] = []): NatPolicy {
  return {
    kind: 'translate',
    address: address === undefined ? undefined : Address.parse(address),
    keep: keep.map(Prefix.parse),
  };
}

export function masquerade(...keep: readonly string[]): NatPolicy {
  return { kind: 'masquerade', keep: keep.map(Prefix.parse) };
}

export const flowTo = (prefix?: string, given: Partial<Flow> = {}): Flow => flow('to', prefix, given);
export const flowFrom = (prefix?: string, given: Partial<Flow> = {}): Flow => flow('from', prefix, given);

function flow(direction: Flow['direction'], prefix: string | undefined, given: Partial<Flow>): Flow {
  return {
    direction,
    prefix: prefix === undefined ? undefined : Prefix.parse(prefix),
    network: undefined,
    protocol: undefined,
    ports: [],
    comment: undefined,
    ...given,
  };
}

export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

export function ssh(given: Partial<Omit<SshTarget, 'kind'>> = {}): SshTarget {
  return {
    kind: 'ssh',
    user: 'root',
    port: 22,
    domain: 'example.net',
    become: 'none',
    hostKey: HOST_KEY,
    acceptAnyHostKey: false,
    bastion: undefined,
    timeouts: { connect: 120, health: 60, confirm: 60 },
    ...given,
  };
}

export function bastion(given: Partial<Bastion> = {}): Bastion {
  return { host: 'jump', port: 22, user: 'root', hostKey: HOST_KEY, acceptAnyHostKey: false, ...given };
}

/** One by one, unless said otherwise. */
export function rollout(given: Partial<MaxUnavailable> = {}, canaries: readonly string[] = []): Rollout {
  return {
    canaries,
    maxUnavailable: { spines: 1, borderLeaves: 1, leaves: 1, firewalls: 1, machines: undefined, ...given },
  };
}

export function shortage(kind: Shortage['kind'], pool: Shortage['pool'], path: string): Shortage {
  return { kind, pool, path: pathOf(path), problem: `${pool} is ${kind}`, fix: 'see there' };
}

export function pathOf(name: string, partitionName = 'par1'): string {
  return name.includes('/') ? name : `${partitionName}/${name}`;
}

function declared(name: string, { partition: of = 'par1' }: { readonly partition?: string }) {
  return { path: pathOf(name, of), name, description: undefined, partition: of };
}
