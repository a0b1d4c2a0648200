import type { FrrConfig } from '../language/frr';
import type { PlannedDevice } from '../plan';
import type { Topology } from './topology';

/** An FRR configuration that says who and what the device is, and nothing else yet. */
export function frrHead({ name }: PlannedDevice, { plan }: Topology, remarks: readonly string[]): FrrConfig {
  const { major, minor } = plan.partition.frr;
  return {
    version: `${major}.${minor}`,
    hostname: name,
    remarks,
    prefixLists: [],
    communityLists: [],
    extendedCommunityLists: [],
    asPathLists: [],
    routeMaps: [],
    vrfs: [],
    bgp: [],
  };
}
