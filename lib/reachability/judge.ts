import { Address } from '../net';
import { answerTo, Field, OPENED_FROM, type Packet, Port, type Protocol } from './packet';
import type { Routing } from './routing';
import { type End, type Hop, type Origin, type Trail, walk } from './walk';

/** One packet that opens a connection. */
export interface Question {
  readonly origin: Origin;
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: Protocol;
  /** Of tcp and udp; 0 for icmp. */
  readonly port: number;
  /** The port that it is sent from. @default {@link OPENED_FROM} */
  readonly opener?: number;
  /** Whether it has no SYN, although it is the first one. @default false */
  readonly bare?: boolean;
}

/** What becomes of it, and of the answer. */
export interface Judgement {
  /** The packet, with the ranges of its fields in which the same becomes of others. */
  readonly packet: Packet;
  /** Whether it arrives on all the ways that it may take, on some, or on none; in different places, or through different firewalls, is some. */
  readonly arrives: 'always' | 'sometimes' | 'never';
  /** Whether the answer comes back, whichever way it takes; false where nothing arrives. */
  readonly answered: boolean;
  /** The source that the far side sees; undefined where nothing arrives, or where it depends on the way. */
  readonly seenAs: Address | undefined;
  /** Where it ends: where it arrives if it does, else where it was dropped. */
  readonly end: End;
  /** The way there, and if it arrives, the way back of the answer. */
  readonly hops: readonly Hop[];
  readonly back: readonly Hop[];
  /** Where the answer ends; undefined where nothing arrives. */
  readonly backEnd: End | undefined;
}

/** Follows a packet and its answer along all their ways. */
export function judge(
  routing: Routing,
  { origin, source, destination, protocol, port, opener = OPENED_FROM, bare = false }: Question,
): Judgement {
  const { family } = source;
  const packet: Packet = {
    family,
    source: Field.of(family, source.value),
    destination: Field.of(family, destination.value),
    protocol,
    port: new Port(port),
    opener: new Port(opener),
    reply: false,
    bare,
    asked: { protocol: false, bare: false },
  };
  const trails = walk(routing, origin, packet, undefined);
  const arrived = trails.filter(({ end }) => end.kind !== 'dropped');
  const [first] = arrived;
  const [shown] = first === undefined ? trails : [first];
  if (shown === undefined) throw new Error('invariant: a packet ends nowhere');
  const backs = arrived.map((trail) => answerOf(routing, trail, origin, packet));
  const failed = backs.find(({ came }) => !came) ?? backs[0];
  const seen = new Set(arrived.map((trail) => trail.packet.source.value));
  return {
    packet,
    arrives:
      first === undefined
        ? 'never'
        : arrived.length === trails.length && arrived.every((trail) => isAlike(trail, first))
          ? 'always'
          : 'sometimes',
    answered: arrived.length > 0 && backs.every(({ came }) => came),
    seenAs: first === undefined || seen.size > 1 ? undefined : Address.of(family, first.packet.source.value),
    end: shown.end,
    hops: shown.hops,
    back: failed?.trail.hops ?? [],
    backEnd: failed?.trail.end,
  };
}

/** Whether two ways end in the same place, and pass the same firewalls. */
function isAlike(one: Trail, other: Trail): boolean {
  const [a, b] = [one.end, other.end];
  const isThere =
    a.kind === 'delivered'
      ? b.kind === 'delivered' && a.at === b.at
      : a.kind === 'beyond' && b.kind === 'beyond' && a.network === b.network;
  const [passed, alsoPassed] = [one, other].map(({ hops }) =>
    hops.flatMap(({ isCrossing, device }) => (isCrossing ? [device] : [])),
  );
  return isThere && passed?.join() === alsoPassed?.join();
}

/** The way back of the answer to a packet that arrived; the one that fails, if one does. */
function answerOf(
  routing: Routing,
  { end, packet, translations, tracked }: Trail,
  origin: Origin,
  opened: Packet,
): { readonly came: boolean; readonly trail: Trail } {
  const there: Origin =
    end.kind === 'delivered'
      ? { kind: 'host', box: end.at, vrf: end.vrf }
      : { kind: 'beyond', network: end.kind === 'beyond' ? end.network : '' };
  const backs = walk(routing, there, answerTo(packet), { translations, tracked });
  const comesHome = (trail: Trail): boolean =>
    trail.packet.destination.value === opened.source.value &&
    (origin.kind === 'host'
      ? trail.end.kind === 'delivered' && trail.end.at === origin.box
      : trail.end.kind === 'beyond' && trail.end.network === origin.network);
  const trail = backs.find((one) => !comesHome(one)) ?? backs[0];
  if (trail === undefined) throw new Error('invariant: an answer ends nowhere');
  return { came: backs.every(comesHome), trail };
}
