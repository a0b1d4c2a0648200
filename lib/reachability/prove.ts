import type { Prefix } from '../net';
import { type Promise, readPrefix } from '../promises';
import { classify, type NetworkClass, type NetworkUnit, promisesOf, selectionOf } from './classes';
import { printConfigLine } from './config-line';
import { leaksOfUnderlay, spoofed } from './guards';
import { Directory, type Known } from './known';
import { type Difference, differences, type Fault } from './proof';
import { Routing } from './routing';
import type { Snapshot } from './snapshot';

/** A fabric as its devices are configured, what was promised of it, and how the two compare. */
export class Reachability {
  public readonly directory: Directory;
  #routing: Routing | undefined;
  #units: ReadonlyMap<string, NetworkUnit> | undefined;
  readonly #promised = new Map<string, readonly Prefix[]>();
  #classes: readonly NetworkClass[] | undefined;

  /** @param snapshot asked for only when something is looked at */
  public constructor(
    private readonly snapshot: () => Snapshot,
    known: Known,
    public readonly promises: readonly Promise[],
  ) {
    this.directory = new Directory(known);
  }

  public get routing(): Routing {
    return (this.#routing ??= new Routing(this.snapshot()));
  }

  public get classes(): readonly NetworkClass[] {
    return (this.#classes ??= classify(this.routing, this.directory, this.promises));
  }

  /** Every prefix that a promise names in which a host or network has a part. */
  public promisedAbout(name: string): readonly Prefix[] {
    let known = this.#promised.get(name);
    if (known === undefined) {
      const names = [name, this.directory.tryHost(name)?.network ?? name];
      const promises = new Set(names.flatMap((one) => promisesOf(this.promises).get(one) ?? []));
      known = [...promises].flatMap(({ from, to }) => [...from.prefixes, ...to.prefixes].map(readPrefix));
      this.#promised.set(name, known);
    }
    return known;
  }

  /** A network with its hosts; undefined for one without any. */
  public tryUnit(network: string): NetworkUnit | undefined {
    this.#units ??= new Map(
      this.classes.flatMap(({ members }) => members.map((unit) => [unit.network, unit] as const)),
    );
    return this.#units.get(network);
  }

  /** Packets of which the devices do something else than what is promised. */
  public differences(): Generator<Difference> {
    return differences(this.routing, this.directory, this.promises, selectionOf(this.classes));
  }

  /** All that is wrong: differences, and what leaves let in that is not the hosts' to say. */
  public *faults(): Generator<Fault> {
    yield* this.differences();
    yield* leaksOfUnderlay(this.routing);
    const hosts = this.classes.flatMap(({ members: [unit] }) => [
      ...(unit?.machines ?? []).flatMap(({ members }) => members.slice(0, 1)),
      ...(unit?.firewalls ?? []),
    ]);
    yield* spoofed(this.routing, this.directory, hosts);
  }
}

/** How many faults are shown; one mistake shows in many packets. */
const SHOWN = 3;

/**
 * Throws if the devices do anything else than what was promised. Promises come from what was declared, devices from what was
 * planned: where they differ, the library has made a mistake, and nothing of that may be brought onto devices.
 */
export function prove(reachability: Reachability, partition: string): void {
  const faults: Fault[] = [];
  for (const fault of reachability.faults()) {
    faults.push(fault);
    if (faults.length === SHOWN) break;
  }
  if (faults.length === 0) return;
  throw new Error(
    [
      `invariant: the devices derived for ${partition} do not keep what is promised; nothing was written:`,
      ...faults.map(printFault),
    ].join('\n'),
  );
}

/** A fault as people read it, with the packet, the way it takes, and the line that decided. */
export function printFault({ statement, packet, promised, found, hops, device, line }: Fault): string {
  return [
    packet,
    `    promised: ${promised}`,
    `    found:    ${found}`,
    `    because:  ${line === undefined ? `of ${device}` : printConfigLine(line)}`,
    `    broken:   ${statement}`,
    ...hops.map((hop) => `      ${hop.device} ${hop.does}`),
  ].join('\n');
}
