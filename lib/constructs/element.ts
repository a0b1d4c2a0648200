import { Construct } from 'constructs';
import type { Misfit } from '../model';
import { propsOf, Reader } from './reader';
import { Registry } from './registry';

/** What everything that is declared in a partition has in common. */
export abstract class FabricElement extends Construct {
  /** The name on devices, in files and in the ledger. @internal */
  protected readonly name: string;
  /** @internal */
  protected readonly description: string | undefined;
  /** @internal */
  protected readonly reader: Reader;

  /** @internal */
  protected constructor(
    scope: Construct,
    id: string,
    given: { readonly name?: string; readonly description?: string },
  ) {
    super(scope, id);
    const props = propsOf(given);
    this.reader = new Reader(this.node.path);
    this.name = this.reader.name('name', props.name ?? id);
    this.description = this.reader.optional(props.description, (text) => this.reader.text('description', text));
    this.node.addValidation({ validate: () => Registry.of(this).findingsAt(this.node.path) });
  }

  /** Values that were refused where they entered. @internal */
  public _misfits(): readonly Misfit[] {
    return this.reader.misfits;
  }

  /** What `Declared` wants. @internal */
  protected get declared(): { readonly path: string; readonly name: string; readonly description: string | undefined } {
    return { path: this.node.path, name: this.name, description: this.description };
  }
}
