import { type Address, type Prefix, quote } from '../../net';
import { type Network, type Partition, destinationsOf } from '../../model';
import { type Violation, defineRule } from '../rule';
import { SPECIAL, type Special } from '../special';

export const prefixesAreUnicast = defineRule({
  id: 'network/prefixes-are-unicast',
  statement:
    'The addresses of networks, of the underlay and of routers are such as a host can have, and routers pass on.',
  source: 'RFC 6890: loopback, link-local, unspecified and reserved addresses are not forwarded. RFC 5771, RFC 4291.',
  *check({ partitions }) {
    for (const partition of partitions) {
      yield* checkPartition(partition);
      for (const network of partition.networks) if (network.kind !== 'underlay') yield* checkNetwork(network);
    }
  },
});

function* checkPartition(subject: Partition): Iterable<Violation> {
  const { superNetworks, underlay } = subject;
  for (const prefix of superNetworks) yield* checkPrefix(subject, 'super network', prefix);
  if (underlay !== undefined) yield* checkPrefix(subject, 'underlay', underlay);
}

function* checkNetwork(subject: Network): Iterable<Violation> {
  for (const prefix of subject.prefixes) yield* checkPrefix(subject, 'prefix', prefix);
  for (const destination of destinationsOf(subject)) {
    // Half of all addresses is a usual way to write a default route, so only what lies there as a whole is wrong.
    const special = SPECIAL.find(({ prefix }) => prefix.contains(destination));
    if (special !== undefined) yield violationOf(subject, `destination ${destination.toString()} lies in`, special);
  }
  if (subject.kind !== 'external') return;
  for (const { name, peers } of subject.routers) {
    for (const { address, local } of peers) {
      yield* checkAddress(subject, `router ${quote(name)}`, address);
      if (local !== undefined) yield* checkAddress(subject, `the leaf at router ${quote(name)}`, local);
    }
  }
}

function* checkPrefix(subject: Partition | Network, what: string, prefix: Prefix): Iterable<Violation> {
  const special = SPECIAL.find((one) => one.prefix.overlaps(prefix));
  if (special !== undefined) yield violationOf(subject, `${what} ${prefix.toString()} overlaps`, special);
}

function* checkAddress(subject: Network, whose: string, address: Address): Iterable<Violation> {
  const special = SPECIAL.find(({ prefix }) => prefix.holds(address));
  if (special !== undefined) yield violationOf(subject, `address ${address.toString()} of ${whose} lies in`, special);
}

function violationOf(subject: Partition | Network, what: string, { prefix, use }: Special): Violation {
  return {
    subject,
    problem: `${what} ${prefix.toString()}, which is ${use}`,
    fix: `choose addresses outside ${prefix.toString()}`,
  };
}
