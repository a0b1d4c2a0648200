import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { BITS, FAMILIES, type Family, Prefix } from '../net';
import type {
  ExternalNetwork as ExternalNetworkModel,
  Misfit,
  Network,
  PrivateNetwork as PrivateNetworkModel,
  Router,
  RouterAddress,
  Sharing,
} from '../model';
import { Latch } from '../terraform';
import { FabricElement } from './element';
import type { ISharedNetwork, ISwitch } from './handles';
import type { InternetAccess } from './internet-access';
import { laterText } from './later';
import { partitionOf, type PartitionScope } from './partition-scope';
import { plannedNetwork } from './planned';
import { propsOf } from './reader';
import { Registry } from './registry';

/** How a network is shared. */
export interface ShareOptions {
  /**
   * Whether consumers are hidden behind an address of the shared network: its hosts see the firewall's address and can
   * open no connection to the consumer. Without, original addresses are seen both ways, and both sides may open.
   */
  readonly nat: boolean;

  /**
   * What is reachable through the network, as prefixes. It makes the network a DMZ: firewalls that are connected to it
   * get their routes to these through it.
   * @default - nothing
   */
  readonly destinationPrefixes?: string[];
}

interface NetworkProps {
  readonly name?: string;
  readonly description?: string;
  readonly prefixes?: string[];
  readonly vni?: number;
}

/** The order in which destinations are given says nothing. */
const inOrder = (destinations: readonly Prefix[]): readonly Prefix[] => [...destinations].sort(Prefix.compare);

/** What all networks have in common. */
export abstract class NetworkElement extends FabricElement implements ISharedNetwork {
  /** @internal */
  protected readonly partition: PartitionScope;
  readonly #prefixes: Network['prefixes'];
  readonly #vni: number | undefined;
  #sharing: Omit<Sharing, 'exposedTo'> | undefined;
  #exposedTo: readonly string[] | undefined;

  /** @internal */
  protected constructor(scope: Construct, id: string, given: NetworkProps) {
    super(scope, id, given);
    const props = propsOf(given);
    this.partition = partitionOf(this);
    this.#prefixes = this.reader.prefixes('prefixes', props.prefixes);
    this.#vni = this.reader.optional(props.vni, (vni) => this.reader.integer('vni', vni));
    this.partition._addNetwork(this);
  }

  /** The name on devices, in files and in the ledger. */
  public get networkName(): string {
    return this.name;
  }

  /** The VXLAN network identifier, as a token: known when the app is synthesized. */
  public get networkVni(): number {
    return Lazy.numberValue({ produce: () => plannedNetwork(this.partition, this.node.path).vni });
  }

  /** The first IPv4 prefix, as a token: known when the app is synthesized. */
  public get ipv4Prefix(): string {
    return this.#prefixToken('ipv4');
  }

  /** The first IPv6 prefix, as a token: known when the app is synthesized. */
  public get ipv6Prefix(): string {
    return this.#prefixToken('ipv6');
  }

  /**
   * Marks the network as shared. That can be done at any time after the network was allocated, and never be undone: a
   * later app without it is refused. Only private networks can be shared.
   */
  public share(options: ShareOptions): ISharedNetwork {
    const { nat: given, destinationPrefixes } = propsOf(options);
    const nat = this.reader.boolean('nat', given);
    const destinations = inOrder(this.reader.prefixes('destinationPrefixes', destinationPrefixes));
    const before = this.#sharing;
    if (before === undefined) {
      this.#sharing = { nat, destinationPrefixes: destinations, contradictions: 0 };
    } else if (before.nat !== nat || before.destinationPrefixes.join() !== destinations.join()) {
      this.#sharing = { ...before, contradictions: before.contradictions + 1 };
    }
    Registry.of(this).changed();
    return this;
  }

  /** Lets only these projects consume the network once it is shared; called again, these too. Without any call, all may. */
  public exposedTo(...projects: string[]): ISharedNetwork {
    const named = this.reader.names('exposedTo', projects);
    this.#exposedTo = [...new Set([...(this.#exposedTo ?? []), ...named])].sort();
    Registry.of(this).changed();
    return this;
  }

  /** @internal */
  public override _misfits(): readonly Misfit[] {
    if (this.#exposedTo === undefined || this.#sharing !== undefined) return super._misfits();
    const problem = `exposedTo: names ${this.#exposedTo.join(', ')}, and the network is not shared`;
    const fix = 'share the network, or leave the list out';
    return [...super._misfits(), { path: this.node.path, rule: 'library/values-are-well-formed', problem, fix }];
  }

  /** The network as the compiler sees it. @internal */
  public abstract _declared(): Network;

  /** @internal */
  protected get isShared(): boolean {
    return this.#sharing !== undefined;
  }

  /** @internal */
  protected get common(): Omit<PrivateNetworkModel, 'kind' | 'project' | 'prefixLengths' | 'internetAccess'> {
    return {
      ...this.declared,
      partition: this.partition.node.path,
      prefixes: this.#prefixes,
      vni: this.#vni,
      sharing: this.#sharing && { ...this.#sharing, exposedTo: this.#exposedTo },
    };
  }

  #prefixToken(family: Family): string {
    return laterText(
      () =>
        plannedNetwork(this.partition, this.node.path)
          .prefixes.find((prefix) => prefix.family === family)
          ?.toString() ?? '',
    );
  }
}

/** What a private network is declared with. */
export interface PrivateNetworkProps {
  /** Who owns the network. Only machines and firewalls of the same project can have it as their primary network. */
  readonly project: string;

  /**
   * The prefixes, each inside a super network of the partition.
   * @default - one of each family is allocated from the super networks
   */
  readonly prefixes?: string[];

  /**
   * The length of the IPv4 prefix to allocate.
   * @default - that of the partition
   */
  readonly ipv4PrefixLength?: number;

  /**
   * The length of the IPv6 prefix to allocate.
   * @default - that of the partition
   */
  readonly ipv6PrefixLength?: number;

  /**
   * The VXLAN network identifier, 1 to 16777214.
   * @default - one is allocated
   */
  readonly vni?: number;

  /**
   * The name on devices, in files and in the ledger: a label of a host name.
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Text for comments in configurations.
   * @default - none
   */
  readonly description?: string;
}

/** A tenant's network: a VRF of its own on every device that takes part in it. */
export class PrivateNetwork extends NetworkElement {
  readonly #project: string;
  readonly #prefixLengths: PrivateNetworkModel['prefixLengths'];
  #internetAccess: PrivateNetworkModel['internetAccess'];

  public constructor(scope: Construct, id: string, given: PrivateNetworkProps) {
    super(scope, id, given);
    const props = propsOf(given);
    const length = (property: 'ipv4PrefixLength' | 'ipv6PrefixLength'): number | undefined =>
      this.reader.optional(props[property], (value) => this.reader.integer(property, value));
    this.#project = this.reader.name('project', props.project);
    this.#prefixLengths = {
      ipv4: length('ipv4PrefixLength') ?? this.partition._prefixLengths.ipv4,
      ipv6: length('ipv6PrefixLength') ?? this.partition._prefixLengths.ipv6,
    };
    const shared = { logicalId: `shared_${this.partition.partitionName}_${this.name}`, isReached: () => this.isShared };
    new Latch(this, 'Latch', [shared]);
  }

  /** Says how machines of the network reach the internet, so that it is checked. */
  public internetAccess(access: InternetAccess): this {
    const before = this.#internetAccess;
    const read = this.#tryReadAccess(access);
    if (before !== undefined && read !== undefined && printAccess(before) !== printAccess(read)) {
      const problem = `is declared as ${printAccess(before)} and as ${printAccess(read)}`;
      const fix = 'declare one way to the internet';
      this.reader.reject('internetAccess', problem, fix);
    }
    this.#internetAccess = read;
    Registry.of(this).changed();
    return this;
  }

  #tryReadAccess(given: InternetAccess): PrivateNetworkModel['internetAccess'] {
    const access = this.reader.object('internetAccess', given, 'InternetAccess', '_way');
    if (access?._way.kind !== 'via-proxy') return access?._way;
    const { kind, proxy } = access._way;
    const address = this.reader.address('internetAccess.address', propsOf(proxy).address);
    const port = this.reader.integer('internetAccess.port', propsOf(proxy).port);
    return address === undefined ? undefined : { kind, address, port };
  }

  /** @internal */
  public override _declared(): PrivateNetworkModel {
    return {
      kind: 'private',
      ...this.common,
      project: this.#project,
      prefixLengths: this.#prefixLengths,
      internetAccess: this.#internetAccess,
    };
  }
}

function printAccess(access: NonNullable<PrivateNetworkModel['internetAccess']>): string {
  return access.kind === 'via-proxy' ? `${access.kind} ${access.address.toString()} ${access.port}` : access.kind;
}

/** What a shared network is declared with. */
export interface SharedNetworkProps extends PrivateNetworkProps {
  /**
   * Whether consumers are hidden behind an address of the shared network: its hosts see the firewall's address and can
   * open no connection to the consumer. Without, original addresses are seen both ways, and both sides may open.
   */
  readonly nat: boolean;

  /**
   * What is reachable through the network, as prefixes. It makes the network a DMZ: firewalls that are connected to it
   * get their routes to these through it.
   * @default - nothing
   */
  readonly destinationPrefixes?: string[];
}

/** A private network that is shared from its first day: the same as a `PrivateNetwork` and a call of `share`. */
export class SharedNetwork extends PrivateNetwork {
  public constructor(scope: Construct, id: string, props: SharedNetworkProps) {
    super(scope, id, props);
    this.share(props);
  }
}

/** A router of somebody else, wired to a border leaf. */
export interface ExternalRouter {
  /** The name in files and in the ledger: a label of a host name. */
  readonly name: string;

  /** The autonomous system of the router. */
  readonly asn: number;

  /**
   * The IPv4 address of the router on the link; needed where the network leads to IPv4 destinations.
   * @default - none, no IPv4 is spoken
   */
  readonly address?: string;

  /**
   * The IPv6 address of the router on the link; needed where the network leads to IPv6 destinations.
   * @default - none, no IPv6 is spoken
   */
  readonly ipv6Address?: string;

  /**
   * The length of the IPv4 prefix of the link.
   * @default 31
   */
  readonly prefixLength?: number;

  /**
   * The length of the IPv6 prefix of the link.
   * @default 127
   */
  readonly ipv6PrefixLength?: number;

  /**
   * The border leaf's IPv4 address on the link.
   * @default - the other address of the prefix
   */
  readonly localAddress?: string;

  /**
   * The border leaf's IPv6 address on the link.
   * @default - the other address of the prefix
   */
  readonly localIpv6Address?: string;

  /**
   * The border leaf that the router is wired to.
   * @default - the one with the fewest routers; kept in the ledger
   */
  readonly leaf?: ISwitch;

  /**
   * The port of the border leaf, like `swp7`.
   * @default - one is given and kept in the ledger
   */
  readonly port?: string;
}

/** What an external network is declared with. */
export interface ExternalNetworkProps {
  /** Prefixes from which firewalls get their addresses in this network. */
  readonly prefixes: string[];

  /** What is reachable through the network: `0.0.0.0/0` and `::/0` for the internet. */
  readonly destinationPrefixes: string[];

  /**
   * Whether private networks are hidden behind the firewall's address (IPv4 only). Without, the routers learn the private
   * prefixes, and original addresses are seen.
   */
  readonly nat: boolean;

  /** The routers that lead on. */
  readonly routers: ExternalRouter[];

  /**
   * The VXLAN network identifier, 1 to 16777214.
   * @default - one is allocated
   */
  readonly vni?: number;

  /**
   * The name on devices, in files and in the ledger: a label of a host name.
   * @default - the construct id
   */
  readonly name?: string;

  /**
   * Text for comments in configurations.
   * @default - none
   */
  readonly description?: string;
}

/** A network beyond the partition, reached from its border leaves: the internet, or that of a company. */
export class ExternalNetwork extends NetworkElement {
  readonly #destinationPrefixes: ExternalNetworkModel['destinationPrefixes'];
  readonly #nat: boolean;
  readonly #routers: readonly Router[];

  public constructor(scope: Construct, id: string, given: ExternalNetworkProps) {
    super(scope, id, given);
    const props = propsOf(given);
    const routers = this.reader.optional(props.routers, (list) => this.reader.list('routers', list)) ?? [];
    this.#destinationPrefixes = inOrder(this.reader.prefixes('destinationPrefixes', props.destinationPrefixes));
    this.#nat = this.reader.boolean('nat', props.nat);
    this.#routers = routers.flatMap((router, index) => this.#readRouter(`routers[${index}]`, router));
    this.partition._needBorderLeaves();
  }

  /** @internal */
  public override _declared(): ExternalNetworkModel {
    return {
      kind: 'external',
      ...this.common,
      destinationPrefixes: this.#destinationPrefixes,
      nat: this.#nat,
      routers: this.#routers,
    };
  }

  #readRouter(property: string, given: ExternalRouter): readonly Router[] {
    const { reader } = this;
    const router = reader.object(property, given, 'router', 'name');
    if (router === undefined) return [];
    const peers = FAMILIES.map((family) => this.#tryReadPeer(property, router, family));
    return [
      {
        name: reader.name(`${property}.name`, router.name),
        asn: reader.integer(`${property}.asn`, router.asn),
        peers: peers.filter((peer): peer is RouterAddress => peer !== undefined),
        leaf: reader.optional(router.leaf, (leaf) => reader.construct(`${property}.leaf`, leaf)),
        port: reader.optional(router.port, (port) => reader.interfaceName(`${property}.port`, port)),
      },
    ];
  }

  #tryReadPeer(property: string, router: ExternalRouter, family: Family): RouterAddress | undefined {
    const { reader } = this;
    const names = PEER_PROPERTIES[family];
    const nameOf = (which: keyof typeof names): string => `${property}.${names[which]}`;
    const address = reader.optional(router[names.address], (text) => reader.addressOf(family, nameOf('address'), text));
    if (address === undefined) return undefined;
    return {
      address,
      length: reader.integer(nameOf('length'), router[names.length] ?? BITS[family] - 1),
      local: reader.optional(router[names.local], (text) => reader.addressOf(family, nameOf('local'), text)),
    };
  }
}

const PEER_PROPERTIES = {
  ipv4: { address: 'address', length: 'prefixLength', local: 'localAddress' },
  ipv6: { address: 'ipv6Address', length: 'ipv6PrefixLength', local: 'localIpv6Address' },
} as const;

/** The network of the loopbacks. It cannot be attached; it is there so that an attempt is explained. @internal */
export class UnderlayNetwork extends NetworkElement {
  public constructor(scope: Construct, id: string) {
    super(scope, id, {});
  }

  /** @internal */
  public override _declared(): Network {
    return { kind: 'underlay', ...this.common };
  }
}
