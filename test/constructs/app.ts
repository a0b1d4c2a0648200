import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppConfig, TerraformStack } from 'cdktf';
import { FabricError, Partition, type PartitionProps, ResourceType, Target } from 'cdktf-metal-fabric';

/** An app that writes below a folder of its own, and nowhere else. */
export class Scratch {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'fabric-')));
  public readonly out = join(this.folder, 'out');
  public readonly lock = join(this.folder, 'lock');

  public app(config: AppConfig = {}): App {
    return new App({ outdir: this.out, ...config });
  }

  /** A partition in a stack of its own name. */
  public partition(app: App, name = 'fra', props: Partial<PartitionProps> = {}): Partition {
    return new Partition(new TerraformStack(app, name), name, { ...this.propsOf(name), ...props });
  }

  public get props(): PartitionProps {
    return this.propsOf('fra');
  }

  public propsOf(partition: string): PartitionProps {
    return {
      superNetworks: ['10.128.0.0/14', 'fd00:10:128::/48'],
      resourceType: ResourceType.TERRAFORM_DATA,
      ledgerDirectory: this.lock,
      target: Target.directory(join(this.folder, 'devices', partition)),
    };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the synthesis finds, as `<path> <rule>: <problem>`; nothing if it succeeds. Any other error goes on. */
export function findingsOf(app: App): readonly string[] {
  try {
    app.synth();
    return [];
  } catch (error) {
    if (!(error instanceof FabricError)) throw error;
    const lines = error.message.split('\n').filter((line) => line.startsWith('['));
    expect(error.message).toMatch(new RegExp(`^${lines.length} findings?; nothing was written:\n`));
    return lines.map((line) => line.replace(/^\[(.*?)\] /, '$1 '));
  }
}
