import type { Manifest } from '../manifest';
import { Address } from '../net';
import { LabError } from './lab-error';

/** A device in the management network. */
export interface Managed {
  readonly name: string;
  readonly interface: string;
  readonly address: string;
  /** The other end of its cable, on the bridge. */
  readonly port: string;
}

/** The forwarded port of the guest: an address for qemu's own network, one that nobody manages devices with. */
export const ENTRANCE = { network: '198.19.0.0/24', address: '198.19.0.15' } as const;

/** The bastion in the management network: addresses meant for benchmarks (RFC 2544, RFC 5180). */
export const BASTION = { ipv4: '198.18.0.1', ipv6: '2001:2::1' } as const;
/** Where devices have their addresses from that declare none. */
const POOL = Address.parse('198.18.1.0');

/** In the guest; its ports are the far ends of the devices' cables. */
export const BRIDGE = 'mgmt';

/** @throws LabError if a device declares an address that the lab itself needs. */
export function managedDevices({ devices }: Manifest): readonly Managed[] {
  const declared = new Set(devices.flatMap(({ management: { address } }) => address ?? []));
  const own = [BASTION.ipv4, BASTION.ipv6, ENTRANCE.address].find((address) => declared.has(address));
  if (own !== undefined) {
    throw new LabError(`a device is managed at ${own}, which is the lab's own`, 'give it another managementAddress');
  }
  let next = POOL.value;
  const free = (): string => {
    const address = Address.of('ipv4', next++).toString();
    return declared.has(address) ? free() : address;
  };
  return devices.map(({ name, management }, index) => ({
    name,
    interface: management.interface,
    address: management.address ?? free(),
    port: `${BRIDGE}${index + 1}`,
  }));
}
