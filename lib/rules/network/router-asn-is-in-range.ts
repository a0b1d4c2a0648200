import { ASN_RANGE, printRange, quote } from '../../net';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { allNetworks } from '../walk';

export const routerAsnIsInRange = defineRule({
  id: 'network/router-asn-is-in-range',
  statement: `The ASN of a router lies within ${printRange(ASN_RANGE)}.`,
  source: 'RFC 6793 for the four octets; RFC 7607 reserves 0, and RFC 7300 the highest.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external') continue;
      for (const { name, asn } of network.routers) {
        if (!isOutside(asn, ASN_RANGE)) continue;
        yield {
          subject: network,
          problem: `asn ${asn} of router ${quote(name)} is outside ${printRange(ASN_RANGE)}`,
          fix: 'give the ASN that the router speaks with',
        };
      }
    }
  },
});
