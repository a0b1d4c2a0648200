import { Address } from '../../lib/net';
import type { Endpoint } from '../../lib/promises';
import {
  type Directory,
  type Judgement,
  judge,
  originOf,
  type Protocol,
  PROTOCOLS,
  Routing,
  type Snapshot,
} from '../../lib/reachability';
import { type Outcome, type Probe, Simulation } from './brute-force';

/** Addresses outside that a fabric may lead to: some that a list of flows names, some that none does. */
const OUTSIDE = ['198.51.100.10', '203.0.113.10', '172.16.0.1', '172.20.0.1', '172.30.0.1', '2001:db8:ff::10'].map(
  (text) => Address.parse(text),
);

/** Ports at the edges of what random fabrics allow. */
const PORTS: Readonly<Record<Protocol, readonly number[]>> = { icmp: [0], tcp: [22, 443, 7777], udp: [53, 5000, 7777] };

export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Every flow between two hosts, and between hosts and what lies beyond, by all protocols and both families. */
export function flowsOf(directory: Directory, ports: 1 | 3): readonly Flow[] {
  const beyond = directory.externals.flatMap(({ name, destinations }) =>
    OUTSIDE.filter((address) => destinations.some((prefix) => prefix.holds(address))).map((address): Endpoint => ({
      kind: 'beyond',
      name,
      network: name,
      address,
    })),
  );
  const inside = directory.endpoints;
  const pairs = [
    ...inside
      .filter(({ kind }) => kind === 'machine')
      .flatMap((from) => [...inside, ...beyond].map((to) => [from, to] as const)),
    ...beyond.flatMap((from) => inside.map((to) => [from, to] as const)),
    ...inside.filter(({ kind }) => kind === 'firewall').flatMap((from) => inside.map((to) => [from, to] as const)),
  ].filter(([from, to]) => from.name !== to.name && from.address.family === to.address.family);
  return pairs.flatMap(([from, to]) =>
    PROTOCOLS.flatMap((protocol) =>
      PORTS[protocol].slice(0, ports).map((port): Flow => ({ from, to, protocol, port })),
    ),
  );
}

export const describeFlow = ({ from, to, protocol, port }: Flow): string =>
  `${from.name} ${from.address.toString()} → ${to.name} ${to.address.toString()} ${protocol}/${port}`;

export function ask(routing: Routing, { from, to, protocol, port }: Flow): Judgement {
  return judge(routing, {
    origin: originOf(routing, from),
    source: from.address,
    destination: to.address,
    protocol,
    port,
  });
}

export function probe(simulation: Simulation, { from, to, protocol, port }: Flow): Outcome {
  const at: Probe['from'] =
    from.kind === 'beyond'
      ? { beyond: from.network }
      : { device: from.name, ...(from.kind === 'firewall' ? { vrf: simulation.vrfOf(from.name, from.address) } : {}) };
  return simulation.try({ from: at, source: from.address, target: to.address, protocol, port });
}

/** What both of them say, in the same words. */
export const textOfOutcome = ({ arrives, at, seenAs, answered }: Outcome): string =>
  arrives === 'never'
    ? arrives
    : `${arrives} at ${at ?? '?'} as ${seenAs ?? 'several'}, ${answered ? 'answered' : 'not answered'}`;

export function textOfJudgement({ arrives, end, seenAs, answered }: Judgement): string {
  const at = end.kind === 'delivered' ? end.at.name : end.kind === 'beyond' ? `beyond ${end.network}` : '';
  return arrives === 'never'
    ? arrives
    : `${arrives} at ${at} as ${seenAs?.toString() ?? 'several'}, ${answered ? 'answered' : 'not answered'}`;
}

export interface Agreement {
  readonly tried: number;
  /** How many flows arrived: an agreement about nothing is none. */
  readonly arrived: number;
  readonly differing: readonly string[];
}

/** Asks engine and simulation the same about every flow. */
export function compare(snapshot: Snapshot, flows: readonly Flow[]): Agreement {
  const routing = new Routing(snapshot);
  const simulation = new Simulation(snapshot);
  let arrived = 0;
  const differing = flows.flatMap((flow) => {
    const engine = textOfJudgement(ask(routing, flow));
    const simulated = textOfOutcome(probe(simulation, flow));
    if (simulated !== 'never') arrived += 1;
    return engine === simulated
      ? []
      : [`${describeFlow(flow)}: the engine says ${engine}; the simulation ${simulated}`];
  });
  return { tried: flows.length, arrived, differing };
}
