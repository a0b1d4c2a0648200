import { growthOf } from './growth';
import { compileCpu, type FabricResult, type Results } from './results';

/** What is promised of the time and memory a synthesis takes: docs/performance.md. */
export const BUDGETS = {
  /** CPU seconds from the rules to the printed texts, by the number of leaves. */
  compile: new Map([
    [200, 1],
    [1000, 5],
  ]),
  /** The most that is resident, in MiB, by the number of leaves. */
  memory: new Map([[1000, 1024]]),
  /** CPU seconds of the whole process in those of the floor. */
  floor: 2,
  /** What ten times the leaves may cost in any phase. */
  tenfold: 12,
} as const;

/** n·log n between 50 and 1,000 leaves looks like this power of n. */
const N_LOG_N = 1 + Math.log(Math.log(1000) / Math.log(50)) / Math.log(1000 / 50);

/** Whatever costs more than was promised, a sentence each. */
export function brokenBudgets({ fabrics }: Pick<Results, 'fabrics'>): readonly string[] {
  const cuts = [...new Set(fabrics.map(({ cut }) => cut))];
  return [
    ...fabrics.flatMap(brokenByFabric),
    ...cuts.flatMap((cut) =>
      brokenByGrowth(fabrics.filter((result) => result.cut === cut)).map((one) => `${cut}: ${one}`),
    ),
  ];
}

function brokenByFabric({ cut, size, first, floor }: FabricResult): readonly string[] {
  const { leaves } = size;
  const over = (what: string, value: number, budget: number | undefined, unit: string): readonly string[] =>
    budget === undefined || value <= budget
      ? []
      : [`${cut}: ${leaves} leaves: ${what} ${value.toFixed(2)}${unit}, and the budget is ${budget}${unit}`];
  return [
    ...over('compile', compileCpu(first), BUDGETS.compile.get(leaves), ' s'),
    ...over('memory', first.memory / 2 ** 20, BUDGETS.memory.get(leaves), ' MiB'),
    ...over('the whole synthesis is', first.whole.cpu / floor.whole.cpu, BUDGETS.floor, ' × the floor'),
  ];
}

function brokenByGrowth(fabrics: readonly FabricResult[]): readonly string[] {
  const large = fabrics.filter(({ size }) => size.leaves >= 50);
  return growthOf(large).flatMap(({ phase, exponent, tenfold }) => [
    ...(tenfold === undefined || tenfold <= BUDGETS.tenfold
      ? []
      : [`${phase} costs ×${tenfold.toFixed(1)} for ten times the leaves, and the budget is ×${BUDGETS.tenfold}`]),
    ...(exponent <= N_LOG_N ? [] : [`${phase} grows as n^${exponent.toFixed(2)}, above n·log n`]),
  ]);
}
