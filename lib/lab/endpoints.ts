import { Address, type Family } from '../net';
import type { Output } from '../output';
import type { Topology } from './topology';

/** An address of somebody who takes part in flows, and the node where it is. */
export interface Endpoint {
  readonly kind: 'machine' | 'firewall' | 'beyond';
  /** The host; of what lies beyond a network, the network's name. */
  readonly name: string;
  /** The network the address is of; of what lies beyond, the network that leads there. */
  readonly network: string;
  readonly family: Family;
  readonly address: Address;
  readonly node: string;
}

export function endpointsOf({ manifest }: Output, { standIns }: Topology): readonly Endpoint[] {
  const hosts = manifest.hosts.flatMap(({ name, kind, addresses }) =>
    addresses.map(({ network, family, address }): Endpoint => ({
      kind,
      name,
      network,
      family,
      address: Address.parse(address),
      node: name,
    })),
  );
  const beyond = standIns.flatMap(({ node, network, beyond: addresses }) =>
    addresses.map((address): Endpoint => ({
      kind: 'beyond',
      name: network,
      network,
      family: address.family,
      address,
      node,
    })),
  );
  return [...hosts, ...beyond];
}
