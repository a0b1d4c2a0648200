import type { Construct } from 'constructs';
import type { Attachment, Machine as MachineModel } from '../model';
import { type AttachOptions, Host, type HostProps } from './host';
import type { INetwork } from './handles';
import { propsOf } from './reader';
import { Registry } from './registry';

/** What a machine is declared with. */
export interface MachineProps extends HostProps {}

/** A tenant's server. It is in one primary network, which may be shared. */
export class Machine extends Host {
  readonly #attachments: Attachment[] = [];

  public constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id, props);
    this.partition._addMachine(this);
  }

  /**
   * Gives the machine an address of its own in a further network: an external one that the firewall of its primary
   * network is connected to. Connections it opens from that address are not translated.
   */
  public attach(network: INetwork, options: AttachOptions = {}): this {
    const attachment = this.tryAttach('attach', network, propsOf(options));
    if (attachment !== undefined) this.#attachments.push(attachment);
    Registry.of(this).changed();
    return this;
  }

  /** @internal */
  public _declared(): MachineModel {
    return { kind: 'machine', ...this.declared, ...this.common, attachments: this.#attachments };
  }
}
