import { defineRule } from '../rule';

export const underlayIsIpv4 = defineRule({
  id: 'partition/underlay-is-ipv4',
  statement: 'The underlay prefix is of IPv4.',
  source:
    'RFC 4271 section 4.2: a BGP identifier is an IPv4 address, and each loopback is one. metal-stack/metal-apiserver asks for the same.',
  *check({ partitions }) {
    for (const partition of partitions) {
      if (partition.underlay === undefined || partition.underlay.family === 'ipv4') continue;
      yield {
        subject: partition,
        problem: `underlay ${partition.underlay.toString()} is of IPv6`,
        fix: 'give an IPv4 prefix, like 10.0.0.0/16; networks may be of IPv6 all the same',
      };
    }
  },
});
