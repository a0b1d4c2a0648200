import { type IResolvable, type IResolveContext, Token } from 'cdktf';

/**
 * A value that is known when the stack is written. cdktf's own `Lazy` takes a stack trace of each, which for thousands of devices
 * costs more than all else that declares them; without one, an error says less of where it came from.
 */
export class Later implements IResolvable {
  public readonly creationStack: string[] = [];

  public constructor(public readonly produce: () => unknown) {}

  /**
   * What is produced holds no references. So cdktf, which goes through all values to find those before it renders them, is spared this
   * one; and when it renders, it takes the value as a whole and not apart.
   */
  public resolve(context: IResolveContext): unknown {
    if (!context.preparing) context.registerPostProcessor({ postProcess: () => this.produce() });
    return undefined;
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** A list that is left out where it is empty. */
export function laterList(produce: () => readonly string[]): string[] {
  return later(() => {
    const list = [...produce()];
    return list.length === 0 ? undefined : list;
  }) as string[];
}

/** For where cdktf's types want the value itself; its renderer takes what is produced later just as well. */
export function later<T>(produce: () => T): T {
  return new Later(produce) as unknown as T;
}
