import { type Check, type Mismatch, STATEMENTS, type Verification } from './checks';
import { endpointsOf } from './endpoints';
import { checkEngine } from './engine-check';
import { explainFlow, summaryOf } from './evidence';
import { type Expectation, expectationsOf } from './expectations';
import { checkGuards } from './guards-check';
import { type Lab, timer } from './lab';
import { agrees, type Seen, tryFlows } from './probing';
import { checkRoutes } from './routes-check';
import { checkSessions } from './sessions-check';
import { deadline, isOver, secondsSince } from './waiting';

/** How long a fabric may take to converge; all that is promised by then must work. */
const SETTLING_SECONDS = 60;
/** Of how many flows the evidence is gathered: each takes some seconds. */
const EXPLAINED = 4;

export interface VerifyOptions {
  /** Without what the leaves must refuse: nothing is announced that is not true. */
  readonly withoutGuards?: boolean;
  readonly settlingSeconds?: number;
}

/** Holds everything that the fabric promises against what its devices do, with packets. */
export async function verify(lab: Lab, options: VerifyOptions = {}): Promise<Verification> {
  const { settlingSeconds = SETTLING_SECONDS } = options;
  const { manifest, changedByHand } = lab.output;
  const timed = timer(lab.watch);
  const told = ({ passed, mismatches }: Check): string => `${passed} as promised, ${mismatches.length} not`;
  const endpoints = endpointsOf(lab.output, lab.topology);
  const expectations = expectationsOf(manifest.promises, endpoints);
  let flows: readonly Seen[] = [];
  // Sessions and routes first: when they are there, flows need to be tried once only.
  const checks = [
    await timed('sessions', () => checkSessions(lab, settlingSeconds), told),
    await timed('routes', () => checkRoutes(lab, settlingSeconds), told),
    await timed(
      'flows',
      async () => {
        const start = performance.now();
        flows = await settle(lab, expectations, settlingSeconds);
        return { ...(await flowCheck(lab, flows)), seconds: secondsSince(start) };
      },
      told,
    ),
  ];
  checks.push(await timed('engine', () => Promise.resolve(checkEngine(lab.output, flows)), told));
  if (options.withoutGuards !== true)
    checks.push(await timed('guards', () => checkGuards(lab, endpoints, expectations), told));
  return {
    partition: manifest.partition,
    runtime: lab.guest.runtime,
    release: lab.release,
    changedByHand,
    checks,
    flows,
    passed: checks.reduce((sum, { passed }) => sum + passed, 0),
    failed: checks.reduce((sum, { mismatches }) => sum + mismatches.length, 0),
  };
}

/** What should arrive is tried until it does or the time is over; what should not must not even once. */
async function settle(lab: Lab, expectations: readonly Expectation[], seconds: number): Promise<readonly Seen[]> {
  const limit = deadline('convergence', seconds);
  const results = new Map<Expectation, Seen>();
  const attempt = async (flows: readonly Expectation[]): Promise<void> => {
    for (const seen of await tryFlows(lab, flows)) results.set(seen.expectation, seen);
  };
  const isAsPromised = (one: Expectation): boolean => agrees(results.get(one) ?? NOTHING);
  let [waiting, rounds] = [expectations, 0];
  do {
    await attempt(waiting);
    rounds++;
    waiting = expectations.filter((one) => one.allowed && !isAsPromised(one));
  } while (waiting.length > 0 && !isOver(limit));
  // Silence before all routes were there has proven nothing.
  if (rounds > 1) await attempt(expectations.filter((one) => !one.allowed && isAsPromised(one)));
  return expectations.flatMap((one) => results.get(one) ?? []);
}

const NOTHING: Seen = { expectation: {} as Expectation, sent: 0, arrivals: [], answered: false, error: undefined };

async function flowCheck(lab: Lab, flows: readonly Seen[]): Promise<Check> {
  const failed = flows.filter((seen) => !agrees(seen));
  const mismatches: Mismatch[] = [];
  for (const seen of differing(failed)) mismatches.push(await explainFlow(lab, seen));
  const explained = new Set(mismatches.map(({ what }) => what));
  mismatches.push(...failed.map(summaryOf).filter(({ what }) => !explained.has(what)));
  const notes = mismatches.length > EXPLAINED ? [`evidence was gathered of ${EXPLAINED} flows`] : [];
  return {
    name: 'flows',
    statement: STATEMENTS.flows,
    passed: flows.length - failed.length,
    mismatches,
    notes,
    seconds: 0,
  };
}

/** Those that differ most: one of each pair of networks, before a second one. */
function differing(failed: readonly Seen[]): readonly Seen[] {
  const first = new Map<string, Seen>();
  for (const seen of failed) {
    const { from, to, family } = { ...seen.expectation, family: seen.expectation.from.family };
    const key = `${from.network} ${to.network} ${family} ${seen.expectation.allowed}`;
    if (!first.has(key)) first.set(key, seen);
  }
  const chosen = [...first.values()];
  return [...chosen, ...failed.filter((seen) => !chosen.includes(seen))].slice(0, EXPLAINED);
}
