import { type IResolvable, Token } from 'cdktf';

/**
 * A value that is known when the stack is written. cdktf's own `Lazy` takes a stack trace of each, which for thousands of devices
 * costs more than all else that declares them; without one, an error says less of where it came from.
 */
class Later implements IResolvable {
  public readonly creationStack: string[] = [];

  public constructor(private readonly produce: () => unknown) {}

  public resolve(): unknown {
    return this.produce();
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
