/** Where a command writes to. */
export interface Terminal {
  /** What was asked for. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
}

/** What a run of the program ends with. */
export const EXIT = {
  ok: 0,
  /** What was asked for was refused, or a file is broken. */
  refused: 1,
  /** The command line was not understood. */
  usage: 2,
} as const;

/** That a command does not do what it was asked to; nothing was changed. */
export class Refusal extends Error {
  public constructor(
    public readonly problem: string,
    public readonly fix: string,
  ) {
    super(`${problem}; ${fix}`);
    this.name = 'Refusal';
  }
}

export function printRefusal({ problem, fix }: Pick<Refusal, 'problem' | 'fix'>): string {
  return `error: ${problem}\n    fix: ${fix}\n`;
}
