import { Lazy } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import type { Address, Family } from '../net';
import type { Attachment, Reference, Wiring } from '../model';
import type { PlannedFirewall, PlannedMachine } from '../plan';
import type { Target } from '../terraform';
import { addDeviceResource } from './device';
import { FabricElement } from './element';
import type { IHost, INetwork, IRack, ISwitch } from './handles';
import { partitionOf, type PartitionScope } from './partition-scope';
import { Registry } from './registry';

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
   * Where the configuration is applied to.
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

  protected constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id, props);
    this.partition = partitionOf(this);
    this.#rack = tryPath(props.rack);
    this.#project = props.project === undefined ? undefined : this.reader.name('project', props.project);
    this.#primary = tryPath(props.primaryNetwork) === undefined ? undefined : this.attachmentTo(props.primaryNetwork, props);
    this.#wiring = {
      leaves: props.leaves?.map(({ node }) => node.path),
      leafPorts: props.leafPorts === undefined ? undefined : this.reader.interfaceNames('leafPorts', props.leafPorts),
      interfaces: this.reader.interfaceNames('interfaces', props.interfaces ?? ['lan0', 'lan1']),
    };
    addDeviceResource(this, this.partition, this.name, props.target);
  }

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
  } {
    return {
      partition: this.partition.node.path,
      rack: this.#rack,
      project: this.#project,
      primary: this.#primary,
      wiring: this.#wiring,
    };
  }

  /** @internal */
  protected attachmentTo(network: INetwork, { ip, ipv6, autoIp = true }: AttachOptions): Attachment {
    const given = [this.reader.address('ip', ip), this.reader.address('ipv6', ipv6)];
    return {
      network: network.node.path,
      addresses: given.filter((address): address is Address => address !== undefined),
      autoIp,
    };
  }

  #addressToken(family: Family): string {
    return Lazy.stringValue({
      produce: () => this.#planned().primary.addresses.find((address) => address.family === family)?.toString() ?? '',
    });
  }

  #planned(): PlannedMachine | PlannedFirewall {
    const { machines, firewalls } = Registry.of(this).compiledPartition(this.partition).plan;
    const planned = [...machines, ...firewalls].find(({ declared }) => declared.path === this.node.path);
    if (planned === undefined) throw new Error(`invariant: ${this.node.path} is not in the plan`);
    return planned;
  }
}

/** The path of a construct that a program in JavaScript may have left out. */
function tryPath(construct: IConstruct | undefined): Reference | undefined {
  return construct?.node.path;
}
