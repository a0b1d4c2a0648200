import { FAMILIES } from '../net';
import { type Endpoint, endpointsOf } from './endpoints';
import { Lab } from './lab';
import { LabError } from './lab-error';
import type { Running, Session } from './session';
import { deadline, until } from './waiting';

/** Two ends between which there is traffic; several pairs may have the same ends, and take different ways. */
export interface Pair {
  readonly id: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** What became of the traffic of a pair. */
export interface Flow {
  readonly id: string;
  /** UDP packets that ask for an answer. */
  readonly sent: number;
  /** Answers. */
  readonly received: number;
  /** When each packet without an answer was sent, in seconds since 1970, by the clock of the lab. */
  readonly lostAt: readonly number[];
  /** The longest time without an answer, in seconds. */
  readonly longestGap: number;
  /** The seconds since the last answer when the traffic was stopped. */
  readonly silentFor: number;
  /** The one connection of the pair: bytes that were sent, and those that came back. */
  readonly tcp: { readonly state: string; readonly sent: number; readonly received: number };
}

interface Up {
  readonly up: boolean;
  readonly missing?: readonly string[];
}

/** The guest itself gives up after 20 s; this is for what it needs to start, under emulation. */
const UP_WITHIN_SECONDS = 40;

/**
 * Starts steady traffic between nodes and waits until each pair has had an answer and has a connection; only what is sent
 * from then on counts.
 * @param rate packets per second of each pair
 * @throws LabError if a pair has no answer or no connection.
 */
export async function startTraffic(lab: Lab, pairs: readonly Pair[], rate: number): Promise<Traffic> {
  const session = await lab.openSession();
  try {
    return await Traffic.start(session, pairs, rate);
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Traffic that goes on until it is stopped. */
export class Traffic {
  private said = '';
  private complained = '';
  private ended = false;
  private readonly running: Running;

  private constructor(private readonly session: Session) {
    this.running = session.start({
      argv: ['python3', `${Lab.programs}/traffic.py`],
      onOut: (data) => (this.said += data.toString()),
      onErr: (data) => (this.complained += data.toString()),
    });
  }

  /** Use {@link startTraffic}. */
  public static async start(session: Session, pairs: readonly Pair[], rate: number): Promise<Traffic> {
    const traffic = new Traffic(session);
    traffic.running.write(`${JSON.stringify({ pairs: pairs.map(orderOf), rate })}\n`);
    const end = (): void => void (traffic.ended = true);
    traffic.running.ended.then(end, end);
    await until(() => traffic.ended || traffic.lines.length > 0, deadline('traffic', UP_WITHIN_SECONDS));
    const [first] = traffic.lines;
    if (first === undefined) throw new Error(`traffic.py failed: ${traffic.complained.trim()}`);
    const { up, missing = [] } = JSON.parse(first) as Up;
    if (!up)
      throw new LabError(`no traffic: ${missing.join(', ')}`, 'see what metal-fabric lab verify says of these flows');
    return traffic;
  }

  /** Stops the traffic; gives what became of it, in the order of the pairs. */
  public async stop(): Promise<readonly Flow[]> {
    this.running.end();
    try {
      const exit = await this.running.ended;
      if (exit !== 0) throw new Error(`traffic.py failed: ${this.complained.trim()}`);
      return this.lines.slice(1).map((line) => JSON.parse(line) as Flow);
    } finally {
      this.session.close();
    }
  }

  /** Whole lines only. */
  private get lines(): readonly string[] {
    return this.said.split('\n').slice(0, -1);
  }
}

const orderOf = ({ id, from, to }: Pair): object => ({
  id,
  from: from.node,
  source: from.address.toString(),
  to: to.node,
  target: to.address.toString(),
});

/**
 * Pairs of two hosts, by their addresses in their own networks, for each family.
 * @param count pairs of each family: each has ports of its own, and so may take another way
 */
export function pairsBetween({ output, topology }: Lab, from: string, to: string, count = 1): readonly Pair[] {
  const endpoints = endpointsOf(output, topology);
  return FAMILIES.flatMap((family) => {
    const find = (name: string): Endpoint => {
      const found = endpoints.find((one) => one.name === name && one.family === family);
      if (found !== undefined) return found;
      throw new LabError(`"${name}" has no ${family} address`, 'name a host that has one');
    };
    const ends = { from: find(from), to: find(to) };
    return Array.from({ length: count }, (_, index) => ({
      id: `${from} → ${to} ${family}${count === 1 ? '' : ` #${index + 1}`}`,
      ...ends,
    }));
  });
}

export const lostOf = ({ sent, received }: Flow): number => sent - received;

/** A line for each pair. */
export function printFlows(flows: readonly Flow[]): string {
  const width = Math.max(0, ...flows.map(({ id }) => id.length));
  return flows
    .map((flow) => {
      const { id, sent, longestGap, tcp } = flow;
      const udp = `${lostOf(flow)} of ${sent} lost`.padStart(16);
      return `${id.padEnd(width)} ${udp}, longest gap ${longestGap.toFixed(2)} s, tcp ${tcp.state} ${tcp.received}/${tcp.sent}\n`;
    })
    .join('');
}
