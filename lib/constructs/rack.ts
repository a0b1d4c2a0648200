import type { Construct } from 'constructs';
import type { Rack as RackModel } from '../model';
import { FabricElement } from './element';
import type { IRack } from './handles';
import { partitionOf, type PartitionScope } from './partition-scope';
import { propsOf } from './reader';
import { Switch, SwitchRole } from './switch';

/** What a rack is declared with. */
export interface RackProps {
  /**
   * How many leaves the rack has, 1 or 2. Hosts are wired to each of them; with one, its failure cuts the rack off.
   * @default 2
   */
  readonly leaves?: number;

  /**
   * How many ports each leaf has.
   * @default - that of the partition
   */
  readonly switchPorts?: number;

  /**
   * The name in files; the leaves are named `<name>-leaf1` and so on.
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Text for comments in configurations.
   * @default - none
   */
  readonly description?: string;
}

/** What no rack has, so that a wrong number is reported by a rule and does not make that many switches. */
const MOST_LEAVES_MADE = 2;

/** A rack with its leaves: two, unless said otherwise. */
export class Rack extends FabricElement implements IRack {
  /** The leaves of the rack. */
  public readonly leaves: Switch[];
  readonly #partition: PartitionScope;
  readonly #leafCount: number;

  public constructor(scope: Construct, id: string, given: RackProps = {}) {
    super(scope, id, given);
    const props = propsOf(given);
    this.#partition = partitionOf(this);
    this.#leafCount = this.reader.integer('leaves', props.leaves ?? MOST_LEAVES_MADE);
    this.#partition._addRack(this);
    this.leaves = Array.from({ length: numberMade(this.#leafCount) }, (_, index) => {
      const options = this.reader.optional(props.switchPorts, (ports) => ({ ports }));
      const name = `${this.name}-leaf${index + 1}`;
      return new Switch(this, `leaf${index + 1}`, { role: SwitchRole.LEAF, rack: this, name, ...options });
    });
  }

  /** The name in files; the names of its leaves begin with it. */
  public get rackName(): string {
    return this.name;
  }

  /** @internal */
  public _declared(): RackModel {
    return { kind: 'rack', ...this.declared, partition: this.#partition.node.path, leafCount: this.#leafCount };
  }
}

const numberMade = (asked: number): number => (asked >= 0 && asked <= MOST_LEAVES_MADE ? asked : MOST_LEAVES_MADE);
