import type { FabricResult, Results } from './results';

/** Against the baseline, in units of the calibration loop; a phase may differ by so much before it counts as slower. */
const TOLERANCE = 1.35;

/** In units of the calibration loop: less than this says nothing. */
const LEAST = 0.1;

/** What became slower than the baseline, a sentence each. Both are measured in units of their own calibration loop. */
export function slowerThan(baseline: Results, now: Results): readonly string[] {
  return now.fabrics.flatMap((result) => {
    const before = baseline.fabrics.find(({ cut, size }) => cut === result.cut && size.leaves === result.size.leaves);
    return before === undefined ? [] : slowerPhases(unitsOf(before, baseline), unitsOf(result, now), result);
  });
}

function slowerPhases(before: Units, after: Units, { cut, size }: FabricResult): readonly string[] {
  return [...after].flatMap(([name, cost]) => {
    const old = before.get(name);
    if (old === undefined || cost <= old * TOLERANCE || cost - old < LEAST) return [];
    return [
      `${cut}: ${size.leaves} leaves: ${name} takes ${cost.toFixed(2)} calibration loops, and took ${old.toFixed(2)}`,
    ];
  });
}

type Units = ReadonlyMap<string, number>;

function unitsOf({ first, again, grown }: FabricResult, { calibration }: Results): Units {
  return new Map(
    [
      ...Object.entries(first.phases).map(([name, { cpu }]) => [name, cpu] as const),
      ['the whole synthesis', first.whole.cpu] as const,
      ['the synthesis again', again.whole.cpu] as const,
      ['the synthesis with one machine more', grown.whole.cpu] as const,
    ].map(([name, cpu]) => [name, cpu / calibration]),
  );
}
