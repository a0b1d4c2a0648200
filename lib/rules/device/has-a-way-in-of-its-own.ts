import { quote } from '../../net';
import { groupBy, hostsOf, targetOf, tryHostOf } from '../../model';
import { compareText } from '../check-rules';
import { defineRule } from '../rule';
import { isSsh } from '../targets';

export const hasAWayInOfItsOwn = defineRule({
  id: 'device/has-a-way-in-of-its-own',
  statement: 'No two devices of the app are reached over SSH under one name and port, by the same bastion or by none.',
  source:
    'decision: each would be given the configuration of the other, in turns. Behind another bastion, a name is another one.',
  *check({ partitions }) {
    const ways = partitions
      .flatMap((partition) =>
        [...partition.switches, ...hostsOf(partition)].flatMap((device) => {
          const target = targetOf(device, partition);
          const host = isSsh(target) ? tryHostOf(device, target) : undefined;
          // A shared address is reported by a rule of its own.
          if (!isSsh(target) || host === undefined || device.managementAddress !== undefined) return [];
          return [{ device, port: target.port, host, bastion: target.bastion?.host ?? '' }];
        }),
      )
      .sort((a, b) => compareText(a.device.path, b.device.path));
    // Names of DNS do not differ by case (RFC 4343).
    const key = ({ host, port, bastion }: (typeof ways)[number]): string => `${host} ${port} ${bastion}`.toLowerCase();
    for (const [first, ...others] of groupBy(ways, key).values()) {
      for (const { device, host, port } of others) {
        yield {
          subject: device,
          problem: `is reached at ${host} port ${port}, as ${quote(first?.device.path)} is`,
          fix: 'give each partition its own domain, or each device its own management address',
        };
      }
    }
  },
});
