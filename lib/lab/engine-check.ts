import { judge, originOf, printConfigLine, type Routing } from '../reachability';
import { fabricOf, type Output, OutputError } from '../output';
import { type Check, describeFlow, type Mismatch, STATEMENTS } from './checks';
import type { Seen } from './probing';
import { secondsSince } from './waiting';

/** What became of a flow: where it arrived, as whom, and whether it was answered. */
interface Became {
  readonly arrived: boolean;
  readonly seenAs: string | undefined;
  readonly answered: boolean;
}

/**
 * Holds what the engine of `lib/reachability` computes against the packets that were sent, flow by flow: both read the same files,
 * and only one of them has a kernel. The promises have no part in this.
 */
export function checkEngine(output: Output, flows: readonly Seen[]): Check {
  const start = performance.now();
  const read = tryRouting(output);
  const tried = read.routing === undefined ? [] : flows.filter(({ sent }) => sent > 0);
  const mismatches = tried.flatMap((seen) => (read.routing && tryMismatch(read.routing, seen)) ?? []);
  return {
    name: 'engine',
    statement: STATEMENTS.engine,
    passed: tried.length - mismatches.length,
    mismatches,
    notes: read.note === undefined ? [] : [read.note],
    seconds: secondsSince(start),
  };
}

/** Files that were changed by hand may hold what only the devices understand. */
function tryRouting(output: Output): { readonly routing?: Routing; readonly note?: string } {
  try {
    return { routing: fabricOf(output).reachability.routing };
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    return { note: `nothing was computed: ${error.message}` };
  }
}

function tryMismatch(routing: Routing, seen: Seen): Mismatch | undefined {
  const { from, to, protocol, port } = seen.expectation;
  const found = judge(routing, {
    origin: originOf(routing, from),
    source: from.address,
    destination: to.address,
    protocol,
    port,
  });
  const { end, arrives, answered, seenAs } = found;
  // What leaves the fabric for an address that nobody outside has is not seen by anybody.
  const isThere = end.kind === 'delivered' || (end.kind === 'beyond' && to.kind === 'beyond');
  const computed: Became =
    arrives !== 'never' && isThere
      ? { arrived: true, seenAs: seenAs?.toString(), answered }
      : { arrived: false, seenAs: undefined, answered: false };
  const arrival = seen.arrivals.find(({ node }) => node === to.node);
  const became: Became = { arrived: arrival !== undefined, seenAs: arrival?.source, answered: seen.answered };
  if (printBecame(computed) === printBecame(became)) return undefined;
  const line = end.kind === 'dropped' ? end.line : found.hops.at(-1)?.line;
  return {
    what: describeFlow(seen.expectation),
    promised: `computed: ${printBecame(computed)}`,
    seen: printBecame(became),
    devices: end.kind === 'dropped' ? [end.at] : found.hops.map(({ device }) => device),
    evidence: [
      ...found.hops.map(({ device, does }) => `${device} ${does}`),
      ...(end.kind === 'dropped' ? [`${end.at}: ${end.why}`] : []),
      ...(line === undefined ? [] : [printConfigLine(line)]),
    ],
  };
}

function printBecame({ arrived, seenAs, answered }: Became): string {
  if (!arrived) return 'nothing arrives';
  return `arrives as ${seenAs ?? 'several'}, ${answered ? 'and is answered' : 'without an answer'}`;
}
