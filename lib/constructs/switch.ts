import type { Construct } from 'constructs';
import type { Switch as SwitchModel, SwitchRole as SwitchRoleModel } from '../model';
import type { Target } from '../terraform';
import { addDeviceResource } from './device';
import { FabricElement } from './element';
import type { IRack, ISwitch } from './handles';
import { partitionOf, type PartitionScope } from './partition-scope';
import { readTarget } from './read-target';
import { propsOf } from './reader';

/** What a switch is there for. */
export enum SwitchRole {
  /** Joins all leaves; no host is wired to it. */
  SPINE = 'spine',
  /** The switch of a rack: machines and firewalls are wired to it. */
  LEAF = 'leaf',
  /** Joins the partition to routers of others. */
  BORDER_LEAF = 'border-leaf',
}

/** What a switch is declared with. */
export interface SwitchProps {
  /** What the switch is there for. */
  readonly role: SwitchRole;

  /**
   * The rack of a leaf.
   * @default - none, as for spines and border leaves
   */
  readonly rack?: IRack;

  /**
   * How many ports the switch has, 1 to 512; they are named swp1 and on.
   * @default - that of the partition
   */
  readonly ports?: number;

  /**
   * The IPv4 or IPv6 address that the device is managed at; written into fabric.json.
   * @default - not known
   */
  readonly managementAddress?: string;

  /**
   * Where the configuration is applied to. It stands in place of that of the partition as a whole.
   * @default - the target of the partition
   */
  readonly target?: Target;

  /**
   * The host name, also in files and in the ledger.
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Text for comments in configurations.
   * @default - none
   */
  readonly description?: string;
}

/**
 * A switch. `Partition` makes spines and border leaves, and `Rack` makes leaves; declare one by hand where it differs from
 * the others, or where there are more.
 */
export class Switch extends FabricElement implements ISwitch {
  readonly #partition: PartitionScope;
  readonly #props: Pick<SwitchModel, 'role' | 'rack' | 'ports' | 'managementAddress' | 'target'>;

  public constructor(scope: Construct, id: string, given: SwitchProps) {
    super(scope, id, given);
    const { reader } = this;
    const props = propsOf(given);
    this.#partition = partitionOf(this);
    const target = reader.optional(props.target, (own) => readTarget(reader, this, 'target', own));
    this.#props = {
      role: ROLES[reader.choice('role', props.role, 'SwitchRole', SwitchRole) ?? SwitchRole.SPINE],
      rack: reader.optional(props.rack, (rack) => reader.construct('rack', rack)),
      ports: reader.optional(props.ports, (ports) => reader.integer('ports', ports)) ?? this.#partition._switchPorts,
      managementAddress: reader.optional(props.managementAddress, (address) =>
        reader.address('managementAddress', address),
      ),
      target: target?.declared,
    };
    this.#partition._addSwitch(this);
    addDeviceResource(this, this.#partition, {
      name: this.name,
      managementAddress: this.#props.managementAddress,
      target,
    });
  }

  /** The host name, also in files and in the ledger. */
  public get switchName(): string {
    return this.name;
  }

  /** @internal */
  public _declared(): SwitchModel {
    return { kind: 'switch', ...this.declared, partition: this.#partition.node.path, ...this.#props };
  }
}

const ROLES: Readonly<Record<SwitchRole, SwitchRoleModel>> = {
  [SwitchRole.SPINE]: 'spine',
  [SwitchRole.LEAF]: 'leaf',
  [SwitchRole.BORDER_LEAF]: 'border-leaf',
};
