import { Construct } from 'constructs';
import { later } from './later';
import { TerraformData } from './terraform-data';

/** A step that is not gone back from. */
export interface LatchStep {
  /** The name within the stack. It must never change: under another one, Terraform would let the old step go. */
  readonly logicalId: string;
  /** Whether the step is reached, or was passed; asked when the stack is written. */
  readonly isReached: () => boolean;
}

/**
 * Keeps in Terraform's state how far something came: one resource for each step, always rendered and at a fixed address. It has one
 * instance as soon as the step is reached, and that instance must not be destroyed. So Terraform refuses to plan the way back even
 * where the ledger is lost, and from a later step to an earlier one.
 */
export class Latch extends Construct {
  public constructor(scope: Construct, id: string, steps: readonly LatchStep[]) {
    super(scope, id);
    for (const [index, { logicalId, isReached }] of steps.entries()) {
      const resource = new TerraformData(this, index === 0 ? 'Resource' : `Resource${index + 1}`, {
        count: later<number>(() => (isReached() ? 1 : 0)),
        lifecycle: { preventDestroy: true },
      });
      resource.overrideLogicalId(logicalId);
    }
  }
}
