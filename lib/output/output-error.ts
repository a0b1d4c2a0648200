/** That there is no output where one was named, or that it is not whole. */
export class OutputError extends Error {
  public constructor(
    public readonly problem: string,
    public readonly fix: string,
  ) {
    super(`${problem}; ${fix}`);
    this.name = 'OutputError';
  }
}
