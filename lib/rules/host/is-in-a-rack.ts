import { defineRule } from '../rule';
import { allHosts } from '../walk';
import { named } from '../words';

export const isInARack = defineRule({
  id: 'host/is-in-a-rack',
  statement: 'A host is in a rack of its partition.',
  source: 'decision: the rack says which leaves the host is wired to.',
  missesSomething: true,
  *check(fabric, lookup) {
    for (const host of allHosts(fabric)) {
      if (host.rack === undefined) {
        yield { subject: host, problem: 'is in no rack', fix: 'give the rack it stands in' };
        continue;
      }
      const rack = lookup.tryFindRack(host.rack);
      if (rack === undefined || rack.partition === host.partition) continue;
      yield {
        subject: host,
        problem: `rack ${named(rack)} belongs to another partition`,
        fix: `choose a rack of the partition that the ${host.kind} is declared in`,
      };
    }
  },
});
