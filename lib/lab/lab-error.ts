/** That the virtual fabric cannot do what it was asked to; what was started for it is gone. */
export class LabError extends Error {
  public constructor(
    public readonly problem: string,
    public readonly fix: string,
  ) {
    super(`${problem}; ${fix}`);
    this.name = 'LabError';
  }
}
