import type { Family } from '../../lib/net';
import type { Ran } from '../../lib/lab';
import { type Endpoint, endpointsOf } from '../../lib/lab/endpoints';
import { ANY_PORT, type Expectation, type Protocol } from '../../lib/lab/expectations';
import { type Arrival, type Seen, tryFlows } from '../../lib/lab/probing';
import { deadline, isOver } from '../../lib/lab/waiting';
import type { Scenario } from './scenario';

export const NOTHING = 'nothing arrives';

/** What becomes of flows: `'<from> → <to>': 'seen as <whom>'`, or that nothing arrives. */
export type Table = Readonly<Record<string, string>>;

const PROTOCOLS: readonly Protocol[] = ['icmp', 'tcp', 'udp'];
/** How long what is to arrive is tried again: a fabric that has just come up, or a change by hand, takes its time. */
const SETTLING_SECONDS = 45;

/**
 * An address: that of a host in its primary network by `blue-1`, in another one by `blue-1@internet`, and what lies beyond an
 * external network by that one's name.
 */
export function findEndpoint({ lab }: Scenario, label: string, family: Family = 'ipv4'): Endpoint {
  const [name = '', network] = label.split('@');
  const found = endpointsOf(lab.output, lab.topology).find(
    (one) => one.name === name && one.family === family && (network === undefined || one.network === network),
  );
  if (found === undefined) throw new Error(`there is no ${family} address of ${label}`);
  return found;
}

export const addressOf = (scenario: Scenario, label: string, family?: Family): string =>
  findEndpoint(scenario, label, family).address.toString();

/** Tries each flow by ICMP, TCP and UDP. What is to arrive is tried again for a while; what is not, must not even once. */
export async function expectFlows(scenario: Scenario, promised: Table, family: Family = 'ipv4'): Promise<void> {
  const limit = deadline('flows', SETTLING_SECONDS);
  const all = Object.entries(promised);
  const seen: Record<string, string> = {};
  let [waiting, rounds] = [all, 0];
  do {
    Object.assign(seen, await seenOf(scenario, waiting, family));
    rounds++;
    waiting = all.filter(([flow, outcome]) => outcome !== NOTHING && seen[flow] !== outcome);
  } while (waiting.length > 0 && !isOver(limit));
  // Silence before all routes were there has proven nothing.
  const silent = all.filter(([flow]) => seen[flow] === NOTHING);
  if (rounds > 1) Object.assign(seen, await seenOf(scenario, silent, family));
  expect(seen).toEqual(promised);
}

async function seenOf(
  scenario: Scenario,
  flows: readonly (readonly [string, string])[],
  family: Family,
): Promise<Table> {
  const tries = flows.flatMap(([flow, outcome]) =>
    PROTOCOLS.map((protocol) => ({ flow, expectation: expectationOf(scenario, flow, outcome, protocol, family) })),
  );
  const seen = await tryFlows(
    scenario.lab,
    tries.map(({ expectation }) => expectation),
  );
  const outcomes = seen.map((one, index) => ({ flow: tries[index]?.flow ?? '', outcome: outcomeOf(scenario, one) }));
  return Object.fromEntries(
    flows.map(([flow]) => [flow, combine(outcomes.filter((one) => one.flow === flow).map(({ outcome }) => outcome))]),
  );
}

function expectationOf(
  scenario: Scenario,
  flow: string,
  outcome: string,
  protocol: Protocol,
  family: Family,
): Expectation {
  const [from = '', to = ''] = flow.split(' → ');
  return {
    from: findEndpoint(scenario, from, family),
    to: findEndpoint(scenario, to, family),
    protocol,
    port: protocol === 'icmp' ? 0 : ANY_PORT,
    allowed: outcome !== NOTHING,
    seenAs: undefined,
    via: undefined,
    because: 'the scenario says so',
  };
}

function outcomeOf(scenario: Scenario, { expectation, sent, arrivals, answered }: Seen): string {
  if (sent === 0) return 'nothing was sent';
  if (arrivals.length === 0) return answered ? 'answered from nowhere' : NOTHING;
  const where = arrivals.every(({ node }) => node === expectation.to.node) ? '' : ` on ${nodesOf(arrivals)}`;
  const sources = [...new Set(arrivals.map(({ source }) => labelOf(scenario, source)))];
  return `seen as ${sources.join(' and ')}${where}${answered ? '' : ', unanswered'}`;
}

const nodesOf = (arrivals: readonly Arrival[]): string => arrivals.map(({ node }) => node).join(' and ');

/** One word where all protocols fare alike. */
function combine(outcomes: readonly string[]): string {
  const [first = 'not tried'] = outcomes;
  return outcomes.every((one) => one === first)
    ? first
    : outcomes.map((one, index) => `${PROTOCOLS[index] ?? ''} ${one}`).join(', ');
}

/** Whose address it is. */
export function labelOf({ lab }: Scenario, address: string): string {
  const found = endpointsOf(lab.output, lab.topology).find((one) => one.address.toString() === address);
  if (found === undefined) return address;
  const host = lab.output.manifest.hosts.find(({ name }) => name === found.name);
  return host === undefined || host.network === found.network ? found.name : `${found.name}@${found.network}`;
}

/** Runs a shell command on a node. @throws if it fails: an attack whose tools fail proves nothing. */
export async function done(scenario: Scenario, node: string | undefined, command: string): Promise<string> {
  const ran: Ran = await scenario.shell(node, command);
  if (ran.exit !== 0) throw new Error(`${node ?? 'the guest'}: ${command}\n${ran.out}${ran.err}`);
  return ran.out;
}

/** Looks again and again until it is so, or the time is over; says whether it was. */
export async function becomes(isSo: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const limit = deadline('a change', seconds);
  do {
    if (await isSo()) return true;
    await new Promise((wake) => setTimeout(wake, 300));
  } while (!isOver(limit));
  return false;
}

export function vniOf({ lab }: Scenario, network: string): number {
  const found = lab.output.manifest.networks.find(({ name }) => name === network);
  if (found === undefined) throw new Error(`there is no network ${network}`);
  return found.vni;
}

/** A table of nftables that counts packets by what they match, in the order they are named. It drops nothing. */
export async function countPackets(
  scenario: Scenario,
  node: string,
  hook: 'prerouting' | 'forward' | 'postrouting',
  matches: Readonly<Record<string, string>>,
): Promise<void> {
  const rules = Object.entries(matches).map(([name, match]) => `${match} counter comment "${name}"`);
  const chain = [`type filter hook ${hook} priority -350; policy accept;`, ...rules].join('\n');
  await done(scenario, node, `nft 'table inet lab_count {\nchain count {\n${chain}\n}\n}'`);
}

/** What `countPackets` has counted. */
export async function countedOn(scenario: Scenario, node: string): Promise<Readonly<Record<string, number>>> {
  const said = await done(scenario, node, 'nft list table inet lab_count');
  const found = [...said.matchAll(/counter packets (\d+) bytes \d+ comment "([^"]+)"/g)];
  return Object.fromEntries(found.map(([, packets, name]) => [name ?? '', Number(packets)]));
}
