import { quote } from '../../net';
import { type Host, type Partition, type Switch, hostsOf } from '../../model';
import { type Violation, defineRule } from '../rule';
import { leavesByRack } from '../wired-ports';
import { count } from '../words';

export const hasOneInterfacePerLeaf = defineRule({
  id: 'host/has-one-interface-per-leaf',
  statement: 'A host has an interface for each leaf that it is wired to, and none of them is the management interface.',
  source: 'decision: the n-th interface goes to the n-th leaf; the management interface stays out of the fabric.',
  missesSomething: true,
  *check({ partitions }) {
    const leaves = leavesByRack(partitions);
    for (const partition of partitions) {
      for (const host of hostsOf(partition)) yield* checkHost(host, partition, leaves);
    }
  },
});

function* checkHost(
  subject: Host,
  { managementInterface }: Partition,
  leavesOf: ReadonlyMap<string, readonly Switch[]>,
): Iterable<Violation> {
  const { leaves, leafPorts, interfaces } = subject.wiring;
  if (interfaces.includes(managementInterface)) {
    yield {
      subject,
      problem: `interface ${quote(managementInterface)} is the management interface`,
      fix: 'name the interfaces that are wired to the leaves',
    };
  }
  const twice = interfaces.find((name, index) => interfaces.indexOf(name) < index);
  if (twice !== undefined) {
    yield { subject, problem: `interface ${quote(twice)} is named twice`, fix: 'name each interface once' };
  }
  const wanted = leaves?.length ?? leavesOf.get(subject.rack ?? '')?.length;
  // Without leaves, or with too many, the rack or the wiring is reported for that.
  if (wanted !== 1 && wanted !== 2) return;
  // More do no harm: who has two may be in a rack of one leaf.
  if (interfaces.length < wanted) {
    yield {
      subject,
      problem: `has ${count(interfaces.length, 'interface')} for ${count(wanted, 'leaf', 'leaves')}`,
      fix: 'name one interface for each leaf, in the order of the leaves',
    };
  }
  if (leafPorts !== undefined && leafPorts.length !== wanted) {
    yield {
      subject,
      problem: `has ${count(leafPorts.length, 'leaf port')} for ${count(wanted, 'leaf', 'leaves')}`,
      fix: 'name one port of each leaf, in the order of the leaves, or none to have them chosen',
    };
  }
}
