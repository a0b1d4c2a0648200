import type { Managed } from './managed';
import { addressManagement, START_SSHD } from './management-guest';
import type { RanOn, Session } from './session';

/** A step of a device that starts. What fails does not keep the rest from starting, as on a device. */
export interface BootStep {
  readonly what: string;
  readonly exit: number;
  /** What the device's own tools said. */
  readonly said: string;
}

/** By what is on its disk; with the program of a device that is changed as a transaction, what was interrupted comes first. */
const BEFORE_INTERFACES: Steps = [
  ['recover', 'test ! -f /etc/metal-fabric/program || sh /etc/metal-fabric/program recover --boot'],
];
const AFTER_INTERFACES: Steps = [
  ['packet filter', 'test ! -f /etc/nftables.conf || nft -f /etc/nftables.conf'],
  [
    'FRR',
    'test ! -f /etc/frr/frr.conf || ! grep -qx bgpd=yes /etc/frr/daemons || /usr/lib/frr/frrinit.sh start </dev/null',
  ],
];

type Steps = readonly (readonly [what: string, script: string])[];

/**
 * Starts what a device starts when it is switched on: the interface of its management first, sshd last.
 * @param reload applies its sysctls and interfaces
 */
export async function boot(
  session: Session,
  node: string,
  managed: Managed | undefined,
  reload: () => Promise<readonly RanOn[]>,
): Promise<readonly BootStep[]> {
  const done: BootStep[] = [];
  const run = async (steps: Steps): Promise<void> => {
    for (const [what, script] of steps) {
      const { exit, out, err } = await session.run(node, ['sh', '-c', script]);
      done.push({ what, exit, said: `${out}${err}`.trim() });
    }
  };
  if (managed !== undefined) await run([['management', addressManagement(managed)]]);
  await run(BEFORE_INTERFACES);
  for (const { exit, out } of await reload()) done.push({ what: 'interfaces', exit, said: out.trim() });
  await run(AFTER_INTERFACES);
  if (managed !== undefined) await run([['sshd', START_SSHD]]);
  return done;
}
