import { quote } from '../../net';
import { groupBy } from '../../model';
import { compareText } from '../check-rules';
import { type Clash, withShortages } from '../refused';
import { defineRule } from '../rule';
import { named } from '../words';
import { type WiredPort, wiredPorts } from '../wired-ports';

export const portIsUsedOnce = defineRule({
  id: 'switch/port-is-used-once',
  statement: 'A port of a switch takes one cable.',
  source: 'a port is a socket for one cable.',
  check: (fabric, lookup) => {
    const clashes = [...groupBy(wiredPorts(fabric, lookup), ({ device, port }) => `${device.path} ${port}`).values()]
      .map((wired) => [...wired].sort((a, b) => compareText(a.subject.path, b.subject.path)))
      .flatMap(([first, ...others]) => (first === undefined ? [] : others.flatMap((other) => clash(first, other))));
    return withShortages(clashes, fabric.partitions, 'switch/port-is-used-once');
  },
});

function clash(first: WiredPort, { device, port, subject, holder }: WiredPort): readonly Clash[] {
  // A host that names a leaf twice is another rule's matter.
  if (first.holder === holder) return [];
  return [
    {
      rival: first.subject.path,
      violation: {
        subject,
        problem: `port ${quote(port)} of ${quote(device.name)} is already wired to ${named(first.subject)}`,
        fix: 'choose a free port, or leave the port out to have one chosen',
      },
    },
  ];
}
