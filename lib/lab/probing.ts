import type { Endpoint } from './endpoints';
import { ANY_PORT, type Expectation } from './expectations';
import type { Lab } from './lab';
import { uplinksOf } from './topology';

/** What became of a flow that was tried. */
export interface Seen {
  readonly expectation: Expectation;
  /** Packets that were put on a wire, as far as the sender knows; the kernel repeats those that open a TCP connection. */
  readonly sent: number;
  /** Where its packets arrived, and the source they had there. */
  readonly arrivals: readonly Arrival[];
  readonly answered: boolean;
  /** What the sender's own kernel said, such as EHOSTUNREACH. */
  readonly error: string | undefined;
}

export interface Arrival {
  readonly node: string;
  readonly source: string;
}

/** How long an answer to an allowed flow is waited for, and how long silence must last to count. */
export const WAIT = { answer: 4, silence: 2.2 } as const;

interface ProbeResult {
  readonly id: number;
  readonly sent: number;
  readonly arrived: readonly (readonly [string, string])[];
  readonly answered: boolean;
  readonly error: string | null;
}

/** Tries flows with packets. The order of the answer is that of the question. */
export async function tryFlows(lab: Lab, expectations: readonly Expectation[]): Promise<readonly Seen[]> {
  if (expectations.length === 0) return [];
  const probes = expectations.map((expectation, id) => probeOf(lab, expectation, id).probe);
  const results = await lab.program<ProbeResult>('probe.py', [], { listen: listenersOf(expectations), probes });
  const byId = new Map(results.map((result) => [result.id, result]));
  return expectations.map((expectation, id) => {
    const { sent = 0, arrived = [], answered = false, error = null } = byId.get(id) ?? {};
    const arrivals = arrived.map(([node, source]) => ({ node, source }));
    return { expectation, sent, arrivals, answered, error: error ?? undefined };
  });
}

/** What probe.py is told of a flow. */
export function probeOf(
  lab: Lab,
  expectation: Expectation,
  id: number,
): { readonly probe: object; readonly listen: object } {
  const { from, to, protocol, port, allowed } = expectation;
  const probe = {
    id,
    node: from.node,
    source: from.address.toString(),
    target: to.address.toString(),
    protocol,
    port,
    wait: allowed ? WAIT.answer : WAIT.silence,
    uplinks: uplinksOf(lab.topology, from.node).map(({ own, far }) => [own.port, far.node, far.port]),
    forge: false,
  };
  return { probe, listen: listenersOf([expectation]) };
}

/** A packet made by hand, put on one wire. */
export interface Forged {
  readonly node: string;
  readonly port: string;
  readonly source: string;
  readonly target: Endpoint;
  /** Whether it is to arrive; what is not is listened for a while longer. */
  readonly expected: boolean;
}

/** Sends forged UDP packets; where each arrived. */
export async function forge(lab: Lab, packets: readonly Forged[]): Promise<readonly (readonly Arrival[])[]> {
  if (packets.length === 0) return [];
  const probes = packets.map(({ node, port, source, target, expected }, id) => ({
    id,
    node,
    source,
    target: target.address.toString(),
    protocol: 'udp',
    port: ANY_PORT,
    wait: expected ? WAIT.answer / 2 : WAIT.silence,
    uplinks: uplinksOf(lab.topology, node)
      .filter(({ own }) => own.port === port)
      .map(({ own, far }) => [own.port, far.node, far.port]),
    forge: true,
  }));
  const listen = Object.fromEntries(packets.map(({ target }) => [target.node, { tcp: [], udp: [ANY_PORT] }]));
  const results = await lab.program<ProbeResult>('probe.py', [], { listen, probes });
  const byId = new Map(results.map((result) => [result.id, result]));
  return packets.map((_, id) => (byId.get(id)?.arrived ?? []).map(([node, source]) => ({ node, source })));
}

function listenersOf(expectations: readonly Expectation[]): object {
  const ports = new Map<string, { tcp: Set<number>; udp: Set<number> }>();
  for (const { to, protocol, port } of expectations) {
    const own = ports.get(to.node) ?? { tcp: new Set(), udp: new Set() };
    ports.set(to.node, own);
    if (protocol !== 'icmp') own[protocol].add(port);
  }
  return Object.fromEntries([...ports].map(([node, { tcp, udp }]) => [node, { tcp: [...tcp], udp: [...udp] }]));
}

/** Whether what was seen is what is promised: arrived as whom and answered, or sent and never arrived. */
export function agrees({ expectation, sent, arrivals, answered }: Seen): boolean {
  const { allowed, to, seenAs } = expectation;
  // What was not sent has proven nothing.
  if (!allowed) return sent > 0 && arrivals.length === 0 && !answered;
  return answered && arrivals.length > 0 && arrivals.every(({ node, source }) => node === to.node && source === seenAs);
}
