import { file, type Text } from '../text';

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
    printSettings(settings),
  );
}

/** Many devices share their settings: what was printed for one is the text of all. */
const printed = new WeakMap<readonly SysctlSetting[], Text>();

function printSettings(settings: readonly SysctlSetting[]): Text {
  const known = printed.get(settings) ?? settings.map(({ key, value }) => `${key} = ${value}`).join('\n');
  printed.set(settings, known);
  return known;
}
