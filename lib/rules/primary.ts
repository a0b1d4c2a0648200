import { quote } from '../net';
import type { Fabric, Host, Lookup } from '../model';
import type { Violation } from './rule';
import { tryFindPrimary } from './walk';

/** Whether every host of the kind has a private network as its primary one. */
export function* checkPrimary(
  { partitions }: Fabric,
  lookup: Lookup,
  kind: 'machines' | 'firewalls',
): Iterable<Violation> {
  const hosts: readonly Host[] = partitions.flatMap((partition): readonly Host[] => partition[kind]);
  for (const host of hosts) {
    if (host.primary === undefined) {
      yield {
        subject: host,
        problem: 'has no primary network',
        fix: 'give a private network as its primary one, shared or not',
      };
      continue;
    }
    const network = tryFindPrimary(host, lookup);
    // Who joins the underlay is reported for that.
    if (network?.kind !== 'external') continue;
    yield {
      subject: host,
      problem: `its primary network ${quote(network.name)} is external`,
      fix:
        host.kind === 'machine'
          ? 'give a private network as its primary one, and attach the external one'
          : 'give a private network as its primary one, and connect the external one',
    };
  }
}
