import type { Construct } from 'constructs';
import { groupBy, type Connection, type Firewall as FirewallModel, type Flow as FlowModel, type NatPolicy as NatPolicyModel } from '../model';
import type { Flow } from './flow';
import { type AttachOptions, Host, type HostProps } from './host';
import type { NatPolicy } from './nat-policy';
import type { INetwork } from './handles';
import { Registry } from './registry';

export interface FirewallProps extends HostProps {}

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
  public connect(network: INetwork, { nat, allow, ...address }: ConnectOptions = {}): this {
    this.#connections.push({
      ...this.attachmentTo(network, address),
      nat: nat === undefined ? undefined : this.#readNat(nat),
      allow: allow?.flatMap((flow, index) => this.#readFlow(`allow[${index}]`, flow)),
    });
    Registry.of(this).changed();
    return this;
  }

  /** @internal */
  public _declared(): FirewallModel {
    return { kind: 'firewall', ...this.declared, ...this.common, connections: this.#connections };
  }

  #readNat({ _kind: kind, _to: to, _keep: kept }: NatPolicy): NatPolicyModel {
    if (kind === 'none') return { kind };
    const keep = this.reader.prefixes('nat.keep', kept);
    return kind === 'masquerade' ? { kind, keep } : { kind, keep, address: this.reader.address('nat.to', to) };
  }

  /** One flow for each protocol named. A flow whose prefix is none is left out; the misfit fails the synthesis. */
  #readFlow(property: string, flow: Flow): readonly FlowModel[] {
    const prefix = flow._prefix === undefined ? undefined : this.reader.prefix(property, flow._prefix);
    if (flow._prefix !== undefined && prefix === undefined) return [];
    return [...groupBy(flow._ports, ({ _protocol: protocol }) => protocol)].map(([protocol, ports]) => ({
      direction: flow._direction,
      prefix,
      network: flow._network?.node.path,
      protocol,
      ports: ports.flatMap(({ _first: first, _last: last }) =>
        first === undefined || last === undefined
          ? []
          : [{ first: this.reader.integer(property, first), last: this.reader.integer(property, last) }],
      ),
      comment: this.reader.text(`${property}.comment`, flow._comment),
    }));
  }
}
