import { groupBy } from '../model';
import { vrfName } from '../device';
import type { Manifest } from './schema';

/** A BGP session, as one of its two devices knows it. */
export interface Session {
  readonly device: string;
  /** The VRF that it lives in; `default` outside of all. */
  readonly vrf: string;
  /** The device's own port, or the address of a router of somebody else. */
  readonly neighbor: string;
}

type Link = Manifest['links'][number];

/** The BGP sessions of each device, in the order of the links. */
export function sessionsOf(manifest: Manifest): ReadonlyMap<string, readonly Session[]> {
  const vnis = new Map(manifest.networks.map(({ name, vni }) => [name, vni]));
  const primaries = new Map(manifest.hosts.map(({ name, network }) => [name, network]));
  const vrfOf = (network: string | undefined): string => {
    const vni = vnis.get(network ?? '');
    if (vni === undefined) throw new Error(`invariant: fabric.json has no network ${network ?? ''}`);
    return vrfName({ vni });
  };
  const atHost = ({ kind, a, b }: Link): readonly Session[] => [
    { device: a.device, vrf: kind === 'machine' ? vrfOf(primaries.get(b.device)) : 'default', neighbor: a.port },
    { device: b.device, vrf: 'default', neighbor: b.port },
  ];
  const withRouters = manifest.networks.flatMap(({ name, routers }) =>
    routers.flatMap(({ device, addresses }) =>
      addresses.map(({ address }): Session => ({ device, vrf: vrfOf(name), neighbor: address })),
    ),
  );
  const within = manifest.links.filter(({ kind }) => kind !== 'router').flatMap(atHost);
  return groupBy([...within, ...withRouters], ({ device }) => device);
}
