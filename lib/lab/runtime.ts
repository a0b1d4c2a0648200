import type { Duplex } from 'node:stream';

export const RUNTIMES = ['direct', 'qemu'] as const;

/** Where the nodes are: namespaces of this machine's kernel, or of a guest's. */
export type RuntimeKind = (typeof RUNTIMES)[number];

/** A started guest: all that is needed to reach it and to end it, also from another process. */
export interface Guest {
  readonly runtime: RuntimeKind;
  /** The process that holds all others: with its end they end. */
  readonly pid: number;
  /** When that process started, in clock ticks since boot: its number alone may be another's by now. */
  readonly started: string;
  /** The sockets of its ports. */
  readonly ports: readonly string[];
  /** Whether a port takes one client at a time. */
  readonly exclusive: boolean;
}

export interface Runtime {
  readonly kind: RuntimeKind;
  /**
   * Starts a guest with its state in the folder. It ends when this process does, unless it is kept.
   * @param entrance a port of 127.0.0.1 that is to lead to the guest's own sshd
   * @throws LabError if it does not come up.
   */
  start(folder: string, entrance?: number): Promise<StartedGuest>;
}

export interface StartedGuest {
  readonly guest: Guest;
  /** The line to its agent. */
  readonly line: Duplex;
  /** It goes on when this process ends. */
  keep(): void;
}
