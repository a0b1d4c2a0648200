import { join, relative, resolve } from 'node:path';
import { type FileProvisioner, Lazy, type LocalExecProvisioner, type RemoteExecProvisioner } from 'cdktf';
import { terraformText } from './escape';

export type Provisioner = FileProvisioner | LocalExecProvisioner | RemoteExecProvisioner;

/** What a target needs to know of one device. */
export interface DeviceOutput {
  readonly device: string;
  /** The folder of the stack in the output: Terraform runs there. Known when the stack is written. */
  readonly stackFolder: () => string;
  /** The device's folder, seen from the folder of the stack. */
  readonly folder: string;
  /** The folder of programs, seen from the folder of the stack. */
  readonly programs: string;
}

/** Where the configuration of a device is applied to. */
export abstract class Target {
  /**
   * A folder for each device below `path`, which is relative to the folder that the app is run in. `<device>/current` is
   * a link to the applied version, swapped in one step after FRR's and nftables' own checks (where they are installed);
   * `<device>/previous` is the version before.
   */
  public static directory(path: string): Target {
    return new DirectoryTarget(path);
  }

  /** Folders that the user named, to be checked like all that a user names. @internal */
  public abstract _folders(): readonly string[];

  /** What would be different for the device if the target changed; part of what makes Terraform apply it again. @internal */
  public abstract describe(device: string): string;

  /** What Terraform runs to apply a device. @internal */
  public abstract provision(output: DeviceOutput): readonly Provisioner[];
}

class DirectoryTarget extends Target {
  public constructor(private readonly path: string) {
    super();
  }

  public override _folders(): readonly string[] {
    return [this.path];
  }

  public override describe(device: string): string {
    return terraformText(`directory:${join(this.path, device)}`);
  }

  public override provision({ device, stackFolder, folder, programs }: DeviceOutput): readonly Provisioner[] {
    return [
      {
        type: 'local-exec',
        // Values of users travel as environment variables: no shell ever reads them as text of a program.
        command: 'sh "$FABRIC_PROGRAMS/apply-to-directory.sh"',
        environment: {
          FABRIC_PROGRAMS: terraformText(programs),
          FABRIC_NEW: terraformText(folder),
          FABRIC_TARGET: Lazy.stringValue({
            produce: () => terraformText(relative(resolve(stackFolder()), resolve(this.path, device))),
          }),
        },
      },
    ];
  }
}
