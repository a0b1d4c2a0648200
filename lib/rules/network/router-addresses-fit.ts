import { BITS, isWithin, Prefix, familyName, quote } from '../../net';
import type { Router, RouterAddress } from '../../model';
import { defineRule } from '../rule';
import { allNetworks, isUsable } from '../walk';

export const routerAddressesFit = defineRule({
  id: 'network/router-addresses-fit',
  statement: 'A router and its border leaf have different, usable addresses of one link prefix, one for each family.',
  source:
    'RFC 4271 section 5.1.3: the ends of a BGP session over a link share its subnet. RFC 3021 and RFC 6164 for /31 and /127.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      if (network.kind !== 'external') continue;
      for (const router of network.routers) {
        for (const { problem, fix } of checkRouter(router)) {
          yield { subject: network, problem: `router ${quote(router.name)}: ${problem}`, fix };
        }
      }
    }
  },
});

interface Fault {
  readonly problem: string;
  readonly fix: string;
}

function* checkRouter({ peers }: Router): Iterable<Fault> {
  if (peers.length === 0) yield { problem: 'no address is given', fix: 'give its address on the link' };
  for (const [index, peer] of peers.entries()) {
    const { family } = peer.address;
    if (peers.findIndex(({ address }) => address.family === family) < index) {
      yield {
        problem: `${peer.address.toString()} is its second ${familyName(family)} address`,
        fix: 'give one address of each family; a second link is a second router',
      };
    } else yield* checkLink(peer);
  }
}

/** A length that was refused where it entered is NaN, and was reported there. */
function* checkLink({ address, length, local }: RouterAddress): Iterable<Fault> {
  const bits = BITS[address.family];
  if (Number.isNaN(length)) return;
  if (!isWithin(length, { first: 1, last: bits - 1 })) {
    yield {
      problem: `${address.toString()} has the link prefix length ${length}, outside 1–${bits - 1}`,
      fix: `give the length of the link's prefix, ${bits - 1} for a link of two addresses`,
    };
    return;
  }
  const link = Prefix.around(address, length);
  if (!isUsable(link, address)) {
    yield { problem: `${address.toString()} is no address for a router in ${link.toString()}`, fix: fixOf(link) };
  }
  if (local === undefined) {
    if (length === bits - 1) return;
    yield {
      problem: `the border leaf has no address on the link ${link.toString()}`,
      fix: `give the leaf's own address too; it is known by itself for a /${bits - 1} only`,
    };
  } else if (!link.holds(local)) {
    yield {
      problem: `the leaf's address ${local.toString()} is outside the link ${link.toString()}`,
      fix: fixOf(link),
    };
  } else if (local.equals(address)) {
    yield { problem: `router and leaf both have ${local.toString()}`, fix: fixOf(link) };
  } else if (!isUsable(link, local)) {
    yield { problem: `${local.toString()} is no address for a leaf in ${link.toString()}`, fix: fixOf(link) };
  }
}

const fixOf = ({ usable }: Prefix): string =>
  `choose two different addresses from ${usable.first.toString()} to ${usable.last.toString()}, or correct the length`;
