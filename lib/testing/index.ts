import type { IConstruct } from 'constructs';
import type { Port } from '../constructs';
import { type ReachOptions, toBeIsolatedFrom, toBreakRule, toReach } from './matchers';

export { type ReachOptions, toBeIsolatedFrom, toBreakRule, toReach } from './matchers';

/** The matchers by their names, for `expect.extend(matchers)` where `expect` is no global. */
export const matchers = { toReach, toBeIsolatedFrom, toBreakRule };

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the way in which @types/jest is extended
  namespace jest {
    interface Matchers<R> {
      /**
       * Whether all packets arrive and are answered, whichever way they take. Of a machine, a firewall or a network to another one;
       * an external network stands for what lies beyond it.
       * @param on by which protocol, at which ports: `Port.icmp()` unless given
       */
      toReach(to: IConstruct, on?: Port, options?: ReachOptions): R;

      /** Whether neither reaches the other, by any protocol. */
      toBeIsolatedFrom(other: IConstruct): R;

      /** Whether synthesis of the app reports the rule, such as `machine/has-one-primary-network` or `policy/isolated`. */
      toBreakRule(rule: string): R;
    }
  }
}

interface Extendable {
  extend(matchers: object): void;
}

// Where jest runs, to import this file is enough.
const { expect } = globalThis as { readonly expect?: Extendable };
expect?.extend(matchers);
