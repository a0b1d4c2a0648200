import { Construct } from 'constructs';
import type { Rollout } from '../model';
import { barriersOf, laterList, TerraformData } from '../terraform';
import { addressesOf, barrierIdOf, orderOf } from './device';
import type { PartitionScope } from './partition-scope';

/** Adds the barriers of a rollout, resources without any effect of their own; nothing if it needs none. */
export function addRolloutBarriers(partition: PartitionScope & Construct, rollout: Rollout): void {
  const barriers = barriersOf(rollout);
  if (barriers.length === 0) return;
  const scope = new Construct(partition, 'Rollout');
  for (const barrier of barriers) {
    const resource = new TerraformData(scope, barrier);
    resource.overrideLogicalId(barrierIdOf(partition, barrier));
    resource.dependsOn = laterList(() => addressesOf(partition, orderOf(partition).barriers.get(barrier)));
  }
}
