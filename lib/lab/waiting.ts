import { setTimeout } from 'node:timers/promises';
import { LabError } from './lab-error';

/** What is waited for, and for how long at most. */
export interface Deadline {
  readonly what: string;
  readonly seconds: number;
  readonly start: number;
}

export function deadline(what: string, seconds: number): Deadline {
  return { what, seconds, start: performance.now() };
}

export const secondsSince = (start: number): number => (performance.now() - start) / 1000;

export function isOver({ start, seconds }: Deadline): boolean {
  return secondsSince(start) > seconds;
}

/** Looks again and again until it is so. @throws LabError when the deadline is over. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  limit: Deadline,
  everyMilliseconds = 25,
): Promise<void> {
  while (!(await isSo())) {
    if (isOver(limit)) throw new LabError(`${limit.what}: not within ${limit.seconds} s`, 'see metal-fabric lab logs');
    await setTimeout(everyMilliseconds);
  }
}
