import { quote } from '../../net';
import { isShared } from '../../model';
import { defineRule } from '../rule';
import { allLinks, tryFindPrimary } from '../walk';

export const isConsumedByProjectsItIsExposedTo = defineRule({
  id: 'network/is-consumed-by-projects-it-is-exposed-to',
  statement: 'A shared network that is exposed to some projects is used by them and its owner only.',
  source: 'decision: whoever exposes a network to a list of projects means that list. metal-stack has no such list.',
  *check(fabric, lookup) {
    for (const { firewall, network } of allLinks(fabric, lookup)) {
      if (!isShared(network) || network.sharing.exposedTo === undefined) continue;
      const primary = tryFindPrimary(firewall, lookup);
      if (primary?.kind !== 'private' || primary.project === network.project) continue;
      // A name that was refused is empty.
      if (primary.project === '' || network.project === '') continue;
      // The list is as short as a user writes it.
      if (network.sharing.exposedTo.includes(primary.project)) continue;
      yield {
        subject: firewall,
        problem: `project ${quote(primary.project)} uses ${quote(network.name)}, which is not exposed to it`,
        fix: `expose ${quote(network.name)} to ${quote(primary.project)}, or leave out the connection`,
      };
    }
  },
});
