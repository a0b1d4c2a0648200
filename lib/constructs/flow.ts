import type { Protocol } from '../model';
import { PORT_RANGE, type PortRange } from '../net';
import type { INetwork } from './handles';

/** A protocol, and the ports of it that are meant. */
export class Port {
  /** One port of TCP, 1 to 65535. */
  public static tcp(port: number): Port {
    return new Port('tcp', { first: port, last: port });
  }

  /** A run of ports of TCP, both ends included. */
  public static tcpRange(first: number, last: number): Port {
    return new Port('tcp', { first, last });
  }

  /** One port of UDP, 1 to 65535. */
  public static udp(port: number): Port {
    return new Port('udp', { first: port, last: port });
  }

  /** A run of ports of UDP, both ends included. */
  public static udpRange(first: number, last: number): Port {
    return new Port('udp', { first, last });
  }

  /** Every port of TCP. */
  public static allTcp(): Port {
    return Port.tcpRange(PORT_RANGE.first, PORT_RANGE.last);
  }

  /** Every port of UDP. */
  public static allUdp(): Port {
    return Port.udpRange(PORT_RANGE.first, PORT_RANGE.last);
  }

  /** ICMP and ICMPv6. */
  public static icmp(): Port {
    return new Port('icmp', undefined);
  }

  /** Every protocol and port. */
  public static all(): Port {
    return new Port(undefined, undefined);
  }

  private constructor(
    /** @internal */
    public readonly _protocol: Protocol | undefined,
    /** @internal */
    public readonly _range: PortRange | undefined,
  ) {}
}

/** What lies on the other side of the firewall, seen from its primary network. */
type FarSide =
  { readonly kind: 'prefix'; readonly prefix: string } | { readonly kind: 'network'; readonly network: INetwork };

/**
 * Packets that may open a connection through a firewall, seen from its primary network. A list of flows narrows what a
 * network lets through by default; it cannot widen it. Answers need no flow of their own.
 */
export class Flow {
  /** From the primary network to these addresses, like `0.0.0.0/0`; every protocol, until one is named. */
  public static to(prefix: string): Flow {
    return new Flow('to', { kind: 'prefix', prefix }, [Port.all()], undefined);
  }

  /** From the primary network to the connected private network's own prefixes; what lies beyond an external one is named by `Flow.to`. */
  public static toNetwork(network: INetwork): Flow {
    return new Flow('to', { kind: 'network', network }, [Port.all()], undefined);
  }

  /** From these addresses of the connected network into the primary network. */
  public static from(prefix: string): Flow {
    return new Flow('from', { kind: 'prefix', prefix }, [Port.all()], undefined);
  }

  /** From the connected network's own prefixes into the primary network. */
  public static fromNetwork(network: INetwork): Flow {
    return new Flow('from', { kind: 'network', network }, [Port.all()], undefined);
  }

  private constructor(
    /** @internal */
    public readonly _direction: 'to' | 'from',
    /** @internal */
    public readonly _far: FarSide,
    /** @internal */
    public readonly _ports: readonly Port[],
    /** @internal */
    public readonly _comment: string | undefined,
  ) {}

  /** Only these ports of TCP; for all of them, `on(Port.allTcp())`. Without any, a finding: an empty list opens nothing. */
  public tcp(...ports: number[]): Flow {
    return this.on(...ports.map((port) => Port.tcp(port)));
  }

  /** Only these ports of UDP; for all of them, `on(Port.allUdp())`. Without any, a finding: an empty list opens nothing. */
  public udp(...ports: number[]): Flow {
    return this.on(...ports.map((port) => Port.udp(port)));
  }

  /** Only ICMP and ICMPv6. */
  public icmp(): Flow {
    return this.on(Port.icmp());
  }

  /** Only these. */
  public on(...ports: Port[]): Flow {
    return new Flow(this._direction, this._far, ports, this._comment);
  }

  /** Why the flow is there; written above its line on the firewall. */
  public comment(comment: string): Flow {
    return new Flow(this._direction, this._far, this._ports, comment);
  }
}
