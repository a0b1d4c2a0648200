import { propsOf } from './reader';

/** How source addresses are translated to one address. */
export interface TranslateOptions {
  /**
   * The IPv4 address that is seen afterwards; it lies in the connected network.
   * @default - the firewall's own address there
   */
  readonly to?: string;

  /**
   * Destinations that see the original address all the same. They learn the route back.
   * @default - none
   */
  readonly keep?: string[];
}

/** How source addresses are translated to that of the interface. */
export interface MasqueradeOptions {
  /**
   * Destinations that see the original address all the same. They learn the route back.
   * @default - none
   */
  readonly keep?: string[];
}

/** What a firewall does to IPv4 source addresses towards a connected network. IPv6 is never translated. */
export class NatPolicy {
  /** Nothing: the original addresses are seen. */
  public static none(): NatPolicy {
    return new NatPolicy('none', undefined, []);
  }

  /** Puts one address in their place. */
  public static translate(options: TranslateOptions = {}): NatPolicy {
    const { to, keep } = propsOf(options);
    return new NatPolicy('translate', to, keep ?? []);
  }

  /** Puts the address of the interface in their place, whatever it is at the time. */
  public static masquerade(options: MasqueradeOptions = {}): NatPolicy {
    return new NatPolicy('masquerade', undefined, propsOf(options).keep ?? []);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'none' | 'translate' | 'masquerade',
    /** @internal */
    public readonly _to: string | undefined,
    /** @internal */
    public readonly _keep: readonly string[],
  ) {}
}
