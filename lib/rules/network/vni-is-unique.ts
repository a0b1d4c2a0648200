import { type Partition, groupBy } from '../../model';
import { compareText } from '../check-rules';
import { type Clash, withShortages } from '../refused';
import { defineRule } from '../rule';
import { named } from '../words';

export const vniIsUnique = defineRule({
  id: 'network/vni-is-unique',
  statement: 'No two networks of a partition have one VNI.',
  source: 'RFC 7348 section 4: the VNI is what tells the packets of networks apart.',
  check: ({ partitions }) => withShortages(partitions.flatMap(sameVnis), partitions, 'network/vni-is-unique'),
});

function sameVnis({ networks }: Partition): readonly Clash[] {
  return [...groupBy(networks, ({ vni }) => vni)].flatMap(([vni, holders]) => {
    const [first, ...others] = [...holders].sort((a, b) => compareText(a.path, b.path));
    // One that is to be allocated is undefined, and one that was refused where it entered is NaN.
    if (first === undefined || vni === undefined || Number.isNaN(vni)) return [];
    return others.map((subject) => ({
      rival: first.path,
      violation: {
        subject,
        problem: `vni ${vni} is also that of network ${named(first)}`,
        fix: 'choose another VNI, or leave "vni" out to have one allocated',
      },
    }));
  });
}
