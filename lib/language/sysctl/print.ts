import { file } from '../text';

/** A `sysctl.d` file as data, in the order in which the kernel is told. */
export interface SysctlConfig {
  readonly remarks: readonly string[];
  readonly settings: readonly SysctlSetting[];
}

export interface SysctlSetting {
  readonly key: string;
  readonly value: number;
}

export function printSysctl({ remarks, settings }: SysctlConfig): string {
  return file(
    remarks.map((remark) => `# ${remark}`),
    settings.map(({ key, value }) => `${key} = ${value}`),
  );
}
