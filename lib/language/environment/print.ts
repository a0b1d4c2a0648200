import { file } from '../text';

/** A file of variables for a POSIX shell to source. */
export interface EnvironmentConfig {
  readonly remarks: readonly string[];
  readonly variables: readonly EnvironmentVariable[];
}

export interface EnvironmentVariable {
  readonly name: string;
  /** Printed as it is: letters, digits and the punctuation of addresses only. */
  readonly value: string;
}

export function printEnvironment({ remarks, variables }: EnvironmentConfig): string {
  return file(
    remarks.map((remark) => `# ${remark}`),
    variables.map(({ name, value }) => `export ${name}=${value}`),
  );
}
