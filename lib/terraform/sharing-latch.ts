import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { TerraformData } from './terraform-data';

/**
 * Keeps in Terraform's state that a network is shared. There is one for every private network, always rendered and at a
 * fixed address: it has one instance as soon as the network is shared, and that instance must not be destroyed. So
 * Terraform refuses to plan the way back even where the ledger is lost.
 */
export class SharingLatch extends Construct {
  public constructor(scope: Construct, id: string, logicalId: string, isShared: () => boolean) {
    super(scope, id);
    const latch = new TerraformData(this, 'Resource', {
      count: Lazy.numberValue({ produce: () => (isShared() ? 1 : 0) }),
      lifecycle: { preventDestroy: true },
    });
    latch.overrideLogicalId(logicalId);
  }
}
