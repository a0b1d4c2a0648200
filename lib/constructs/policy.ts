import type { Protocol } from '../model';
import type { PortRange } from '../net';
import type { IConstruct } from 'constructs';
import { Port } from './flow';

/** What is to be true of a partition, whatever else is declared in it. It is checked on the devices at each synthesis. */
export class Policy {
  /**
   * Neither reaches the other, by any protocol, in either direction.
   * @param a a host or network of the partition; of an external network, what lies beyond it
   * @param b the same
   */
  public static isolated(a: IConstruct, b: IConstruct): Policy {
    return new Policy('isolated', a, b, Port.all());
  }

  /**
   * Every host of the one reaches every host of the other, and is answered.
   * @param from a host or network of the partition; of an external network, what lies beyond it
   * @param to the same
   * @param on by which protocol, at which ports
   */
  public static reaches(from: IConstruct, to: IConstruct, on: Port): Policy {
    return new Policy('reaches', from, to, on);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'isolated' | 'reaches',
    /** @internal */
    public readonly _from: IConstruct,
    /** @internal */
    public readonly _to: IConstruct,
    /** @internal */
    public readonly _on: { readonly _protocol: Protocol | undefined; readonly _range: PortRange | undefined },
  ) {}
}
