import { type Range, isWithin } from '../net';

/** Whether a number is to be reported. One that was refused where it entered is NaN, and was reported there. */
export function isOutside(value: number, range: Range): boolean {
  return !Number.isNaN(value) && !isWithin(value, range);
}
