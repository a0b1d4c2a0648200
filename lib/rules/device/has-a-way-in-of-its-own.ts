import { resolve } from 'node:path';
import { quote } from '../../net';
import { folderOf, groupBy, type Host, hostsOf, type Switch, type Target, targetOf, tryHostOf } from '../../model';
import { compareText } from '../check-rules';
import { defineRule, type Violation } from '../rule';

/** Where a device is given its configuration. */
interface WayIn {
  readonly device: Switch | Host;
  readonly target: Target;
  /** The same for all that would be one and the same device. */
  readonly key: string;
}

export const hasAWayInOfItsOwn = defineRule({
  id: 'device/has-a-way-in-of-its-own',
  statement:
    'No two devices of the app are applied to one folder, or reached over SSH under one name and port, by the same bastion or by none.',
  source:
    'decision: each would be given the configuration of the other, in turns. Behind another bastion, a name is another one.',
  *check({ partitions }) {
    const folders = new Map<string, string>();
    const ways = partitions.flatMap((partition) =>
      [...partition.switches, ...hostsOf(partition)].flatMap((device): readonly WayIn[] => {
        const target = targetOf(device, partition);
        const key = tryKeyOf(device, target, folders);
        return key === undefined ? [] : [{ device, target, key }];
      }),
    );
    for (const alike of groupBy(ways, ({ key }) => key).values()) {
      if (alike.length === 1) continue;
      const [first, ...others] = [...alike].sort((a, b) => compareText(a.device.path, b.device.path));
      for (const { device, target } of others) {
        const { problem, fix } = describe(device, target);
        yield { subject: device, problem: `${problem}, as ${quote(first?.device.path)} is`, fix };
      }
    }
  },
});

/** @param folders of targets, resolved: by path as given; most devices share one */
function tryKeyOf(device: Switch | Host, target: Target, folders: Map<string, string>): string | undefined {
  if (target.kind === 'directory') {
    const folder = folders.get(target.path) ?? resolve(target.path);
    folders.set(target.path, folder);
    return `folder ${folder}/${device.name}`;
  }
  const host = tryHostOf(device, target);
  // A shared address is reported by a rule of its own.
  if (host === undefined || device.managementAddress !== undefined) return undefined;
  // Names of DNS do not differ by case (RFC 4343).
  return `host ${host} ${target.port} ${target.bastion?.host ?? ''}`.toLowerCase();
}

const describe = (device: Switch | Host, target: Target): Pick<Violation, 'problem' | 'fix'> =>
  target.kind === 'directory'
    ? {
        problem: `is applied to the folder ${quote(folderOf(target, device.name))}`,
        fix: 'give the target of each partition a folder of its own',
      }
    : {
        problem: `is reached at ${tryHostOf(device, target) ?? ''} port ${target.port}`,
        fix: 'give each partition its own domain, or each device its own management address',
      };
