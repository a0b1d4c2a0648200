import { isWithin, PORT_RANGE, printRange } from './range';

/** One port, or a run of ports, of TCP or UDP. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function printPortRange({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** Why these are no ports, and what to do about it; undefined if they are: whole numbers from 1 to 65535, the lower end first. */
export function tryFindPortFault(range: PortRange): { readonly problem: string; readonly fix: string } | undefined {
  const { first, last } = range;
  if (!isWithin(first, PORT_RANGE) || !isWithin(last, PORT_RANGE)) {
    const what = first === last ? 'port' : 'ports';
    return {
      problem: `${what} ${printPortRange(range)}, outside ${printRange(PORT_RANGE)}`,
      fix: 'choose ports in that range',
    };
  }
  if (first <= last) return undefined;
  return { problem: `ports ${printPortRange(range)}, which end before they begin`, fix: `write ${last}-${first}` };
}
