import { type Fabric, type Lookup, type Reference, attachmentsOf } from '../../model';
import { type Violation, defineRule } from '../rule';
import { printable } from '../words';
import { allHosts } from '../walk';

export const referencesLeadSomewhere = defineRule({
  id: 'library/references-lead-somewhere',
  statement: 'What a declaration refers to is declared in the same app.',
  source: 'decision: a fabric is checked as a whole, so all of it is in one app.',
  *check(fabric, lookup) {
    for (const { subject, kind, path } of references(fabric)) {
      if (find[kind](lookup, path) !== undefined) continue;
      yield {
        subject,
        problem: `refers to the ${kind} ${printable(path)}, which this app does not declare`,
        fix: `declare the ${kind} in a partition of this app, or leave it out here`,
      };
    }
  },
});

const find = {
  network: (lookup: Lookup, path: Reference) => lookup.tryFindNetwork(path),
  rack: (lookup: Lookup, path: Reference) => lookup.tryFindRack(path),
  switch: (lookup: Lookup, path: Reference) => lookup.tryFindSwitch(path),
};

interface Pointer {
  readonly subject: Violation['subject'];
  readonly kind: keyof typeof find;
  readonly path: Reference;
}

function* references(fabric: Fabric): Iterable<Pointer> {
  for (const host of allHosts(fabric)) {
    for (const { network } of attachmentsOf(host)) yield { subject: host, kind: 'network', path: network };
    if (host.rack !== undefined) yield { subject: host, kind: 'rack', path: host.rack };
    for (const leaf of host.wiring.leaves ?? []) yield { subject: host, kind: 'switch', path: leaf };
  }
  for (const { switches, networks } of fabric.partitions) {
    for (const device of switches) {
      if (device.rack !== undefined) yield { subject: device, kind: 'rack', path: device.rack };
    }
    for (const network of networks) {
      if (network.kind !== 'external') continue;
      for (const { leaf } of network.routers) {
        if (leaf !== undefined) yield { subject: network, kind: 'switch', path: leaf };
      }
    }
  }
}
