/** One port, or a run of ports, of TCP or UDP. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export function printPortRange({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`;
}
