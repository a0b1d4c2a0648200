import { Address, Prefix } from '../net';
import { parseFrr } from '../language/frr';
import { parseInterfaces } from '../language/interfaces';
import { parseNftables } from '../language/nftables';
import { UnknownLine } from '../language/parse-error';
import type { Manifest } from '../manifest';
import type { Promise } from '../promises';
import { type DeviceTrees, type Known, type OutsideRouter, Reachability, type Snapshot } from '../reachability';
import { OutputError } from './output-error';
import { type Output, readOutput } from './read-output';

/** An output as it lies on disk, and what its files let through: the files themselves are read, and no copy of what they were. */
export interface ReadFabric {
  readonly output: Output;
  /** Read when it is asked for. */
  readonly snapshot: () => Snapshot;
  readonly reachability: Reachability;
}

/** @throws OutputError where there is no whole output, or a file has a line that this library does not write */
export function readFabric(path: string): ReadFabric {
  return fabricOf(readOutput(path));
}

/** The same of an output that was read already. */
export function fabricOf(output: Output): ReadFabric {
  const { manifest } = output;
  const promises = manifest.promises.map(({ seenAs, via, ...rest }): Promise => ({
    ...rest,
    seenAs: seenAs ?? undefined,
    via: via ?? undefined,
  }));
  let read: Snapshot | undefined;
  const snapshot = (): Snapshot => (read ??= snapshotOf(output));
  return { output, snapshot, reachability: new Reachability(snapshot, knownOf(manifest), promises) };
}

function snapshotOf(output: Output): Snapshot {
  const { manifest } = output;
  return {
    devices: manifest.devices.map((device) => readDevice(device, output)),
    links: manifest.links.flatMap(({ kind, a, b }) => (kind === 'router' ? [] : [{ kind, a, b }])),
    routers: manifest.networks.flatMap(({ name: network, routers, destinationPrefixes }) =>
      routers.map(({ name, asn, device, port, addresses }): OutsideRouter => ({
        network,
        name,
        device,
        port,
        asn,
        addresses: addresses.map(({ address }) => Address.parse(address)),
        announces: destinationPrefixes.map(Prefix.parse),
      })),
    ),
  };
}

function readDevice({ name, role, files }: Manifest['devices'][number], output: Output): DeviceTrees {
  const read = <T>(file: string, parse: (text: string) => T): T | undefined => {
    const place = files.find((one) => one.name === file)?.path;
    const content = output.files.get(name)?.find(({ path }) => path === place)?.content;
    if (place === undefined || content === undefined) return undefined;
    try {
      return parse(content.toString());
    } catch (error) {
      if (!(error instanceof UnknownLine)) throw error;
      throw new OutputError(`${name}/${file}: ${error.message}`, 'synthesize again, or take the line away');
    }
  };
  const [frr, interfaces] = [read('frr.conf', parseFrr), read('interfaces', parseInterfaces)];
  if (frr === undefined || interfaces === undefined) {
    throw new OutputError(`${name} has no frr.conf and interfaces`, 'synthesize again');
  }
  return { name, role, frr, interfaces, nftables: read('nftables.conf', parseNftables) };
}

function knownOf({ networks, hosts, devices }: Manifest): Known {
  return {
    networks: networks.map(({ name, kind, vni, prefixes, destinationPrefixes }) => ({
      name,
      vni,
      kind,
      prefixes: prefixes.map(Prefix.parse),
      destinations: destinationPrefixes.map(Prefix.parse),
    })),
    hosts: hosts.map(({ name, kind, network, addresses }) => ({
      name,
      kind,
      network,
      addresses: addresses.map((one) => ({ network: one.network, address: Address.parse(one.address) })),
    })),
    inside: [
      ...devices.flatMap(({ loopback }) => (loopback === null ? [] : [Prefix.host(Address.parse(loopback))])),
      ...networks.flatMap(({ routers }) =>
        routers.flatMap(({ addresses }) =>
          addresses.map(({ address, length }) => Prefix.around(Address.parse(address), length)),
        ),
      ),
    ],
  };
}
