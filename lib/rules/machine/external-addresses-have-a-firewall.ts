import { type Family, familyName, quote } from '../../net';
import { type Attachment, type Network, familiesOf, firewallsByPrimary } from '../../model';
import { defineRule } from '../rule';
import { memberships, tryFindPrimary } from '../walk';

export const externalAddressesHaveAFirewall = defineRule({
  id: 'machine/external-addresses-have-a-firewall',
  statement: 'A machine with an address of an external network has a firewall in front that is connected to it.',
  source:
    'decision: the firewall of its network announces a machine’s external addresses; metal-stack/metal-networker does it so too.',
  *check(fabric, lookup) {
    const byPrimary = firewallsByPrimary(fabric.partitions.flatMap(({ firewalls }) => firewalls));
    for (const { host, attachment, network } of memberships(fabric, lookup)) {
      const primary = tryFindPrimary(host, lookup);
      if (host.kind !== 'machine' || network.kind !== 'external' || primary?.kind !== 'private') continue;
      const firewalls = byPrimary.get(primary.path) ?? [];
      const isLed = firewalls.some(({ connections }) => connections.some((one) => one.network === network.path));
      const missing = isLed ? tryFindMissingFamily(attachment, network, primary) : undefined;
      if (isLed && missing === undefined) continue;
      yield {
        subject: host,
        problem:
          missing === undefined
            ? `has an address of ${quote(network.name)}, and no firewall of ${quote(primary.name)} is connected to that`
            : `has an ${familyName(missing)} address of ${quote(network.name)}, and ${quote(primary.name)} has no ${familyName(missing)} prefix`,
        fix:
          missing === undefined
            ? `connect the firewall of ${quote(primary.name)} to ${quote(network.name)}`
            : `give ${quote(primary.name)} an ${familyName(missing)} prefix, or leave the address out`,
      };
    }
  },
});

/** A given address of a family that the primary network does not route. */
function tryFindMissingFamily({ addresses }: Attachment, { prefixes }: Network, primary: Network): Family | undefined {
  const routed = familiesOf(primary);
  const given = addresses.filter((address) => prefixes.some((prefix) => prefix.holds(address)));
  return given.find(({ family }) => !routed.includes(family))?.family;
}
