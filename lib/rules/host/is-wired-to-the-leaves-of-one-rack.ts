import { quote } from '../../net';
import type { Host, Lookup, Switch } from '../../model';
import { defineRule } from '../rule';
import { allHosts } from '../walk';
import { count } from '../words';

export const isWiredToTheLeavesOfOneRack = defineRule({
  id: 'host/is-wired-to-the-leaves-of-one-rack',
  statement: 'A host is wired to one leaf of its rack, or to a pair of them.',
  source: 'metal-stack/metal-api: connected switches of a machine must reside in the same rack, and are two.',
  missesSomething: true,
  *check(fabric, lookup) {
    for (const host of allHosts(fabric)) {
      const problem = tryFindProblem(host, lookup);
      if (problem === undefined) continue;
      yield { subject: host, problem, fix: 'name one leaf or two of its rack, or none to take those of the rack' };
    }
  },
});

function tryFindProblem({ rack, wiring }: Host, lookup: Lookup): string | undefined {
  const { leaves } = wiring;
  if (leaves === undefined) return undefined;
  if (leaves.length === 0 || leaves.length > 2) return `is wired to ${count(leaves.length, 'leaf', 'leaves')}`;
  const devices = leaves.flatMap((path) => lookup.tryFindSwitch(path) ?? []);
  const other = devices.find(({ role }) => role !== 'leaf');
  if (other !== undefined) return `is wired to ${quote(other.name)}, which is a ${other.role}`;
  if (new Set(leaves).size < leaves.length) return `is wired to ${nameOf(devices[0])} twice`;
  const stray = devices.find((device) => device.rack !== (rack ?? devices[0]?.rack));
  if (stray === undefined) return undefined;
  return rack === undefined
    ? `is wired to ${nameOf(devices[0])} and ${nameOf(stray)} of another rack`
    : `is wired to ${nameOf(stray)}, which is in another rack`;
}

const nameOf = (device: Switch | undefined): string => quote(device?.name ?? '');
