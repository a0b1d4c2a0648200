import { type Address, quote } from '../../net';
import { type Connection, type Fabric, type Host, type Lookup, type Network, groupBy } from '../../model';
import { compareText } from '../check-rules';
import { type Clash, withShortages } from '../refused';
import { defineRule } from '../rule';
import { allLinks, memberships } from '../walk';
import { named } from '../words';

export const addressIsFree = defineRule({
  id: 'host/address-is-free',
  statement: 'An address of a network is given to one host.',
  source: 'metal-stack/metal-api: a given ip that is already in use is not available for another machine.',
  check: (fabric, lookup) => withShortages([...clashes(fabric, lookup)], fabric.partitions, 'host/address-is-free'),
});

interface Use {
  readonly host: Host;
  readonly network: Network;
  readonly address: Address;
}

function* clashes(fabric: Fabric, lookup: Lookup): Iterable<Clash> {
  for (const uses of groupBy(allUses(fabric, lookup), keyOf).values()) {
    const [first, ...others] = [...uses].sort((a, b) => compareText(a.host.path, b.host.path));
    if (first === undefined) continue;
    for (const { host, network, address } of others) {
      // A firewall may translate to the address that it has anyway.
      if (host === first.host) continue;
      yield {
        rival: first.host.path,
        violation: {
          subject: host,
          problem: `address ${address.toString()} in ${quote(network.name)} is also that of ${named(first.host)}`,
          fix: 'choose another address, or leave it out to have one allocated',
        },
      };
    }
  }
}

const keyOf = ({ network, address }: Use): string => `${network.path} ${address.toString()}`;

function* allUses(fabric: Fabric, lookup: Lookup): Iterable<Use> {
  for (const { host, attachment, network } of memberships(fabric, lookup)) {
    for (const address of attachment.addresses) yield { host, network, address };
  }
  for (const { firewall, connection, network } of allLinks(fabric, lookup)) {
    const address = translatedAddress(connection);
    if (address !== undefined) yield { host: firewall, network, address };
  }
}

function translatedAddress({ nat }: Connection): Address | undefined {
  return nat?.kind === 'translate' ? nat.address : undefined;
}
