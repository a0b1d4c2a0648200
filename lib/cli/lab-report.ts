import Table from 'cli-table3';
import { agrees, type Check, describePromise, describeSeen, matrixOf, type Mismatch, type Verification } from '../lab';

/** What `lab verify` prints: the matrix, what differs with its evidence, and the sum. */
export function printVerification(verification: Verification): string {
  const { partition, checks, flows, changedByHand, passed, failed } = verification;
  return [
    `\n${printMatrix(verification)}\n`,
    changedByHand.length === 0 ? '' : `\nnot as they were synthesized: ${changedByHand.join(', ')}\n`,
    ...checks.map(printCheck),
    `\n${partition}: ${flows.length} flows tried, ${passed} promises kept, ${failed} not\n`,
  ].join('');
}

/** Rows send, columns receive; in a cell what is promised, and how many of the flows tried were so. */
function printMatrix({ flows }: Verification): string {
  const cells = matrixOf(flows);
  const rows = [...new Set(cells.map(({ from }) => from))];
  const columns = [...new Set(cells.map(({ to }) => to))];
  const table = new Table({ head: ['from \\ to', ...columns], style: { head: [], border: [] } });
  for (const from of rows) {
    const row = columns.map((to) => {
      const cell = cells.find((one) => one.from === from && one.to === to);
      if (cell === undefined) return '';
      const { promised, tried, asPromised } = cell;
      return `${promised.replaceAll(', ', '\n')}\n${asPromised} of ${tried}${asPromised === tried ? '' : '  NOT KEPT'}`;
    });
    table.push([from, ...row]);
  }
  return table.toString();
}

function printCheck({ name, statement, passed, mismatches, notes }: Check): string {
  const sum =
    mismatches.length === 0 ? `all ${passed} hold` : `${mismatches.length} of ${passed + mismatches.length} do not`;
  return [
    `\n${name}: ${statement} ${sum}.\n`,
    ...mismatches.slice(0, SHOWN).map(printMismatch),
    mismatches.length > SHOWN ? `  … and ${mismatches.length - SHOWN} more; --json has all\n` : '',
    ...notes.map((note) => `  note: ${note}\n`),
  ].join('');
}

/** Mismatches of a check that are printed; all are in the JSON. */
const SHOWN = 12;

function printMismatch({ what, promised, seen, devices, evidence }: Mismatch): string {
  const lines = [
    `  ✗ ${what}`,
    `      promised: ${promised}`,
    `      seen:     ${seen}`,
    ...(devices.length === 0 ? [] : [`      look at:  ${devices.join(', ')}`]),
    ...evidence.map((line) => `        ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as data. */
export function verificationJson(verification: Verification): object {
  const { partition, runtime, release, changedByHand, checks, flows, passed, failed } = verification;
  return {
    partition,
    runtime,
    release,
    passed,
    failed,
    changedByHand,
    checks,
    matrix: matrixOf(flows),
    flows: flows.map((seen) => {
      const { from, to, protocol, port, allowed, seenAs, via } = seen.expectation;
      return {
        from: { name: from.name, address: from.address.toString() },
        to: { name: to.name, address: to.address.toString() },
        protocol,
        port: protocol === 'icmp' ? null : port,
        promised: { verdict: allowed ? 'allowed' : 'denied', seenAs: seenAs ?? null, via: via ?? null },
        seen: { sent: seen.sent, arrivals: seen.arrivals, answered: seen.answered, error: seen.error ?? null },
        kept: agrees(seen),
        text: `${describePromise(seen.expectation)}; ${describeSeen(seen)}`,
      };
    }),
  };
}
