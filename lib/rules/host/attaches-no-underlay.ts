import { quote } from '../../net';
import { defineRule } from '../rule';
import { memberships } from '../walk';

export const attachesNoUnderlay = defineRule({
  id: 'host/attaches-no-underlay',
  statement: 'No host joins the underlay by declaration.',
  source: 'metal-stack/metal-api: "underlay networks are not allowed to be set explicitly".',
  *check(fabric, lookup) {
    for (const { host, network } of memberships(fabric, lookup)) {
      if (network.kind !== 'underlay') continue;
      yield {
        subject: host,
        problem: `joins the underlay ${quote(network.name)}`,
        fix: 'leave it out: firewalls are in the underlay by themselves, machines never are',
      };
    }
  },
});
