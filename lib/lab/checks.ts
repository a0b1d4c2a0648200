import { describeEndpoint } from '../reachability';
import type { Expectation } from './expectations';
import type { Seen } from './probing';

/** Something that was looked at and is not as it must be. */
export interface Mismatch {
  /** What was looked at, such as `blue-1 → nvme-1 tcp/7777`. */
  readonly what: string;
  readonly promised: string;
  readonly seen: string;
  /** The devices that the evidence points at, the likeliest first. */
  readonly devices: readonly string[];
  /** What the devices themselves say of it. */
  readonly evidence: readonly string[];
}

export type CheckName = 'flows' | 'engine' | 'sessions' | 'routes' | 'guards';

/** One kind of promise, looked at as a whole. */
export interface Check {
  readonly name: CheckName;
  readonly statement: string;
  readonly passed: number;
  readonly mismatches: readonly Mismatch[];
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** What `lab verify` found. */
export interface Verification {
  readonly partition: string;
  readonly runtime: string;
  readonly release: string;
  readonly changedByHand: readonly string[];
  readonly checks: readonly Check[];
  readonly flows: readonly Seen[];
  readonly passed: number;
  readonly failed: number;
}

export const STATEMENTS: Readonly<Record<CheckName, string>> = {
  flows: 'What is promised arrives, is seen as promised and is answered; nothing else arrives.',
  engine: 'What is computed of the configurations for each flow is what became of its packets.',
  sessions: 'On every link both ends have an established BGP session.',
  routes: 'Each VNI carries the routes that its hosts need, and no others.',
  guards: 'Leaves refuse what is sent or announced with an address of somebody else.',
};

export function describeFlow({ from, to, protocol, port }: Expectation): string {
  const at = protocol === 'icmp' ? 'icmp' : `${protocol}/${port}`;
  return `${describeEndpoint(from)} → ${describeEndpoint(to)} ${at}`;
}
