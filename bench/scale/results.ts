import type { Cost } from './cost';
import type { Cut, Size } from './described';
import type { Measured } from './measure';

/** What a run of the bench found out: what `make bench` writes, and what the baseline is. */
export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  /** The CPU seconds of the calibration loop, the median of all its runs. */
  readonly calibration: number;
  readonly fabrics: readonly FabricResult[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

/** The medians of all rounds of one fabric. */
export interface FabricResult {
  readonly cut: Cut;
  readonly size: Size;
  /** The first synthesis, into an empty folder. */
  readonly first: Measured;
  /** The second one, of the same app over what the first one left. */
  readonly again: Measured;
  /** A third one, with one machine more. */
  readonly grown: Measured;
  /** An app of cdktf alone that writes as much. */
  readonly floor: Measured;
  /** Like the first one, of an app that does not import `cdktf-metal-fabric/batch`; all others do. */
  readonly plain: Measured;
  /** What lies in the output afterwards. */
  readonly output: { readonly files: number; readonly bytes: number; readonly resources: number };
}

/** Of an even number of values, the lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('invariant: the median of nothing');
  return middle;
}

/** Each figure by itself. */
export function medianOf(runs: readonly Measured[]): Measured {
  const names = [...new Set(runs.flatMap(({ phases }) => Object.keys(phases)))];
  const cost = (of: (run: Measured) => Cost | undefined): Cost => ({
    cpu: median(runs.map((run) => of(run)?.cpu ?? 0)),
    wall: median(runs.map((run) => of(run)?.wall ?? 0)),
  });
  return {
    phases: Object.fromEntries(names.map((name) => [name, cost(({ phases }) => phases[name])])),
    whole: cost(({ whole }) => whole),
    memory: median(runs.map(({ memory }) => memory)),
  };
}

/** What lies between a fabric that was declared and the texts of all its files. What these let through is proven besides. */
const COMPILE = ['plan', 'rules', 'derive', 'print', 'promise'];

export const compileCpu = ({ phases }: Measured): number =>
  COMPILE.reduce((sum, name) => sum + (phases[name]?.cpu ?? 0), 0);
