/** That devices cannot be compared or repaired as asked; none was changed. */
export class ApplyError extends Error {
  public constructor(
    public readonly problem: string,
    public readonly fix: string,
  ) {
    super(`${problem}; ${fix}`);
    this.name = 'ApplyError';
  }
}
