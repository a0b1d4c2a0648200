import { join } from 'node:path';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { type Family, isWithin, printRange, type Range } from '../net';
import type { Manifest } from '../manifest';
import { compareText } from '../plan';
import {
  type Firewall as FirewallModel,
  groupBy,
  type Machine as MachineModel,
  type Misfit,
  type Network as NetworkModel,
  NOTHING_RECORDED,
  type Partition as PartitionModel,
  type Policy as PolicyModel,
  type Rack as RackModel,
  type Rollout as RolloutModel,
  type Switch as SwitchModel,
} from '../model';
import { addDriftCheck, FABRIC_FOLDER, later, type ReadTarget, ResourceType, type Target } from '../terraform';
import { stackFolderOf } from './device';
import { FabricElement } from './element';
import type { INetwork } from './handles';
import { UnderlayNetwork } from './network';
import { type Declares, PARTITION, partitionOf } from './partition-scope';
import { inDirectory, readTarget } from './read-target';
import { propsOf } from './reader';
import { Registry } from './registry';
import { Policy } from './policy';
import { Reachability } from './reachability';
import { IN_CHAINS, readRollout, type Rollout } from './rollout';
import { addRolloutBarriers } from './rollout-barriers';
import { Switch, SwitchRole } from './switch';

/** A run of numbers to allocate from, both ends included. */
export interface NumberPool {
  /** The lowest number. */
  readonly first: number;

  /** The highest number. */
  readonly last: number;
}

/** What a partition is declared with. */
export interface PartitionProps {
  /** The prefixes that private networks are carved out of, of either family or both. */
  readonly superNetworks: string[];

  /**
   * How many spines there are.
   * @default 2
   */
  readonly spines?: number;

  /**
   * How many border leaves there are.
   * @default - 2 if there is an external network, else none
   */
  readonly borderLeaves?: number;

  /**
   * The length of IPv4 prefixes allocated for private networks.
   * @default - 22 if there is an IPv4 super network, else none are allocated
   */
  readonly ipv4PrefixLength?: number;

  /**
   * The length of IPv6 prefixes allocated for private networks.
   * @default - 64 if there is an IPv6 super network, else none are allocated
   */
  readonly ipv6PrefixLength?: number;

  /**
   * The IPv4 prefix of loopbacks of switches and firewalls, which are their VTEPs.
   * @default 10.255.0.0/16
   */
  readonly underlayPrefix?: string;

  /**
   * The MTU of links between switches and to firewalls, in octets.
   * @default 9216
   */
  readonly underlayMtu?: number;

  /**
   * The MTU of tenant networks, in octets: at least 50 less than that of the underlay.
   * @default 9000
   */
  readonly overlayMtu?: number;

  /**
   * The VNIs to allocate from.
   * @default - 10001 to 131072
   */
  readonly vniPool?: NumberPool;

  /**
   * The VLANs to allocate from, on each device anew; also the route tables of VRFs.
   * @default - 1001 to 2000
   */
  readonly vlanPool?: NumberPool;

  /**
   * The autonomous system numbers to allocate from.
   * @default - 4200000001 to 4294967294
   */
  readonly asnPool?: NumberPool;

  /**
   * How many ports a switch has.
   * @default 64
   */
  readonly switchPorts?: number;

  /**
   * The release of FRR that the devices run, like `8.4` or `10.3`: 8.4 to 10.x.
   * @default '10.3', as Debian 13 has it: docs/decisions/0014-frr-10-unless-told-otherwise.md
   */
  readonly frrVersion?: string;

  /**
   * The interface that devices are managed through: SSH is let in there, and nowhere else.
   * @default 'eth0'
   */
  readonly managementInterface?: string;

  /**
   * Where configurations are applied to.
   * @default - folders below `devices/<partition>`
   */
  readonly target?: Target;

  /**
   * The kind of Terraform resource that stands for a device.
   * @default ResourceType.NULL_RESOURCE
   */
  readonly resourceType?: ResourceType;

  /**
   * In what order devices are applied. Canaries are declared after the partition: see `rollOut`.
   * @default Rollout.inChains()
   */
  readonly rollout?: Rollout;

  /**
   * Whether Terraform asks all devices at the end of each plan and apply, and warns of what was changed by other ways. It runs
   * `metal-fabric drift`, which must be on the PATH, and needs the provider hashicorp/external and Terraform 1.5. With it,
   * `terraform plan -detailed-exitcode` is 2 also where nothing is to be changed.
   * @default false
   */
  readonly driftCheck?: boolean;

  /**
   * The folder of the ledger, relative to the one that the app is run in; to be kept in the user's repository. The
   * partition's file there is `<name>.json`.
   * @default 'fabric.lock'
   */
  readonly ledgerDirectory?: string;

  /**
   * Whether the synthesis fails where it would have to give or free a number: for CI, after the ledger was committed.
   * @default - true if the environment variable METAL_FABRIC_FROZEN is `1` or `true`
   */
  readonly frozenLedger?: boolean;

  /**
   * The name in files and in the ledger: a label of a host name, unique within the app.
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
 * One failure domain: its switches, networks and hosts. Whatever is declared below it, at any depth, belongs to it. It
 * stands in a stack, best one of its own.
 */
export class Partition extends FabricElement {
  /** The spines that the partition made. */
  public readonly spines: Switch[];

  /** The network of the switches' loopbacks. */
  public readonly underlay: INetwork;

  /** The folder of the ledger. */
  public readonly ledgerDirectory: string;

  /** Whether no number may be given or freed. */
  public readonly ledgerIsFrozen: boolean;

  /** What its devices let through, once everything is declared. */
  public readonly reachability: Reachability;

  /** @internal */
  public readonly _target: ReadTarget;
  /** @internal */
  public readonly _resourceType: ResourceType;
  /** @internal */
  public readonly _prefixLengths: Readonly<Record<Family, number | undefined>>;
  /** @internal */
  public readonly _switchPorts: number;

  /** Stacks with a drift check need a later Terraform than others. */
  static readonly #checked = new WeakSet<TerraformStack>();

  readonly #settings: PartitionSettings;
  readonly #borderLeaves: Switch[] = [];
  readonly #borderLeavesAsked: number | undefined;
  #rollout: RolloutModel | undefined;
  readonly #racks: Declares<RackModel>[] = [];
  readonly #switches: Declares<SwitchModel>[] = [];
  readonly #networks: Declares<NetworkModel>[] = [];
  readonly #machines: Declares<MachineModel>[] = [];
  readonly #firewalls: Declares<FirewallModel>[] = [];
  readonly #policies: PolicyModel[] = [];

  /** Whether something is a partition, of whichever copy of the library. */
  public static isPartition(this: void, thing: unknown): thing is Partition {
    return typeof thing === 'object' && thing !== null && PARTITION in thing;
  }

  /** The partition that a construct is in: the nearest one above it. */
  public static of(construct: IConstruct): Partition {
    const found: unknown = partitionOf(construct);
    if (Partition.isPartition(found)) return found;
    throw new Error(`invariant: what ${construct.node.path} is in is no partition`);
  }

  public constructor(scope: Construct, id: string, given: PartitionProps) {
    super(scope, id, given);
    const { reader } = this;
    const props = propsOf(given);
    Object.defineProperty(this, PARTITION, { value: true });
    this.reachability = new Reachability(this);
    this.ledgerDirectory = reader.folder('ledgerDirectory', props.ledgerDirectory ?? 'fabric.lock') ?? 'fabric.lock';
    this.ledgerIsFrozen =
      props.frozenLedger === undefined
        ? reader.boolean('METAL_FABRIC_FROZEN', frozenByEnvironment())
        : reader.boolean('frozenLedger', props.frozenLedger);
    this._target =
      reader.optional(props.target, (own) => readTarget(reader, this, 'target', own)) ??
      inDirectory(`devices/${this.name}`);
    this._resourceType =
      reader.choice('resourceType', props.resourceType ?? DEFAULT_TYPE, 'ResourceType', ResourceType) ?? DEFAULT_TYPE;
    this._switchPorts = reader.integer('switchPorts', props.switchPorts ?? 64);
    this.#settings = this.#readSettings(props);
    this._prefixLengths = {
      ipv4: this.#readLength('ipv4PrefixLength', props.ipv4PrefixLength) ?? this.#defaultLength('ipv4', 22),
      ipv6: this.#readLength('ipv6PrefixLength', props.ipv6PrefixLength) ?? this.#defaultLength('ipv6', 64),
    };
    this.#borderLeavesAsked = reader.optional(props.borderLeaves, (count) => this.#readCount('borderLeaves', count));
    Registry.of(this).addPartition(this);
    this.reader.optional(props.rollout, (rollout) => this.#readRollout('rollout', rollout));
    this.underlay = new UnderlayNetwork(this, 'underlay');
    this.spines = this.#makeSwitches('spine', SwitchRole.SPINE, this.#readCount('spines', props.spines ?? 2));
    this.#borderLeaves.push(...this.#makeSwitches('border', SwitchRole.BORDER_LEAF, this.#borderLeavesAsked ?? 0));
    this.#addTerraform(reader.boolean('driftCheck', props.driftCheck ?? false));
  }

  /** The name in files and in the ledger. */
  public get partitionName(): string {
    return this.name;
  }

  /** The border leaves that the partition made. */
  public get borderLeaves(): Switch[] {
    return [...this.#borderLeaves];
  }

  /** Says in what order devices are applied, once their constructs are there. */
  public rollOut(rollout: Rollout): this {
    this.#readRollout('rollOut', rollout);
    Registry.of(this).changed();
    return this;
  }

  /**
   * Wants something to be true of what the devices let through. It is checked at each synthesis, and reported like a rule where it
   * is not so, with a packet that shows it.
   */
  public require(...policies: Policy[]): this {
    for (const [index, given] of this.reader.list('require', policies).entries()) {
      const policy = this.reader.object(`require[${index}]`, given, 'Policy', '_kind');
      if (policy === undefined) continue;
      const from = this.reader.construct(`require[${index}]`, policy._from);
      const to = this.reader.construct(`require[${index}]`, policy._to);
      const on = this.reader.object(`require[${index}]`, policy._on, 'Port', '_protocol');
      if (from === undefined || to === undefined || on === undefined) continue;
      this.#policies.push({ kind: policy._kind, from, to, protocol: on._protocol, ports: on._range });
    }
    Registry.of(this).changed();
    return this;
  }

  /** @internal */
  public get _rollout(): RolloutModel {
    return this.#rollout ?? IN_CHAINS;
  }

  /** @internal */
  public _needBorderLeaves(): void {
    if (this.#borderLeavesAsked === undefined && this.#borderLeaves.length === 0) {
      this.#borderLeaves.push(...this.#makeSwitches('border', SwitchRole.BORDER_LEAF, 2));
    }
  }

  /** @internal */
  public _addRack(rack: Declares<RackModel>): void {
    this.#racks.push(rack);
    Registry.of(this).changed();
  }

  /** @internal */
  public _addSwitch(one: Declares<SwitchModel>): void {
    this.#switches.push(one);
    Registry.of(this).changed();
  }

  /** @internal */
  public _addNetwork(network: Declares<NetworkModel>): void {
    this.#networks.push(network);
    Registry.of(this).changed();
  }

  /** @internal */
  public _addMachine(machine: Declares<MachineModel>): void {
    this.#machines.push(machine);
    Registry.of(this).changed();
  }

  /** @internal */
  public _addFirewall(firewall: Declares<FirewallModel>): void {
    this.#firewalls.push(firewall);
    Registry.of(this).changed();
  }

  /** The partition as the compiler sees it. @internal */
  public _declared(): PartitionModel {
    return {
      kind: 'partition',
      ...this.declared,
      ...this.#settings,
      target: this._target.declared,
      rollout: this._rollout,
      racks: ordered(this.#racks.map((rack) => rack._declared())),
      switches: ordered(this.#switches.map((one) => one._declared())),
      networks: ordered(this.#networks.map((network) => network._declared())),
      machines: ordered(this.#machines.map((machine) => machine._declared())),
      firewalls: ordered(this.#firewalls.map((firewall) => firewall._declared())),
      policies: this.#policies,
      recorded: NOTHING_RECORDED,
    };
  }

  /** @internal */
  public override _misfits(): readonly Misfit[] {
    const elements = [...this.#racks, ...this.#switches, ...this.#networks, ...this.#machines, ...this.#firewalls];
    return [...super._misfits(), ...elements.flatMap((element) => element._misfits())];
  }

  #readSettings(props: PartitionProps): PartitionSettings {
    return {
      superNetworks: this.reader.prefixes('superNetworks', props.superNetworks),
      underlay: this.reader.prefix('underlayPrefix', props.underlayPrefix ?? '10.255.0.0/16'),
      mtu: {
        underlay: this.reader.integer('underlayMtu', props.underlayMtu ?? 9216),
        overlay: this.reader.integer('overlayMtu', props.overlayMtu ?? 9000),
      },
      pools: {
        vnis: this.#readPool('vniPool', props.vniPool ?? { first: 10_001, last: 131_072 }),
        vlans: this.#readPool('vlanPool', props.vlanPool ?? { first: 1001, last: 2000 }),
        asns: this.#readPool('asnPool', props.asnPool ?? { first: 4_200_000_001, last: 4_294_967_294 }),
      },
      frr: this.reader.version('frrVersion', props.frrVersion ?? '10.3') ?? { major: 10, minor: 3 },
      managementInterface:
        this.reader.interfaceName('managementInterface', props.managementInterface ?? 'eth0') ?? 'eth0',
    };
  }

  #readRollout(property: string, given: Rollout): void {
    const rollout = readRollout(this.reader, property, given);
    if (this.#rollout !== undefined) {
      this.reader.reject(property, 'is the second rollout of the partition', 'say all of it in one');
    } else if (rollout !== undefined) {
      this.#rollout = rollout;
      addRolloutBarriers(this, rollout);
    }
  }

  #readLength(property: string, given: number | undefined): number | undefined {
    return this.reader.optional(given, (length) => this.reader.integer(property, length));
  }

  /** Of a family without a super network, nothing is allocated unless it is asked for. */
  #defaultLength(family: Family, length: number): number | undefined {
    return this.#settings.superNetworks.some((prefix) => prefix.family === family) ? length : undefined;
  }

  #readPool(property: string, given: NumberPool): Range {
    const pool = this.reader.object(property, given, 'pool', 'first');
    if (pool === undefined) return { first: NaN, last: NaN };
    const { first, last } = pool;
    return {
      first: this.reader.integer(`${property}.first`, first),
      last: this.reader.integer(`${property}.last`, last),
    };
  }

  /** How many switches to make. A number that no fabric has is reported, and none are made. */
  #readCount(property: string, given: number): number {
    const count = this.reader.integer(property, given);
    if (isWithin(count, SWITCH_COUNT_RANGE)) return count;
    if (!Number.isNaN(count)) {
      const problem = `${count} is outside ${printRange(SWITCH_COUNT_RANGE)}`;
      const fix = 'choose a number in that range, or declare switches one by one';
      this.reader.reject(property, problem, fix);
    }
    return 0;
  }

  #makeSwitches(prefix: string, role: SwitchRole, count: number): Switch[] {
    return Array.from({ length: count }, (_, index) => new Switch(this, `${prefix}${index + 1}`, { role }));
  }

  #addTerraform(driftCheck: boolean): void {
    const stack = this.node.scopes.reverse().find((scope): scope is TerraformStack => TerraformStack.isStack(scope));
    // Outside of a stack there is nothing to add to; a rule reports it.
    if (stack === undefined) return;
    if (!Partition.#checked.has(stack)) stack.addOverride('terraform.required_version', '>= 1.4.0');
    if (driftCheck) {
      Partition.#checked.add(stack);
      addDriftCheck(stack, {
        partition: this.partitionName,
        folder: join(FABRIC_FOLDER, this.partitionName),
        stackFolder: () => stackFolderOf(this),
      });
    }
    if (this._resourceType === ResourceType.NULL_RESOURCE) needNullProvider(stack);
    this.#addOutput('networks', () =>
      this.#manifest().networks.map((network) => [network.name, outputOfNetwork(network)]),
    );
    this.#addOutput('hosts', () => this.#manifest().hosts.map((host) => [host.name, outputOfHost(host)]));
  }

  #addOutput(name: string, entries: () => readonly (readonly [string, object])[]): void {
    const value: unknown = later(() => Object.fromEntries(entries()) as object);
    new TerraformOutput(this, name, { value }).overrideLogicalId(`${this.partitionName}_${name}`);
  }

  #manifest(): Manifest {
    return Registry.of(this).compiledPartition(this).manifest;
  }
}

const DEFAULT_TYPE = ResourceType.NULL_RESOURCE;

/** How many spines or border leaves a partition makes by itself. */
const SWITCH_COUNT_RANGE: Range = { first: 0, last: 64 };

/** What the environment says; what it cannot mean goes on, to be refused: a guard must not be off without a word. */
function frozenByEnvironment(): boolean {
  const { METAL_FABRIC_FROZEN: said = '' } = process.env;
  if (['1', 'true'].includes(said)) return true;
  return ['', '0', 'false'].includes(said) ? false : (said as never);
}

type PartitionSettings = Pick<
  PartitionModel,
  'superNetworks' | 'underlay' | 'mtu' | 'pools' | 'frr' | 'managementInterface'
>;

const ordered = <T extends { readonly name: string; readonly path: string }>(things: readonly T[]): readonly T[] =>
  [...things].sort((a, b) => compareText(a.name, b.name) || compareText(a.path, b.path));

/** A stack has one null provider; the user may have declared it before. */
function needNullProvider(stack: TerraformStack): void {
  if (!stack.node.findAll().some((construct) => construct instanceof NullProvider)) new NullProvider(stack, 'null');
}

const outputOfNetwork = ({ vni, prefixes, shared }: Manifest['networks'][number]): object => ({
  vni,
  prefixes,
  shared,
});

/** Addresses by network: what other Terraform configurations look up. */
const outputOfHost = ({ network, addresses }: Manifest['hosts'][number]): object => ({
  network,
  addresses: Object.fromEntries(
    [...groupBy(addresses, (entry) => entry.network)].map(([name, entries]) => [
      name,
      entries.map(({ address }) => address),
    ]),
  ),
});
