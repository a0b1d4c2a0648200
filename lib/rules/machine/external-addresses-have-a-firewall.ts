import { quote } from '../../net';
import { firewallsByPrimary } from '../../model';
import { defineRule } from '../rule';
import { memberships, tryFindPrimary } from '../walk';

export const externalAddressesHaveAFirewall = defineRule({
  id: 'machine/external-addresses-have-a-firewall',
  statement: 'A machine with an address of an external network has a firewall in front that is connected to it.',
  source:
    'decision: the firewall of its network announces a machine’s external addresses; metal-stack/metal-networker does it so too.',
  *check(fabric, lookup) {
    const byPrimary = firewallsByPrimary(fabric.partitions.flatMap(({ firewalls }) => firewalls));
    for (const { host, network } of memberships(fabric, lookup)) {
      const primary = tryFindPrimary(host, lookup);
      if (host.kind !== 'machine' || network.kind !== 'external' || primary?.kind !== 'private') continue;
      const firewalls = byPrimary.get(primary.path) ?? [];
      if (firewalls.some(({ connections }) => connections.some((one) => one.network === network.path))) continue;
      yield {
        subject: host,
        problem: `has an address of ${quote(network.name)}, and no firewall of ${quote(primary.name)} is connected to that`,
        fix: `connect the firewall of ${quote(primary.name)} to ${quote(network.name)}`,
      };
    }
  },
});
