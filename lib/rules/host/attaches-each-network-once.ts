import { quote } from '../../net';
import { attachmentsOf, groupBy } from '../../model';
import { defineRule } from '../rule';
import { allHosts } from '../walk';
import { printable } from '../words';

export const attachesEachNetworkOnce = defineRule({
  id: 'host/attaches-each-network-once',
  statement: 'A host joins a network once.',
  source: 'metal-stack/metal-api: "given network ids are not unique".',
  *check(fabric, lookup) {
    for (const host of allHosts(fabric)) {
      for (const [path, attachments] of groupBy(attachmentsOf(host), ({ network }) => network)) {
        if (attachments.length === 1) continue;
        const network = lookup.tryFindNetwork(path);
        const isPrimary = host.primary?.network === path;
        yield {
          subject: host,
          problem: `joins ${network === undefined ? printable(path) : quote(network.name)} ${attachments.length} times${isPrimary ? ', once as its primary network' : ''}`,
          fix: isPrimary
            ? 'keep it as the primary network only'
            : 'keep one of them, with all that is said of the network',
        };
      }
    }
  },
});
