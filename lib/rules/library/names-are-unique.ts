import { quote } from '../../net';
import { type Declared, groupBy, hostsOf } from '../../model';
import { compareText } from '../check-rules';
import { type Violation, defineRule } from '../rule';
import { printable } from '../words';

export const namesAreUnique = defineRule({
  id: 'library/names-are-unique',
  statement: 'No two devices, networks or racks of a partition have one name, and no two partitions of an app.',
  source: 'decision: files are named, and the numbers in the ledger kept, by name; each partition has one ledger file.',
  *check({ partitions }) {
    yield* sameNames(partitions, 'partition');
    for (const partition of partitions) {
      yield* sameNames([...partition.switches, ...hostsOf(partition)], 'device');
      yield* sameNames(partition.networks, 'network');
      yield* sameNames(partition.racks, 'rack');
    }
  },
});

function* sameNames(things: readonly Declared[], kind: string): Iterable<Violation> {
  for (const [name, namesakes] of groupBy(things, (thing) => thing.name)) {
    // A name that was refused is empty.
    if (name === '' || namesakes.length === 1) continue;
    const [first, ...others] = [...namesakes].sort((a, b) => compareText(a.path, b.path));
    for (const subject of others) {
      yield {
        subject,
        problem: `the ${kind} ${printable(first?.path ?? '')} is called ${quote(name)} too`,
        fix: `give one of them another name`,
      };
    }
  }
}
