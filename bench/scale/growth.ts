import type { FabricResult } from './results';

/** How the cost of a phase grows with the fabric. */
export interface Growth {
  readonly phase: string;
  /** k in cost = c · leaves^k, fitted through all sizes that are large enough. */
  readonly exponent: number;
  /** The cost of the largest fabric in that of the one with a tenth of its leaves; undefined if there is none. */
  readonly tenfold: number | undefined;
}

/** A size and what it cost, in seconds. */
export interface Point {
  readonly leaves: number;
  readonly cost: number;
}

/** Below this, in seconds, a cost says more about the clock and the start of the machine than about the fabric. */
const LEAST = 0.02;

/** Growth of each phase of the first synthesis; of phases that cost next to nothing even at the largest size, none. */
export function growthOf(results: readonly FabricResult[]): readonly Growth[] {
  const phases = [...new Set(results.flatMap(({ first }) => Object.keys(first.phases)))];
  return phases.flatMap((phase) => {
    const points = results.flatMap(({ size, first }): readonly Point[] => {
      const cost = first.phases[phase]?.cpu ?? 0;
      return cost < LEAST ? [] : [{ leaves: size.leaves, cost }];
    });
    return points.length < 2 ? [] : [{ phase, exponent: exponentOf(points), tenfold: tenfoldOf(points) }];
  });
}

/** The slope of the line through the logarithms, by least squares. */
export function exponentOf(points: readonly Point[]): number {
  const logs = points.map(({ leaves, cost }) => ({ x: Math.log(leaves), y: Math.log(cost) }));
  const mean = (of: (log: { readonly x: number; readonly y: number }) => number): number =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [x, y] = [mean((log) => log.x), mean((log) => log.y)];
  return mean((log) => (log.x - x) * (log.y - y)) / mean((log) => (log.x - x) ** 2);
}

function tenfoldOf(points: readonly Point[]): number | undefined {
  const [largest] = [...points].sort((a, b) => b.leaves - a.leaves);
  const tenth = points.find(({ leaves }) => leaves * 10 === largest?.leaves);
  return largest === undefined || tenth === undefined ? undefined : largest.cost / tenth.cost;
}
