import { type Fabric, hostsOf, type SshTarget, type Target } from '../model';
import type { Violation } from './rule';

/** A target over SSH where it was declared: at a partition, or at a device with one of its own. */
export interface DeclaredSsh {
  readonly subject: Violation['subject'];
  readonly target: SshTarget;
}

export function sshTargets({ partitions }: Fabric): readonly DeclaredSsh[] {
  return partitions
    .flatMap((partition) => [partition, ...partition.switches, ...hostsOf(partition)])
    .flatMap((subject) => (isSsh(subject.target) ? [{ subject, target: subject.target }] : []));
}

export const isSsh = (target: Target | undefined): target is SshTarget => target?.kind === 'ssh';
