import type { IConstruct } from 'constructs';

/** A network that hosts can be in. */
export interface INetwork extends IConstruct {
  /** The name on devices, in files and in the ledger. */
  readonly networkName: string;
}

/** A network that was marked as shared: a service for all machines of the partition whose firewall is connected to it. */
export interface ISharedNetwork extends INetwork {
  /** Lets only these projects consume the network; called again, these too. Without any call, all may. */
  exposedTo(...projects: string[]): ISharedNetwork;
}

/** A rack, with the leaves that its hosts are wired to. */
export interface IRack extends IConstruct {
  /** The name in files; the names of its leaves begin with it. */
  readonly rackName: string;
}

/** A switch of the fabric. */
export interface ISwitch extends IConstruct {
  /** The host name, also in files and in the ledger. */
  readonly switchName: string;
}

/** A server: a machine or a firewall. */
export interface IHost extends IConstruct {
  /** The host name, also in files and in the ledger. */
  readonly hostName: string;
}
