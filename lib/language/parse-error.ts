/** That a file holds a line which the printer of its language does not write. */
export class UnknownLine extends Error {
  public constructor(
    public readonly line: string,
    public readonly number: number,
  ) {
    super(`line ${number} is none that is written by this library: ${line.trim()}`);
    this.name = 'UnknownLine';
  }
}
