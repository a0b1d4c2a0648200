import { BITS, Prefix } from '../net';
import type { Router } from '../model';

/** The link prefixes of a router; a length that is none is reported by a rule of its own. */
export function routerLinks({ peers }: Router): readonly Prefix[] {
  return peers
    .filter(({ address, length }) => Number.isInteger(length) && length >= 1 && length <= BITS[address.family])
    .map(({ address, length }) => Prefix.around(address, length));
}
