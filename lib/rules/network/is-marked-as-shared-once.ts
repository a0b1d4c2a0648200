import { defineRule } from '../rule';
import { allNetworks } from '../walk';
import { count } from '../words';

export const isMarkedAsSharedOnce = defineRule({
  id: 'network/is-marked-as-shared-once',
  statement: 'A network is marked as shared with one set of values.',
  source: 'decision: of two contradicting declarations neither can be told to be the right one.',
  *check(fabric) {
    for (const network of allNetworks(fabric)) {
      const contradictions = network.sharing?.contradictions ?? 0;
      if (contradictions === 0) continue;
      yield {
        subject: network,
        problem: `was marked as shared ${count(contradictions, 'more time')} with other values than the first time`,
        fix: 'mark it as shared in one place',
      };
    }
  },
});
