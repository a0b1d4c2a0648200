import type { Refusal } from '../refusal';

/** Where a command writes to. */
export interface Terminal {
  /** What was asked for. */
  out(text: string | Uint8Array): void;
  /** Everything else. */
  err(text: string | Uint8Array): void;
  /** Whether somebody watches what is written to `out`, and may like colors. */
  readonly colors?: boolean;
  /** Whether a line written to `err` can be written over. */
  readonly progress?: boolean;
  /** Asks who sits there; missing where nobody does. */
  readonly ask?: (question: string, signal: AbortSignal) => Promise<string>;
}

/** What a run of the program ends with. */
export const EXIT = {
  ok: 0,
  /** What was asked for was refused, a file is broken, or a promise is not kept. */
  refused: 1,
  /** The command line was not understood. */
  usage: 2,
  /** What was compared differs. */
  differs: 3,
  /** The user asked it to end, as shells count SIGINT. */
  interrupted: 130,
} as const;

/** That the program ends with this code, after these words. */
export class EndedWith extends Error {
  public constructor(
    public readonly code: number,
    public readonly words: string,
  ) {
    super(`exit code ${code}`);
    this.name = 'EndedWith';
  }
}

/** For the help of a command. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;

export const printJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

export function printRefusal({ problem, fix }: Refusal): string {
  return `error: ${problem}\n    fix: ${fix}\n`;
}
