import { relative, resolve } from 'node:path';
import { Lazy, type TerraformStack } from 'cdktf';
import { terraformText } from './escape';

/** Check blocks came with Terraform 1.5. */
export const CHECK_VERSION = '>= 1.5.0';

export interface DriftCheck {
  readonly partition: string;
  /** The partition's folder, seen from the folder of the stack. */
  readonly folder: string;
  /** The folder of the stack in the output. Known when the stack is written. */
  readonly stackFolder: () => string;
}

/**
 * Has Terraform ask all devices at the end of each plan and apply, and warn of what was changed by other ways. cdktf knows no check
 * blocks.
 */
export function addDriftCheck(stack: TerraformStack, { partition, folder, stackFolder }: DriftCheck): void {
  stack.addOverride('terraform.required_version', CHECK_VERSION);
  stack.addOverride('terraform.required_providers.external', { source: 'hashicorp/external', version: '~> 2.3' });
  stack.addOverride(`check.drift_${partition}`, {
    data: {
      external: {
        [partition]: {
          program: [
            'metal-fabric',
            'drift',
            terraformText(folder),
            '--terraform',
            // Terraform runs in the folder of the stack; folders of devices are relative to that of the app.
            '--base',
            Lazy.stringValue({ produce: () => terraformText(relative(resolve(stackFolder()), process.cwd())) }),
          ],
        },
      },
    },
    assert: [
      {
        // Both are names, with blanks between them.
        condition: `\${data.external.${partition}.result.drifted == "" && data.external.${partition}.result.unreachable == ""}`,
        error_message: `\${data.external.${partition}.result.text}`,
      },
    ],
  });
}
