import { createHash, hash } from 'node:crypto';
import { asksForNat, destinationsOf, folderOf, groupBy, isShared, type Partition, targetOf, tryHostOf } from '../model';
import {
  type Plan,
  type PlannedAttachment,
  type PlannedDevice,
  type PlannedFirewall,
  type PlannedMachine,
  type PlannedNetwork,
  type PlannedSwitch,
  type Port,
} from '../plan';
import { type DeviceFile, type DeviceRole, localAddress } from '../device';
import type { Promise } from '../promises';
import { type Manifest, MANIFEST_VERSION } from './schema';

/** A device with what is written for it. */
export interface WrittenDevice {
  readonly device: PlannedDevice;
  readonly role: DeviceRole;
  readonly files: readonly DeviceFile[];
}

/** The content of `fabric.json`. */
export function makeManifest(plan: Plan, devices: readonly WrittenDevice[], promises: readonly Promise[]): Manifest {
  const { partition } = plan;
  const racks = new Map(partition.racks.map(({ path, name }) => [path, name]));
  const routers = groupBy(
    plan.switches.flatMap((device) => device.ports.flatMap((port) => tryRouterEntry(device, port) ?? [])),
    ({ network }) => network,
  );
  return {
    format: 'cdktf-metal-fabric/fabric',
    version: MANIFEST_VERSION,
    partition: partition.name,
    frr: `${partition.frr.major}.${partition.frr.minor}`,
    devices: devices.map((written) => deviceEntry(written, partition, racks)),
    links: plan.links.map(({ kind, a, b }) => ({ kind, a: { ...a }, b: { ...b } })),
    networks: plan.networks.map((network) => networkEntry(network, routers.get(network) ?? [])),
    hosts: [...plan.machines, ...plan.firewalls].map(hostEntry),
    promises: promises.map(promiseEntry),
  };
}

/** The text of `fabric.json`. */
export function printManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

export function sha256(text: string): string {
  // From Node.js 20.12 on; it makes no object for each of a hundred thousand texts.
  return typeof hash === 'function' ? hash('sha256', text) : createHash('sha256').update(text).digest('hex');
}

function deviceEntry(
  { device, role, files }: WrittenDevice,
  partition: Partition,
  racks: ReadonlyMap<string, string>,
): Manifest['devices'][number] {
  return {
    name: device.name,
    role,
    rack: racks.get(device.declared.rack ?? '') ?? null,
    asn: device.asn,
    routerId: device.routerId.toString(),
    loopback: device.kind === 'machine' ? null : device.loopback.toString(),
    management: {
      interface: partition.managementInterface,
      address: device.declared.managementAddress?.toString() ?? null,
    },
    target: targetEntry(device, partition),
    files: files.map(({ name, path, content }) => ({ name, path, sha256: sha256(content) })),
  };
}

function targetEntry({ name, declared }: PlannedDevice, partition: Partition): Manifest['devices'][number]['target'] {
  const target = targetOf(declared, partition);
  if (target.kind === 'directory') return { kind: target.kind, path: folderOf(target, name) };
  const { kind, user, port, become, hostKey, bastion, timeouts } = target;
  const host = tryHostOf(declared, target);
  if (host === undefined) throw new Error(`invariant: ${declared.path} has no way in`);
  return {
    kind,
    host,
    port,
    user,
    become,
    hostKey: hostKey ?? null,
    bastion:
      bastion === undefined
        ? null
        : { host: bastion.host, port: bastion.port, user: bastion.user, hostKey: bastion.hostKey ?? null },
    connectTimeout: timeouts.connect,
    healthTimeout: timeouts.health,
    confirmTimeout: timeouts.confirm,
  };
}

function networkEntry(network: PlannedNetwork, routers: readonly RouterOfNetwork[]): Manifest['networks'][number] {
  const { declared } = network;
  return {
    name: network.name,
    kind: declared.kind,
    project: declared.kind === 'private' ? declared.project : null,
    shared: isShared(declared),
    nat: asksForNat(declared),
    vni: network.vni,
    prefixes: network.prefixes.map(String),
    destinationPrefixes: destinationsOf(declared).map(String),
    routers: routers.map(({ entry }) => entry),
  };
}

interface RouterOfNetwork {
  readonly network: PlannedNetwork;
  readonly entry: Manifest['networks'][number]['routers'][number];
}

function tryRouterEntry(device: PlannedSwitch, { name: port, router }: Port): RouterOfNetwork | undefined {
  if (router === undefined) return undefined;
  const { name, asn, peers } = router.declared;
  const addresses = peers.map((peer) => ({
    address: peer.address.toString(),
    local: localAddress(peer).toString(),
    length: peer.length,
  }));
  return { network: router.network, entry: { name, asn, device: device.name, port, addresses } };
}

function hostEntry(host: PlannedMachine | PlannedFirewall): Manifest['hosts'][number] {
  const { declared } = host.primary.network;
  return {
    name: host.name,
    kind: host.kind,
    project: host.declared.project ?? (declared.kind === 'private' ? declared.project : null),
    network: host.primary.network.name,
    addresses: [host.primary, ...(host.kind === 'machine' ? host.attachments : host.connections)].flatMap(
      addressEntries,
    ),
  };
}

const addressEntries = ({ network, addresses }: PlannedAttachment): Manifest['hosts'][number]['addresses'] =>
  addresses.map((address) => ({ network: network.name, family: address.family, address: address.toString() }));

function promiseEntry({ from, to, ports, seenAs, via, ...rest }: Promise): Manifest['promises'][number] {
  return {
    from: { ...from, prefixes: [...from.prefixes] },
    to: { ...to, prefixes: [...to.prefixes] },
    ...rest,
    ports: [...ports],
    seenAs: seenAs ?? null,
    via: via ?? null,
  };
}
