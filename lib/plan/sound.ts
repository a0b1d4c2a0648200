import type { ExternalNetwork, Lookup, Partition, PrivateNetwork, Reference, Switch } from '../model';
import { byName } from './order';

/** A network that devices carry: all but the underlay. */
export type CarriedNetwork = PrivateNetwork | ExternalNetwork;

/** A partition in which a name means one thing, in order of name. */
export interface SoundPartition extends Partition {
  readonly networks: readonly CarriedNetwork[];
  /** Where its switches and networks are declared. */
  readonly paths: ReadonlySet<Reference>;
}

/**
 * Leaves out what shares its name with another network or device: numbers are kept under names, so a plan has no place
 * for it. A rule reports it; a plan of such a partition is never used.
 */
export function soundOf(partition: Partition): SoundPartition {
  const devices = new Names();
  const networks = new Names();
  const sound = {
    switches: byName(partition.switches).filter((device) => devices.isNew(device)),
    firewalls: byName(partition.firewalls).filter((device) => devices.isNew(device)),
    machines: byName(partition.machines).filter((device) => devices.isNew(device)),
    networks: byName(partition.networks)
      .filter((network) => network.kind !== 'underlay')
      .filter((network) => networks.isNew(network)),
  };
  const paths = new Set([...sound.switches, ...sound.networks].map(({ path }) => path));
  return { ...partition, ...sound, paths };
}

/** Undefined for a switch of another partition, and for a path where there is none. */
export function tryOwnSwitch(path: Reference, { paths }: SoundPartition, lookup: Lookup): Switch | undefined {
  return paths.has(path) ? lookup.tryFindSwitch(path) : undefined;
}

/** Undefined for a network of another partition, for the underlay, and for a path where there is none. */
export function tryOwnNetwork(path: Reference, { paths }: SoundPartition, lookup: Lookup): CarriedNetwork | undefined {
  const network = paths.has(path) ? lookup.tryFindNetwork(path) : undefined;
  return network?.kind === 'underlay' ? undefined : network;
}

class Names {
  readonly #seen = new Set<string>();

  public isNew({ name }: { readonly name: string }): boolean {
    if (this.#seen.has(name)) return false;
    this.#seen.add(name);
    return true;
  }
}
