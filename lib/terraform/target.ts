/** How a user without the rights to change a device gets them there. */
export enum Become {
  /** Not at all: the user is root. */
  NONE = 'none',
  /** `sudo -n`, which must ask for no password. */
  SUDO = 'sudo',
  /** `doas -n`, which must ask for no password. */
  DOAS = 'doas',
}

/** The host that connections to devices go through. */
export interface BastionOptions {
  /** A host name, or an IPv4 or IPv6 address. */
  readonly host: string;

  /**
   * The port of its SSH server.
   * @default 22
   */
  readonly port?: number;

  /**
   * The user there.
   * @default - the user on the devices
   */
  readonly user?: string;

  /**
   * The public key that it answers with, or that of the CA that signed it: `ssh-ed25519 AAAA…`.
   * @default - none, which is refused unless any key is accepted
   */
  readonly hostKey?: string;

  /**
   * Whether whoever answers is taken for the bastion.
   * @default false
   */
  readonly acceptAnyHostKey?: boolean;

  /**
   * The private key of the user there: a sensitive Terraform variable, never the key itself.
   * @default - that for the devices, else the keys of the SSH agent
   */
  readonly privateKey?: string;
}

/** How devices are reached over SSH. All but private keys must be known when the app is synthesized. */
export interface SshTargetOptions {
  /**
   * The user on the devices.
   * @default 'root'
   */
  readonly user?: string;

  /**
   * The port of their SSH servers.
   * @default 22
   */
  readonly port?: number;

  /**
   * A device without a management address is reached as `<device>.<domain>`.
   * @default - such a device is refused
   */
  readonly domain?: string;

  /**
   * How the user becomes root.
   * @default - Become.NONE for root, else Become.SUDO
   */
  readonly become?: Become;

  /**
   * The private key of the user: a sensitive Terraform variable, never the key itself.
   * @default - the keys of the SSH agent
   */
  readonly privateKey?: string;

  /**
   * The public key that the device answers with, or that of the CA that signed the keys of all: `ssh-ed25519 AAAA…`.
   * @default - none, which is refused unless any key is accepted
   */
  readonly hostKey?: string;

  /**
   * Whether whoever answers is taken for the device. Then anybody on the way can read and change what is applied.
   * @default false
   */
  readonly acceptAnyHostKey?: boolean;

  /**
   * The host that connections go through.
   * @default - none
   */
  readonly bastion?: BastionOptions;

  /**
   * How long each connection is tried, in seconds, 1 to 3600.
   * @default 120
   */
  readonly connectTimeout?: number;

  /**
   * How long a device has to become healthy with its new configuration before it goes back, in seconds, 1 to 3600.
   * @default 60
   */
  readonly healthTimeout?: number;

  /**
   * How long a device waits to be reached again before it goes back, in seconds, 5 to 3600.
   * @default 60
   */
  readonly confirmTimeout?: number;
}

/** What was given, to be read like all that a user gives. */
export type GivenTarget =
  { readonly kind: 'directory'; readonly path: string } | { readonly kind: 'ssh'; readonly options: SshTargetOptions };

/** Where the configuration of a device is applied to. */
export class Target {
  /**
   * A folder for each device below `path`, which is relative to the folder that the app is run in. `<device>/current` is
   * a link to the applied version, swapped in one step after FRR's and nftables' own checks (where they are installed);
   * `<device>/previous` is the version before.
   */
  public static directory(path: string): Target {
    return new Target({ kind: 'directory', path });
  }

  /**
   * The devices themselves, over SSH. Each is changed as a whole or not at all: what is not healthy within its time, or no longer
   * reachable, goes back to what was there.
   */
  public static ssh(options: SshTargetOptions): Target {
    return new Target({ kind: 'ssh', options });
  }

  private constructor(
    /** @internal */
    public readonly _given: GivenTarget,
  ) {}
}
