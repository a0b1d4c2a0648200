import type { PortRange } from '../net';
import type { Reference } from './declared';
import type { Protocol } from './host';

/** What a user wants to be true of a partition, whatever else is declared in it. */
export interface Policy {
  /** `isolated`: neither reaches the other. `reaches`: all of the one reach all of the other. */
  readonly kind: 'isolated' | 'reaches';
  /** Hosts or networks. */
  readonly from: Reference;
  readonly to: Reference;
  /** Undefined: every protocol. */
  readonly protocol: Protocol | undefined;
  /** Of tcp and udp; undefined for every port. */
  readonly ports: PortRange | undefined;
}
