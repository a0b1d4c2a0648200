import { familyName, quote } from '../../net';
import { type Fabric, type Lookup, familiesOf, territoryOf } from '../../model';
import { shortagesOf } from '../refused';
import { type Violation, defineRule } from '../rule';
import { memberships } from '../walk';
import { listed } from '../words';

export const addressLiesInItsNetwork = defineRule({
  id: 'host/address-lies-in-its-network',
  statement: 'The address of a host lies in a prefix of the network that it is given for.',
  source: 'metal-stack/metal-api: a given ip has to be contained in one of the prefixes of its network.',
  *check(fabric, lookup) {
    const violations = [...strayAddresses(fabric, lookup)];
    yield* violations;
    yield* shortagesOf(
      fabric.partitions,
      'host/address-lies-in-its-network',
      violations.map(({ subject }) => subject.path),
    );
  },
});

function* strayAddresses(fabric: Fabric, lookup: Lookup): Iterable<Violation> {
  for (const { host, attachment, network } of memberships(fabric, lookup)) {
    // A network without any prefix is reported for that.
    if (network.kind === 'underlay' || familiesOf(network).length === 0) continue;
    for (const address of attachment.addresses) {
      const territory = territoryOf(network, address.family, lookup);
      if (territory.some((prefix) => prefix.holds(address))) continue;
      const family = familyName(address.family);
      yield {
        subject: host,
        problem:
          territory.length === 0
            ? `address ${address.toString()} is given for ${quote(network.name)}, which has no ${family} prefix`
            : `address ${address.toString()} is outside ${quote(network.name)}`,
        fix:
          territory.length === 0
            ? `leave the address out, or give ${quote(network.name)} an ${family} prefix`
            : `choose an address in ${listed(territory, ' or ')}, or leave it out to have one allocated`,
      };
    }
  }
}
