import { PORT_RANGE, printRange, type Range } from '../../net';
import type { SshTarget } from '../../model';
import { isOutside } from '../numbers';
import { defineRule } from '../rule';
import { sshTargets } from '../targets';

const SECONDS: Range = { first: 1, last: 3600 };
/** Shorter than it takes to connect again, no change would ever be confirmed. */
const CONFIRM_SECONDS: Range = { first: 5, last: 3600 };

export const numbersAreInRange = defineRule({
  id: 'target/numbers-are-in-range',
  statement: `Ports lie within ${printRange(PORT_RANGE)}, timeouts within ${printRange(SECONDS)} seconds, that to confirm within ${printRange(CONFIRM_SECONDS)}.`,
  source: 'RFC 9293 section 3.1: ports have 16 bits. Decision: nobody waits for a device for more than an hour.',
  *check(fabric) {
    for (const { subject, target } of sshTargets(fabric)) {
      for (const [what, value, range] of numbersOf(target)) {
        if (!isOutside(value, range)) continue;
        yield {
          subject,
          problem: `${what} ${value} is outside ${printRange(range)}`,
          fix: 'choose a whole number in that range',
        };
      }
    }
  },
});

const numbersOf = ({ port, bastion, timeouts }: SshTarget): readonly (readonly [string, number, Range])[] => [
  ['port', port, PORT_RANGE],
  ['port of the bastion', bastion?.port ?? 22, PORT_RANGE],
  ['connectTimeout', timeouts.connect, SECONDS],
  ['healthTimeout', timeouts.health, SECONDS],
  ['confirmTimeout', timeouts.confirm, CONFIRM_SECONDS],
];
