import type { PlannedDevice } from '../plan';
import type { DeviceConfig, DeviceRole } from './device-config';
import { remarksFor } from './remarks';
import { deriveSysctl } from './sysctl';
import type { Topology } from './topology';

type OwnParts = Pick<DeviceConfig, 'frr' | 'interfaces' | 'nftables' | 'environment'>;

/** A device's configuration: what is alike for every role, and what the role derives for itself. */
export function configOf(
  device: PlannedDevice,
  role: DeviceRole,
  topology: Topology,
  derive: (remarks: readonly string[]) => OwnParts,
): DeviceConfig {
  const remarks = remarksFor(device, role, topology.plan.partition.name);
  return { device, role, remarks, sysctl: deriveSysctl(device, remarks, topology), ...derive(remarks) };
}
