import type { Construct } from 'constructs';
import type { Address, Family } from '../net';
import type { Attachment, Reference, Target as TargetModel, Wiring } from '../model';
import type { ReadTarget, Target } from '../terraform';
import { addDeviceResource } from './device';
import { FabricElement } from './element';
import type { IHost, INetwork, IRack, ISwitch } from './handles';
import { laterText } from './later';
import { partitionOf, type PartitionScope } from './partition-scope';
import { plannedHost } from './planned';
import { readTarget } from './read-target';
import { propsOf } from './reader';

/** What machines and firewalls are declared with. */
export interface HostProps {
  /** The rack the host stands in. */
  readonly rack: IRack;

  /** The network the host is in first of all: a private network, shared or not. */
  readonly primaryNetwork: INetwork;

  /**
   * The IPv4 address in the primary network.
   * @default - one is allocated
   */
  readonly ip?: string;

  /**
   * The IPv6 address in the primary network.
   * @default - one is allocated
   */
  readonly ipv6?: string;

  /**
   * Whether an address is allocated for a family without a given one. Set to false (`noauto`), the host has just the
   * addresses given.
   * @default true
   */
  readonly autoIp?: boolean;

  /**
   * Who owns the host.
   * @default - the project of the primary network
   */
  readonly project?: string;

  /**
   * The leaves that the host's interfaces are wired to, in that order.
   * @default - the leaves of the rack
   */
  readonly leaves?: ISwitch[];

  /**
   * The port of each leaf, like `swp7`.
   * @default - ports are given and kept in the ledger
   */
  readonly leafPorts?: string[];

  /**
   * The network interfaces of the host, in the order of the leaves.
   * @default ['lan0', 'lan1']
   */
  readonly interfaces?: string[];

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

/** How a host is in a further network. */
export interface AttachOptions {
  /**
   * The IPv4 address in the network.
   * @default - one is allocated
   */
  readonly ip?: string;

  /**
   * The IPv6 address in the network.
   * @default - one is allocated
   */
  readonly ipv6?: string;

  /**
   * Whether an address is allocated for a family without a given one.
   * @default true
   */
  readonly autoIp?: boolean;
}

/** What machines and firewalls have in common. */
export abstract class Host extends FabricElement implements IHost {
  /** @internal */
  protected readonly partition: PartitionScope;
  readonly #rack: Reference | undefined;
  readonly #project: string | undefined;
  readonly #primary: Attachment | undefined;
  readonly #wiring: Wiring;
  readonly #managementAddress: Address | undefined;
  readonly #target: ReadTarget | undefined;

  protected constructor(scope: Construct, id: string, given: HostProps) {
    super(scope, id, given);
    const { reader } = this;
    const props = propsOf(given);
    this.partition = partitionOf(this);
    // What a host cannot be without has rules of its own, which say more than that nothing was given.
    this.#rack = reader.optional(props.rack, (rack) => reader.construct('rack', rack));
    this.#project = reader.optional(props.project, (project) => reader.name('project', project));
    this.#primary = reader.optional(props.primaryNetwork, (network) =>
      this.tryAttach('primaryNetwork', network, props),
    );
    this.#wiring = {
      leaves: reader.optional(props.leaves, (leaves) => reader.constructs('leaves', leaves)),
      leafPorts: reader.optional(props.leafPorts, (ports) => reader.interfaceNames('leafPorts', ports)),
      interfaces: reader.interfaceNames('interfaces', props.interfaces ?? ['lan0', 'lan1']),
    };
    this.#managementAddress = reader.optional(props.managementAddress, (address) =>
      reader.address('managementAddress', address),
    );
    this.#target = reader.optional(props.target, (own) => readTarget(reader, this, 'target', own));
    addDeviceResource(this, this.partition, {
      name: this.name,
      managementAddress: this.#managementAddress,
      target: this.#target,
    });
  }

  /** The host name, also in files and in the ledger. */
  public get hostName(): string {
    return this.name;
  }

  /** The IPv4 address in the primary network, as a token: known when the app is synthesized. */
  public get ipv4Address(): string {
    return this.#addressToken('ipv4');
  }

  /** The IPv6 address in the primary network, as a token: known when the app is synthesized. */
  public get ipv6Address(): string {
    return this.#addressToken('ipv6');
  }

  /** @internal */
  protected get common(): {
    readonly partition: Reference;
    readonly rack: Reference | undefined;
    readonly project: string | undefined;
    readonly primary: Attachment | undefined;
    readonly wiring: Wiring;
    readonly managementAddress: Address | undefined;
    readonly target: TargetModel | undefined;
  } {
    return {
      partition: this.partition.node.path,
      rack: this.#rack,
      project: this.#project,
      primary: this.#primary,
      wiring: this.#wiring,
      managementAddress: this.#managementAddress,
      target: this.#target?.declared,
    };
  }

  /** @internal */
  /** That the host is in the network; undefined if what was given is none, which is reported. */
  protected tryAttach(
    property: string,
    network: INetwork,
    { ip, ipv6, autoIp }: AttachOptions,
  ): Attachment | undefined {
    const { reader } = this;
    const addresses = [
      reader.optional(ip, (text) => reader.addressOf('ipv4', 'ip', text)),
      reader.optional(ipv6, (text) => reader.addressOf('ipv6', 'ipv6', text)),
    ];
    const path = reader.construct(property, network);
    if (path === undefined) return undefined;
    return {
      network: path,
      addresses: addresses.filter((address): address is Address => address !== undefined),
      autoIp: reader.boolean('autoIp', autoIp ?? true),
    };
  }

  #addressToken(family: Family): string {
    return laterText(
      () =>
        plannedHost(this.partition, this.node.path)
          .primary.addresses.find((address) => address.family === family)
          ?.toString() ?? '',
    );
  }
}
