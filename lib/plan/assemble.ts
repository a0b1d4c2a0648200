import { type Address, FAMILIES } from '../net';
import type { Attachment, Connection, Firewall, Host, Machine, Reference, Switch } from '../model';
import type { Cable } from './cabling';
import type { Numbers } from './numbers';
import { compareText } from './order';
import type {
  Plan,
  PlannedAttachment,
  PlannedConnection,
  PlannedDevice,
  PlannedFirewall,
  PlannedMachine,
  PlannedNetwork,
  PlannedSwitch,
  Port,
} from './plan';
import type { CarriedNetwork, SoundPartition } from './sound';
import { linksOf, portsOf, wiresOf } from './wires';

/** What devices are put together from. */
interface Parts {
  readonly numbers: Numbers;
  /** By path. */
  readonly networks: ReadonlyMap<Reference, PlannedNetwork>;
  /** By name: the path of a network, and how many were declared before it. */
  readonly places: ReadonlyMap<string, { readonly path: Reference; readonly index: number }>;
}

/** A device without its cables. */
type Bare<T extends PlannedDevice> = Omit<T, 'ports'>;

/** Puts the numbers to the things that were declared. A thing that lacks one is left out. */
export function assemblePlan(
  partition: SoundPartition,
  cables: readonly Cable[],
  numbers: Numbers,
): Omit<Plan, 'partition'> {
  const networks = partition.networks.flatMap((network) => tryNetwork(network, numbers) ?? []);
  const parts: Parts = {
    numbers,
    networks: new Map(networks.map((network) => [network.declared.path, network])),
    places: new Map(networks.map(({ name, declared: { path } }, index) => [name, { path, index }])),
  };
  const switches = partition.switches.flatMap((device) => trySwitch(device, parts) ?? []);
  const firewalls = partition.firewalls.flatMap((firewall) => tryFirewall(firewall, parts) ?? []);
  const machines = partition.machines.flatMap((machine) => tryMachine(machine, parts) ?? []);
  const planned = new Set([...switches, ...firewalls, ...machines].map(({ name }) => name));
  const wires = wiresOf(cables, numbers, planned, parts.networks);
  const ports = portsOf(wires);
  return {
    networks,
    switches: switches.map((device) => withPorts(device, ports)),
    firewalls: firewalls.map((firewall) => withPorts(firewall, ports)),
    machines: machines.map((machine) => withPorts(machine, ports)),
    links: linksOf(wires),
  };
}

const withPorts = <T extends { readonly name: string }>(
  device: T,
  ports: ReadonlyMap<string, readonly Port[]>,
): T & { readonly ports: readonly Port[] } => ({ ...device, ports: ports.get(device.name) ?? [] });

function tryNetwork(declared: CarriedNetwork, { vnis, prefixes }: Numbers): PlannedNetwork | undefined {
  const vni = vnis.get(declared.name);
  return vni === undefined
    ? undefined
    : { declared, name: declared.name, vni, prefixes: prefixes.get(declared.name) ?? [] };
}

function trySwitch(declared: Switch, parts: Parts): Bare<PlannedSwitch> | undefined {
  const vtep = tryVtep(declared, parts);
  return vtep && { kind: 'switch', declared, ...vtep };
}

function tryFirewall(declared: Firewall, parts: Parts): Bare<PlannedFirewall> | undefined {
  const vtep = tryVtep(declared, parts);
  const primary = tryPrimary(declared, parts);
  if (vtep === undefined || primary === undefined) return undefined;
  const connections = declared.connections.flatMap((connection) => tryConnection(declared, connection, parts) ?? []);
  return { kind: 'firewall', declared, ...vtep, primary, connections: connections.sort(byNetworkName) };
}

function tryMachine(declared: Machine, parts: Parts): Bare<PlannedMachine> | undefined {
  const { name } = declared;
  const asn = parts.numbers.asns.get(name);
  const primary = tryPrimary(declared, parts);
  if (asn === undefined || primary === undefined) return undefined;
  const routerId = primary.addresses.find(({ family }) => family === 'ipv4') ?? parts.numbers.loopbacks.get(name);
  if (routerId === undefined) return undefined;
  const attachments = declared.attachments.flatMap((attachment) => tryAttachment(declared, attachment, parts) ?? []);
  return { kind: 'machine', declared, name, asn, routerId, primary, attachments: attachments.sort(byNetworkName) };
}

type Vtep = Pick<PlannedSwitch, 'name' | 'asn' | 'routerId' | 'loopback' | 'mac' | 'vlans'>;

function tryVtep({ name }: Switch | Firewall, { numbers, places }: Parts): Vtep | undefined {
  const asn = numbers.asns.get(name);
  const loopback = numbers.loopbacks.get(name);
  if (asn === undefined || loopback === undefined) return undefined;
  const vlans = [...(numbers.vlans.get(name) ?? [])].flatMap(([network, vlan]) => {
    const place = places.get(network);
    return place === undefined ? [] : [{ ...place, vlan }];
  });
  vlans.sort((a, b) => a.index - b.index);
  const byPath = new Map(vlans.map(({ path, vlan }) => [path, vlan]));
  return { name, asn, routerId: loopback, loopback, mac: macOf(loopback), vlans: byPath };
}

/** Locally administered (the second bit of the first octet), and as unique as the loopback. */
function macOf({ value }: Address): string {
  const digits = value.toString(16).padStart(8, '0');
  return ['02', '00', ...(digits.match(/../g) ?? [])].join(':');
}

function tryPrimary(host: Host, parts: Parts): PlannedAttachment | undefined {
  return host.primary && tryAttachment(host, host.primary, parts);
}

function tryConnection(host: Host, declared: Connection, parts: Parts): PlannedConnection | undefined {
  const attachment = tryAttachment(host, declared, parts);
  return attachment && { ...attachment, declared, addresses: withTranslation(attachment.addresses, declared) };
}

/** An address that the firewall translates to is its own like the others: it answers for it, and announces it. */
function withTranslation(addresses: readonly Address[], { nat }: Connection): readonly Address[] {
  const translation = nat?.kind === 'translate' ? nat.address : undefined;
  if (translation === undefined || addresses.some((address) => address.equals(translation))) return addresses;
  return [...addresses, translation].sort((a, b) => FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family));
}

function tryAttachment(host: Host, declared: Attachment, { numbers, networks }: Parts): PlannedAttachment | undefined {
  const network = networks.get(declared.network);
  if (network === undefined) return undefined;
  const addresses = FAMILIES.flatMap((family) => numbers.addresses[family].get(network.name)?.get(host.name) ?? []);
  return { declared, network, addresses };
}

const byNetworkName = (a: PlannedAttachment, b: PlannedAttachment): number =>
  compareText(a.network.name, b.network.name);
