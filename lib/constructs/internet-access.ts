/** Where an HTTP proxy is reached. */
export interface ProxyOptions {
  /** The address of the proxy, reachable from the network without a firewall of its own: that of a Kubernetes node, say. */
  readonly address: string;

  /** The TCP port, 1 to 65535; that of a service of type NodePort usually lies within 30000–32767. */
  readonly port: number;
}

/** How machines of a network reach the internet. Declaring it makes the synthesis check that they do. */
export class InternetAccess {
  /** Through the network's own firewall, which has to be connected to a network with a default route. */
  public static viaFirewall(): InternetAccess {
    return new InternetAccess({ kind: 'via-firewall' });
  }

  /** Through an HTTP proxy; machines get the environment variables that programs find it by. */
  public static viaProxy(proxy: ProxyOptions): InternetAccess {
    return new InternetAccess({ kind: 'via-proxy', proxy });
  }

  /** Not at all. */
  public static none(): InternetAccess {
    return new InternetAccess({ kind: 'none' });
  }

  private constructor(
    /** @internal */
    public readonly _way:
      { readonly kind: 'via-firewall' | 'none' } | { readonly kind: 'via-proxy'; readonly proxy: ProxyOptions },
  ) {}
}
