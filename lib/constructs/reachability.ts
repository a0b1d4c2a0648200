import type { IConstruct } from 'constructs';
import { type Family, tryFindPortFault } from '../net';
import {
  type Asked,
  matrixCells,
  pairsOf,
  printConfigLine,
  printService,
  printVerdict,
  type Reachability as Engine,
  servicesOf,
  tryAsk,
  tryAskBoth,
  type Verdict as EngineVerdict,
  verdicts,
} from '../reachability';
import { Port } from './flow';
import type { PartitionScope } from './partition-scope';
import { Registry } from './registry';

/** Who wants to reach whom. */
export interface VerdictQuestion {
  /** A host or network of the partition; of an external network, what lies beyond it. */
  readonly from: IConstruct;

  /** The same. */
  readonly to: IConstruct;

  /**
   * By which protocol, at which ports. Of several, all have to be allowed.
   * @default Port.icmp()
   */
  readonly on?: Port;
}

/** A line of a device's configuration. */
export interface DecidingLine {
  /** The device's host name. */
  readonly device: string;

  /** `frr.conf`, `nftables.conf` or `interfaces`. */
  readonly file: string;

  /** The line, without blanks before it. */
  readonly line: string;
}

/** What a device on the way does. */
export interface PathStep {
  /** The device's host name. */
  readonly device: string;

  /** Such as `lets it through from vrf10001 to vlan10006`. */
  readonly does: string;

  /** The line of its configuration that decided. @default - nothing was to be decided */
  readonly line?: DecidingLine;
}

/** Whether packets arrive and are answered, whichever way they take, and why. */
export interface Verdict {
  /** Whether all hosts asked about reach all others, and get their answers. */
  readonly allowed: boolean;

  /** Whether nothing arrives. Neither allowed nor blocked is what only some hosts or ports reach, or what gets no answer. */
  readonly blocked: boolean;

  /** The source address that the far side sees. @default - nothing arrives */
  readonly sourceSeen?: string;

  /** The firewalls on the way, in order. */
  readonly via: string[];

  /** The way there, device by device, of the packet that shows the verdict. */
  readonly path: PathStep[];

  /** The way of its answer; empty where nothing arrives. */
  readonly back: PathStep[];

  /** One sentence. */
  readonly reason: string;

  /** The line that decided. @default - none did */
  readonly line?: DecidingLine;

  /** All of it as text. */
  readonly text: string;
}

/** @internal */
export interface SingleVerdict {
  readonly family: Family;
  readonly verdict: Verdict;
}

/** What the hosts of one network may open to those of another one. */
export interface MatrixEntry {
  /** The network; an external one stands for what lies beyond it. */
  readonly from: string;

  /** The same. */
  readonly to: string;

  /** By IPv4, such as `all` or `icmp tcp/80,443`; empty for nothing. */
  readonly ipv4: string;

  /** By IPv6. */
  readonly ipv6: string;

  /** The source that is seen by IPv4: `original`, or an address. */
  readonly seenAs: string;
}

/**
 * What the devices of a partition let through, found in their configurations and not in what was declared. It is known as soon as
 * everything is declared; nothing has to be written for it.
 */
export class Reachability {
  /** @internal */
  public constructor(private readonly partition: PartitionScope) {}

  /**
   * Follows packets through the derived devices, and their answers back.
   * @throws FabricError if a rule is broken; an error if one of the two is no host or network of the partition, or ports are none
   */
  public verdict(question: VerdictQuestion): Verdict {
    const { from, to, on = Port.icmp() } = question;
    const engine = this._engine();
    const pairs = pairsOf(...this.#askBoth(engine, from, to));
    const all = pairs.flatMap(([one, other]) => [...verdicts(engine, one, other, servicesOn(on))]);
    const [first] = all;
    if (first === undefined) {
      throw new Error(`${from.node.path} and ${to.node.path} have no two hosts with addresses of one family`);
    }
    const shown = all.find((one) => !one.allowed) ?? first;
    return verdictOf(engine, shown, all);
  }

  /** Every pair of networks of which the one may open something to the other. */
  public matrix(): MatrixEntry[] {
    return [...matrixCells(this._engine())].map(({ from, to, families: { ipv4, ipv6 } }) => ({
      from,
      to,
      ipv4: ipv4?.allowed ?? '',
      ipv6: ipv6?.allowed ?? '',
      seenAs: ipv4?.seenAs ?? '',
    }));
  }

  /** The verdict of each pair of hosts and each run of ports, one by one. @internal */
  public *_each({ from, to, on = Port.icmp() }: VerdictQuestion): Generator<SingleVerdict> {
    const engine = this._engine();
    for (const [one, other] of pairsOf(...this.#askBoth(engine, from, to))) {
      for (const verdict of verdicts(engine, one, other, servicesOn(on))) {
        yield { family: one.address.family, verdict: verdictOf(engine, verdict, [verdict]) };
      }
    }
  }

  /** @internal */
  public _engine(): Engine {
    return Registry.of(this.partition).compiledPartition(this.partition).reachability;
  }

  #askBoth(engine: Engine, from: IConstruct, to: IConstruct): readonly [Asked, Asked] {
    const [one, other] = [this.#nameOf(engine, from), this.#nameOf(engine, to)];
    const both = tryAskBoth(engine, one, other);
    if (both === undefined) throw new Error(`invariant: ${one} or ${other} was found, and then not`);
    return both;
  }

  #nameOf(engine: Engine, construct: IConstruct): string {
    const { networks, machines, firewalls } = this.partition._declared();
    const { path } = construct.node;
    const name = [...networks, ...machines, ...firewalls].find((one) => one.path === path)?.name;
    if (name !== undefined && tryAsk(engine, name) !== undefined) return name;
    throw new Error(`${path} is no host or network of partition ${this.partition.node.path}`);
  }
}

function servicesOn({ _protocol, _range }: Port): ReturnType<typeof servicesOf> {
  const fault = _range === undefined ? undefined : tryFindPortFault(_range);
  if (fault !== undefined) throw new Error(`${fault.problem}: ${fault.fix}`);
  return servicesOf(_protocol, _range);
}

function verdictOf({ directory }: Engine, shown: EngineVerdict, all: readonly EngineVerdict[]): Verdict {
  const { sourceSeen, line } = shown;
  const step = ({ device, does, line: decided }: EngineVerdict['path'][number]): PathStep =>
    decided === undefined ? { device, does } : { device, does, line: lineOf(decided) };
  return {
    allowed: all.every(({ allowed }) => allowed),
    blocked: all.every(({ blocked }) => blocked),
    ...(sourceSeen === undefined ? {} : { sourceSeen }),
    via: [...shown.via],
    path: shown.path.map(step),
    back: shown.back.map(step),
    reason: `${shown.from.name} → ${shown.to.name} ${printService(shown.service)}: ${shown.reason}${line === undefined ? '' : ` (${printConfigLine(line)})`}`,
    ...(line === undefined ? {} : { line: lineOf(line) }),
    text: printVerdict(shown, directory),
  };
}

const lineOf = ({ device, file, line }: NonNullable<EngineVerdict['line']>): DecidingLine => ({ device, file, line });
