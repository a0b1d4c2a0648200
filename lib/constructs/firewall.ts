import type { Construct } from 'constructs';
import {
  groupBy,
  type Connection,
  type Firewall as FirewallModel,
  type Flow as FlowModel,
  type NatPolicy as NatPolicyModel,
} from '../model';
import type { Flow } from './flow';
import { type AttachOptions, Host, type HostProps } from './host';
import type { NatPolicy } from './nat-policy';
import type { INetwork } from './handles';
import { propsOf } from './reader';
import { Registry } from './registry';

/** What a firewall is declared with. */
export interface FirewallProps extends HostProps {}

/** How a firewall is connected to a shared or external network. */
export interface ConnectOptions extends AttachOptions {
  /**
   * What is done to source addresses of the primary network.
   * @default - as the network says
   */
  readonly nat?: NatPolicy;

  /**
   * Which connections may be opened, in either direction; all others are dropped.
   * @default - all that the network lets through by default
   */
  readonly allow?: Flow[];
}

/** A server that routes, filters and translates between its primary private network and those it is connected to. */
export class Firewall extends Host {
  readonly #connections: Connection[] = [];

  public constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id, props);
    this.partition._addFirewall(this);
  }

  /**
   * Joins a shared or external network: routes go both ways, filters and translation are as the network says, or
   * narrower.
   */
  public connect(network: INetwork, options: ConnectOptions = {}): this {
    const { reader } = this;
    const { nat, allow, ...address } = propsOf(options);
    const attachment = this.tryAttach('connect', network, address);
    const policy = reader.optional(nat, (given) => this.#tryReadNat(given));
    const flows = reader.optional(allow, (given) =>
      reader.list('allow', given).flatMap((flow, index) => this.#readFlow(`allow[${index}]`, flow)),
    );
    if (attachment !== undefined) this.#connections.push({ ...attachment, nat: policy, allow: flows });
    Registry.of(this).changed();
    return this;
  }

  /** @internal */
  public _declared(): FirewallModel {
    return { kind: 'firewall', ...this.declared, ...this.common, connections: this.#connections };
  }

  #tryReadNat(given: NatPolicy): NatPolicyModel | undefined {
    const policy = this.reader.object('nat', given, 'NatPolicy', '_keep');
    if (policy === undefined) return undefined;
    const { _kind: kind, _to: to, _keep: kept } = policy;
    if (kind === 'none') return { kind };
    const keep = this.reader.prefixes('nat.keep', kept);
    if (kind === 'masquerade') return { kind, keep };
    return { kind, keep, address: this.reader.optional(to, (text) => this.reader.address('nat.to', text)) };
  }

  /** One flow for each protocol named. A flow that cannot be read is left out; the misfit fails the synthesis. */
  #readFlow(property: string, given: Flow): readonly FlowModel[] {
    const { reader } = this;
    const flow = reader.object(property, given, 'Flow', '_direction');
    if (flow === undefined) return [];
    const far = this.#tryReadFarSide(property, flow);
    const ports = flow._ports.flatMap((port) => reader.object(property, port, 'Port', '_protocol') ?? []);
    const comment = reader.optional(flow._comment, (text) => reader.text(`${property}.comment`, text));
    if (flow._ports.length === 0) {
      const problem = 'names no protocol or port, and would let nothing through';
      reader.reject(property, problem, 'name one, or leave the flow out');
    }
    if (far === undefined || ports.length < flow._ports.length) return [];
    return [...groupBy(ports, ({ _protocol: protocol }) => protocol)].map(([protocol, ofProtocol]) => ({
      direction: flow._direction,
      ...far,
      protocol,
      ports: ofProtocol.flatMap(({ _range: range }) =>
        range === undefined
          ? []
          : [{ first: reader.integer(property, range.first), last: reader.integer(property, range.last) }],
      ),
      comment,
    }));
  }

  #tryReadFarSide(property: string, { _far: far }: Flow): Pick<FlowModel, 'prefix' | 'network'> | undefined {
    if (far.kind === 'prefix') {
      const prefix = this.reader.prefix(property, far.prefix);
      return prefix === undefined ? undefined : { prefix, network: undefined };
    }
    const network = this.reader.construct(property, far.network);
    return network === undefined ? undefined : { prefix: undefined, network };
  }
}
