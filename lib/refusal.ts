/** That something is not done as it was asked for; nothing was changed, unless the kind of refusal says otherwise. */
export class Refusal extends Error {
  public constructor(
    /** What is wrong, with what was given, lower case, without a full stop. */
    public readonly problem: string,
    /** What to do instead. */
    public readonly fix: string,
  ) {
    super(`${problem}; ${fix}`);
    this.name = new.target.name;
  }
}
