import { posix } from 'node:path';
import type { Address } from '../net';

/** Where configurations are applied to, as far as it is the same for all devices of the target. */
export type Target = DirectoryTarget | SshTarget;

export interface DirectoryTarget {
  readonly kind: 'directory';
  /** The folder that holds one for each device, relative to the one that the app is run in. */
  readonly path: string;
}

/** Devices that are reached over SSH. What is secret is not known here. */
export interface SshTarget extends Identity {
  readonly kind: 'ssh';
  readonly user: string;
  readonly port: number;
  /** Devices without a management address are `<name>.<domain>`. */
  readonly domain: string | undefined;
  readonly become: BecomeMethod;
  readonly bastion: Bastion | undefined;
  readonly timeouts: Timeouts;
}

/** How the user becomes root on the device. */
export type BecomeMethod = 'none' | 'sudo' | 'doas';

/** How it is known that who answers is who is meant. */
interface Identity {
  /** `<type> <key>`: its own public key, or that of the CA that signed it. */
  readonly hostKey: string | undefined;
  /** Whether any key will do. */
  readonly acceptAnyHostKey: boolean;
}

/** The host through which devices are reached. */
export interface Bastion extends Identity {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** In seconds. */
export interface Timeouts {
  /** How long a connection is tried. */
  readonly connect: number;
  /** How long a device has to become healthy with its new configuration. */
  readonly health: number;
  /** How long a device waits to be told that it is still reachable, before it goes back. */
  readonly confirm: number;
}

/** Where a device is reached; undefined if neither its address nor the domain is known. */
export function tryHostOf(
  { name, managementAddress }: { readonly name: string; readonly managementAddress: Address | undefined },
  { domain }: SshTarget,
): string | undefined {
  return managementAddress?.toString() ?? (domain === undefined ? undefined : `${name}.${domain}`);
}

/** The folder of a device in a target that is one, relative to the folder that the app is run in. */
export const folderOf = ({ path }: DirectoryTarget, device: string): string => posix.join(path, device);

/** The target of a device: its own, or that of the partition. */
export function targetOf(
  { target }: { readonly target: Target | undefined },
  partition: { readonly target: Target },
): Target {
  return target ?? partition.target;
}
