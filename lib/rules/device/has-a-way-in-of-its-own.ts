import { posix, resolve } from 'node:path';
import { quote } from '../../net';
import { groupBy, type Host, hostsOf, type Switch, type Target, targetOf, tryHostOf } from '../../model';
import { compareText } from '../check-rules';
import { defineRule } from '../rule';

/** Where a device is given its configuration. */
interface WayIn {
  readonly device: Switch | Host;
  /** The same for all that would be one and the same device. */
  readonly key: string;
  readonly problem: string;
  readonly fix: string;
}

export const hasAWayInOfItsOwn = defineRule({
  id: 'device/has-a-way-in-of-its-own',
  statement:
    'No two devices of the app are applied to one folder, or reached over SSH under one name and port, by the same bastion or by none.',
  source:
    'decision: each would be given the configuration of the other, in turns. Behind another bastion, a name is another one.',
  *check({ partitions }) {
    const folders = new Map<string, string>();
    const ways = partitions
      .flatMap((partition) =>
        [...partition.switches, ...hostsOf(partition)].flatMap(
          (device) => tryWayIn(device, targetOf(device, partition), folders) ?? [],
        ),
      )
      .sort((a, b) => compareText(a.device.path, b.device.path));
    for (const [first, ...others] of groupBy(ways, ({ key }) => key).values()) {
      for (const { device, problem, fix } of others) {
        yield { subject: device, problem: `${problem}, as ${quote(first?.device.path)} is`, fix };
      }
    }
  },
});

/** @param folders of targets, resolved: by path as given; most devices share one */
function tryWayIn(device: Switch | Host, target: Target, folders: Map<string, string>): WayIn | undefined {
  if (target.kind === 'directory') {
    const { path } = target;
    const folder = folders.get(path) ?? resolve(path);
    folders.set(path, folder);
    return {
      device,
      key: `folder ${folder}/${device.name}`,
      problem: `is applied to the folder ${quote(posix.join(path, device.name))}`,
      fix: 'give the target of each partition a folder of its own',
    };
  }
  const host = tryHostOf(device, target);
  // A shared address is reported by a rule of its own.
  if (host === undefined || device.managementAddress !== undefined) return undefined;
  return {
    device,
    // Names of DNS do not differ by case (RFC 4343).
    key: `host ${host} ${target.port} ${target.bastion?.host ?? ''}`.toLowerCase(),
    problem: `is reached at ${host} port ${target.port}`,
    fix: 'give each partition its own domain, or each device its own management address',
  };
}
