import { join } from 'node:path';
import { App, type ISynthesisSession, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type Compilation, compile, type CompiledPartition, type LedgerInput, NO_LEDGER } from '../compile';
import { printFinding } from '../diagnostics';
import { type Fabric, groupBy } from '../model';
import { during } from '../phase';
import { isLedgerFault, readLedgerFile, writeLedgerFile } from '../plan';
import type { Finding } from '../rules';
import { isVersioned, outputFiles, tryReadProof, VersionedOutput, writeFiles } from '../terraform';
import { FabricError } from './fabric-error';
import type { PartitionScope } from './partition-scope';
import { folderOf } from './stack-folder';

const registries = new WeakMap<IConstruct, Registry>();

/**
 * All partitions of one app. It compiles them together, so that what is broken is reported for the whole app at once,
 * and sees to it that nothing is written while something is.
 */
export class Registry {
  readonly #partitions: PartitionScope[] = [];
  readonly #strays: string[] = [];
  readonly #stacks = new Set<TerraformStack>();
  #aside: VersionedOutput | undefined;
  #compilation: Compilation | undefined;
  #byPath: ReadonlyMap<string, CompiledPartition> | undefined;
  #findingsByPath: ReadonlyMap<string, readonly Finding[]> | undefined;

  /** The registry of the app that the construct is in. */
  public static of(construct: IConstruct): Registry {
    const { root } = construct.node;
    const known = registries.get(root);
    if (known !== undefined) return known;
    const made = new Registry(root);
    registries.set(root, made);
    return made;
  }

  private constructor(root: IConstruct) {
    if (App.isApp(root)) guardApp(root, this);
  }

  public addPartition(partition: PartitionScope): void {
    this.#partitions.push(partition);
    this.changed();
    const stack = tryStackOf(partition);
    if (stack === undefined) this.#strays.push(partition.node.path);
    else this.#guard(stack);
  }

  /** Something was declared: what was compiled before no longer holds. */
  public changed(): void {
    this.#compilation = undefined;
    this.#byPath = undefined;
    this.#findingsByPath = undefined;
  }

  public fabric(): Fabric {
    return {
      partitions: this.#partitions.map((partition) => partition._declared()),
      misfits: this.#partitions.flatMap((partition) => partition._misfits()),
      strays: this.#strays,
    };
  }

  public compilation(): Compilation {
    this.#compilation ??= compile(
      during('model', () => this.fabric()),
      during(
        'ledger',
        () => new Map(this.#partitions.map((partition) => [partition.node.path, readLedger(partition)])),
      ),
      new Map(this.#partitions.flatMap(proofInOutput)),
    );
    return this.#compilation;
  }

  /** Throws with all findings, if there are any. */
  public refuseWhatIsBroken(caller?: () => void): void {
    const { findings } = this.compilation();
    if (findings.length > 0) throw new FabricError(findings, caller);
  }

  /** Where the app is written until all of it is; undefined while it is not written. */
  public get aside(): VersionedOutput | undefined {
    return this.#aside;
  }

  /** Has the app written, and only then makes it the output. */
  public writeAside(app: App, write: () => void): void {
    for (const stack of app.node.findAll().filter(TerraformStack.isStack)) {
      // One that has lost its partitions would be written into its last version.
      if (isVersioned(join(app.outdir, folderOf(stack)))) this.#guard(stack);
    }
    const manifest = app.manifest as { outdir: string };
    const aside = new VersionedOutput(app.outdir);
    this.#aside = aside;
    manifest.outdir = aside.folder;
    try {
      write();
      during('write', () => aside.publish());
    } finally {
      manifest.outdir = app.outdir;
      this.#aside = undefined;
      aside.close();
    }
  }

  #guard(stack: TerraformStack): void {
    if (this.#stacks.has(stack)) return;
    this.#stacks.add(stack);
    guardStack(stack, this);
  }

  /** The findings at one construct, as cdktf's validation prints them behind the path. */
  public findingsAt(path: string): string[] {
    this.#findingsByPath ??= groupBy(this.compilation().findings, ({ subject }) => subject.path);
    return (this.#findingsByPath.get(path) ?? []).map(printFinding);
  }

  public compiledPartition(partition: PartitionScope): CompiledPartition {
    this.refuseWhatIsBroken();
    const compiled = this.#compiledByPath().get(partition.node.path);
    if (compiled === undefined) throw new Error(`invariant: ${partition.node.path} was not compiled`);
    return compiled;
  }

  #compiledByPath(): ReadonlyMap<string, CompiledPartition> {
    this.#byPath ??= new Map(this.compilation().partitions.map((compiled) => [compiled.plan.partition.path, compiled]));
    return this.#byPath;
  }

  /** The compiled partitions of a stack. */
  public compiledIn(stack: TerraformStack): readonly (readonly [PartitionScope, CompiledPartition])[] {
    return this.#partitions
      .filter((partition) => tryStackOf(partition) === stack)
      .map((partition) => [partition, this.compiledPartition(partition)] as const);
  }
}

/**
 * Checks before the first stack is prepared. cdktf's own validation goes stack by stack: it would hide what is broken in
 * later stacks, and come when earlier ones are written. What is written becomes the output only when all of it is.
 */
function guardApp(app: App, registry: Registry): void {
  const synth = app.synth.bind(app);
  const guarded = (): void => {
    registry.changed();
    registry.refuseWhatIsBroken(guarded);
    registry.writeAside(app, () => during('synth', synth));
  };
  app.synth = guarded;
}

/** The place that writes: it refuses by itself, whatever was switched off before. */
function guardStack(stack: TerraformStack, registry: Registry): void {
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize: (session: ISynthesisSession) => {
      registry.refuseWhatIsBroken();
      const { aside } = registry;
      synthesizer.synthesize(aside === undefined ? session : { ...session, outdir: aside.folder });
      const folder = folderOf(stack);
      const compiled = registry.compiledIn(stack);
      const files = outputFiles(compiled.map(([, partition]) => partition));
      // Last, so that numbers are remembered only once they are written out; and the same ones would be given again.
      const afterwards = (): void =>
        during('ledger', () => {
          for (const [partition, { ledger }] of compiled) writeLedgerFile(ledgerFileOf(partition), ledger);
        });
      if (aside !== undefined) {
        aside.stage({ folder, files, afterwards });
      } else {
        // A stack by itself, as cdktf's own tools for tests write it into an empty folder.
        writeFiles(join(session.outdir, folder), files);
        afterwards();
      }
    },
  };
}

function readLedger(partition: PartitionScope): LedgerInput {
  const file = ledgerFileOf(partition);
  const read = readLedgerFile(file, partition.partitionName);
  const known = { ...NO_LEDGER, file, frozen: partition.ledgerIsFrozen };
  return isLedgerFault(read) ? { ...known, fault: read } : { ...known, ledger: read };
}

/** What the output says was proven of the partition, by its path; nothing where there is no output. */
function proofInOutput(partition: PartitionScope): readonly (readonly [string, string])[] {
  const { root } = partition.node;
  const stack = tryStackOf(partition);
  if (!App.isApp(root) || stack === undefined) return [];
  const proof = tryReadProof(join(root.outdir, folderOf(stack)), partition.partitionName);
  return proof === undefined ? [] : [[partition.node.path, proof]];
}

const ledgerFileOf = ({ ledgerDirectory, partitionName }: PartitionScope): string =>
  join(ledgerDirectory, `${partitionName}.json`);

function tryStackOf(construct: IConstruct): TerraformStack | undefined {
  return construct.node.scopes.reverse().find((scope): scope is TerraformStack => TerraformStack.isStack(scope));
}
