import { type Family, FAMILIES, type Range } from '../net';
import { isCarved, type Network, ofFamily, type Partition } from '../model';
import { isOutside } from './numbers';

/** A firewall and a machine. */
const LONGEST: Readonly<Record<Family, number>> = { ipv4: 30, ipv6: 126 };

/** A prefix that is to be allocated, of a length that no super network can give. */
interface MisfitLength {
  readonly network: Network;
  readonly family: Family;
  readonly length: number;
  /** What would fit. */
  readonly range: Range;
}

/** Nothing is carved where the length does not fit. */
export function misfitLengths({ superNetworks, networks }: Partition): readonly MisfitLength[] {
  return FAMILIES.flatMap((family) => {
    const widest = Math.min(...ofFamily(superNetworks, family).map(({ length }) => length));
    // Without a super network of the family, that is what is reported.
    if (!Number.isFinite(widest)) return [];
    const range = { first: widest, last: LONGEST[family] };
    return networks.flatMap((network) => {
      const length =
        network.kind === 'private' && isCarved(network, family) ? network.prefixLengths[family] : undefined;
      return length === undefined || !isOutside(length, range) ? [] : [{ network, family, length, range }];
    });
  });
}
