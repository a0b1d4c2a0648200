import { quote } from '../../net';
import { defineRule } from '../rule';
import { allHosts, tryFindPrimary } from '../walk';

export const belongsToTheProjectOfItsPrimaryNetwork = defineRule({
  id: 'host/belongs-to-the-project-of-its-primary-network',
  statement: 'A host belongs to the project that owns its primary network.',
  source: 'metal-stack/metal-api: the private network has to belong to the project of the machine, shared or not.',
  *check(fabric, lookup) {
    for (const host of allHosts(fabric)) {
      const network = tryFindPrimary(host, lookup);
      if (host.project === undefined || network?.kind !== 'private' || host.project === network.project) continue;
      // A name that was refused is empty.
      if (host.project === '' || network.project === '') continue;
      yield {
        subject: host,
        problem: `belongs to project ${quote(host.project)}, and its primary network ${quote(network.name)} to ${quote(network.project)}`,
        fix: 'leave the project out, or choose a primary network of that project',
      };
    }
  },
});
