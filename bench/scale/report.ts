import { brokenBudgets } from './budgets';
import { growthOf } from './growth';
import type { Measured } from './measure';
import { compileCpu, type FabricResult, type Results } from './results';

/** The results as tables in Markdown: on the terminal, and in docs/performance.md. */
export function printResults(results: Results): string {
  const { machine, rounds, calibration, fabrics } = results;
  const cuts = [...new Set(fabrics.map(({ cut }) => cut))];
  return [
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${gib(machine.memory)} GiB; ${machine.system}; Node.js ${machine.node}.`,
    `Medians of ${rounds} rounds. One calibration loop takes ${calibration.toFixed(2)} s of CPU here.`,
    ...cuts.flatMap((cut) => printCut(fabrics.filter((result) => result.cut === cut))),
    printBroken(brokenBudgets(results)),
  ].join('\n\n');
}

const printBroken = (broken: readonly string[]): string =>
  broken.length === 0
    ? 'All budgets were held.'
    : ['**Budgets that were not held:**', '', ...broken.map((one) => `- ${one}`)].join('\n');

const [BEGIN, END] = ['<!-- tables of the baseline -->', '<!-- end of the tables -->'];

/** The page with the tables in their place. */
export function withTables(page: string, results: Results): string {
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${printResults(results)}\n\n${END}${after}`;
}

function printCut(fabrics: readonly FabricResult[]): readonly string[] {
  const [cut] = fabrics.map((result) => result.cut);
  const title = cut === 'many' ? 'Cut into many partitions' : 'Cut into as few partitions as possible';
  return [
    `### ${title}`,
    table(summaryRows(fabrics)),
    '**Phases of the first synthesis, in CPU seconds**',
    table(phaseRows(fabrics)),
  ];
}

type Row = readonly string[];

function summaryRows(fabrics: readonly FabricResult[]): readonly Row[] {
  const row = (name: string, of: (result: FabricResult) => string): Row => [name, ...fabrics.map(of)];
  return [
    row('leaves', ({ size }) => count(size.leaves)),
    row('machines', ({ size }) => count(size.machines)),
    row('networks', ({ size }) => count(size.networks)),
    row('firewalls', ({ size }) => count(size.firewalls)),
    row('partitions', ({ size }) => count(size.partitions)),
    row('Terraform resources', ({ output }) => count(output.resources)),
    row('files', ({ output }) => count(output.files)),
    row('MB written', ({ output }) => (output.bytes / 1e6).toFixed(1)),
    row('compile, CPU s', ({ first }) => seconds(compileCpu(first))),
    row('proof of the promises, CPU s', ({ first }) => seconds(first.phases.reachability?.cpu ?? 0)),
    row('whole process, CPU s', ({ first }) => seconds(first.whole.cpu)),
    row('whole process, wall s', ({ first }) => seconds(first.whole.wall)),
    row('peak memory, MiB', ({ first }) => mib(first.memory)),
    row('cdktf alone, CPU s', ({ floor }) => seconds(floor.whole.cpu)),
    row('cdktf alone, peak memory, MiB', ({ floor }) => mib(floor.memory)),
    row('**whole ÷ cdktf alone**', ({ first, floor }) => ratio(first, floor)),
    row('again, nothing changed, CPU s', ({ again }) => seconds(again.whole.cpu)),
    row('**again ÷ cdktf alone**', ({ again, floor }) => ratio(again, floor)),
    row('again, peak memory, MiB', ({ again }) => mib(again.memory)),
    row('one machine more, CPU s', ({ grown }) => seconds(grown.whole.cpu)),
    row('**one machine more ÷ cdktf alone**', ({ grown, floor }) => ratio(grown, floor)),
    row('without `batch`: compile, CPU s', ({ plain }) => seconds(compileCpu(plain))),
    row('without `batch`: whole process, CPU s', ({ plain }) => seconds(plain.whole.cpu)),
    row('without `batch`: whole process, wall s', ({ plain }) => seconds(plain.whole.wall)),
    row('without `batch`: peak memory, MiB', ({ plain }) => mib(plain.memory)),
  ];
}

const ratio = (one: Measured, other: Measured): string => `**${(one.whole.cpu / other.whole.cpu).toFixed(2)}**`;

/** A phase of cdktf alone stands behind ours. */
function phaseRows(fabrics: readonly FabricResult[]): readonly Row[] {
  const growth = new Map(growthOf(fabrics.filter(({ size }) => size.leaves >= 50)).map((one) => [one.phase, one]));
  const phases = [...new Set(fabrics.flatMap(({ first }) => Object.keys(first.phases)))].filter(
    (one) => one !== 'describe',
  );
  return [
    ['phase', ...fabrics.map(({ size }) => `${count(size.leaves)} leaves`), 'power of n', '×10 leaves'],
    ...phases.map((phase) => [
      phase,
      ...fabrics.map(({ first, floor }) => {
        const own = seconds(first.phases[phase]?.cpu ?? 0);
        const bare = floor.phases[phase];
        return bare === undefined ? own : `${own} (${seconds(bare.cpu)})`;
      }),
      growth.get(phase)?.exponent.toFixed(2) ?? '',
      factor(growth.get(phase)?.tenfold),
    ]),
  ];
}

function table([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

const seconds = (value: number): string => value.toFixed(2);
const factor = (value: number | undefined): string => (value === undefined ? '' : `×${value.toFixed(1)}`);
const count = (value: number): string => value.toLocaleString('en-US');
const mib = (bytes: number): string => count(Math.round(bytes / 2 ** 20));
const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);
