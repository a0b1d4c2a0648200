import type { Address, Prefix } from '../net';
import { destinationsOf } from '../model';
import type { FrrConfig } from '../language/frr';
import type { InterfacesConfig } from '../language/interfaces';
import type { NftRuleset } from '../language/nftables';
import type { LinkEnd, LinkKind, Plan } from '../plan';
import type { DeviceConfig, DeviceRole } from '../device';

/** All that the engine reads: what is configured on each device, how they are cabled, and what others are assumed to say. */
export interface Snapshot {
  readonly devices: readonly DeviceTrees[];
  readonly links: readonly SnapshotLink[];
  readonly routers: readonly OutsideRouter[];
}

/** The config trees of one device, derived or read from its files. */
export interface DeviceTrees {
  readonly name: string;
  readonly role: DeviceRole;
  readonly frr: FrrConfig;
  readonly interfaces: InterfacesConfig;
  readonly nftables: NftRuleset | undefined;
}

export interface SnapshotLink {
  readonly kind: Exclude<LinkKind, 'router'>;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
}

/** A router of somebody else: no device of ours, so what it announces is assumed to be what was declared. */
export interface OutsideRouter {
  readonly network: string;
  readonly name: string;
  /** The border leaf and its port. */
  readonly device: string;
  readonly port: string;
  readonly asn: number;
  readonly addresses: readonly Address[];
  readonly announces: readonly Prefix[];
}

/** The snapshot of what was just derived. */
export function snapshotOf({ links, switches }: Plan, devices: readonly DeviceConfig[]): Snapshot {
  return {
    devices: devices.map(({ device, role, frr, interfaces, nftables }) => ({
      name: device.name,
      role,
      frr,
      interfaces,
      nftables,
    })),
    links: links.flatMap(({ kind, a, b }) => (kind === 'router' ? [] : [{ kind, a, b }])),
    routers: switches.flatMap((device) =>
      device.ports.flatMap(({ name: port, router }) =>
        router === undefined
          ? []
          : [
              {
                network: router.network.name,
                name: router.declared.name,
                device: device.name,
                port,
                asn: router.declared.asn,
                addresses: router.declared.peers.map(({ address }) => address),
                announces: destinationsOf(router.network.declared),
              },
            ],
      ),
    ),
  };
}
