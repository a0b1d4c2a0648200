import { type Declared, type Fabric, type Lookup, type Partition, type Switch, groupBy } from '../model';
import { allHosts } from './walk';

/** A port of a switch that the user named. */
export interface WiredPort {
  readonly device: Switch;
  readonly port: string;
  /** The construct that names the port. */
  readonly subject: Declared;
  /** What is wired to the port: the same one may be named twice by mistake, two routers of one network may not. */
  readonly holder: object;
}

export function* wiredPorts(fabric: Fabric, lookup: Lookup): Iterable<WiredPort> {
  const leaves = leavesByRack(fabric.partitions);
  for (const host of allHosts(fabric)) {
    const devices = host.wiring.leaves?.map((path) => lookup.tryFindSwitch(path)) ?? leaves.get(host.rack ?? '') ?? [];
    for (const [index, port] of (host.wiring.leafPorts ?? []).entries()) {
      const device = devices[index];
      if (device !== undefined) yield { device, port, subject: host, holder: host };
    }
  }
  for (const network of fabric.partitions.flatMap(({ networks }) => networks)) {
    if (network.kind !== 'external') continue;
    for (const router of network.routers) {
      const device = router.leaf === undefined ? undefined : lookup.tryFindSwitch(router.leaf);
      if (device !== undefined && router.port !== undefined) {
        yield { device, port: router.port, subject: network, holder: router };
      }
    }
  }
}

/** The leaves of each rack, ordered by name, as hosts are wired to them. */
export function leavesByRack(
  partitions: readonly Pick<Partition, 'switches'>[],
): ReadonlyMap<string, readonly Switch[]> {
  const leaves = partitions.flatMap(({ switches }) => switches).filter(({ role }) => role === 'leaf');
  return groupBy(leaves, ({ rack }) => rack ?? '');
}
