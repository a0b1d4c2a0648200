import { devicesOf, type Plan, type PlannedDevice, type PlannedSwitch } from '../plan';
import { deriveBorderLeaf } from './border-leaf';
import type { DeviceConfig } from './device-config';
import { deriveFirewall } from './firewall';
import { deriveLeaf } from './leaf';
import { deriveMachine } from './machine';
import { deriveSpine } from './spine';
import { Topology } from './topology';

/** One configuration for every device of the plan: switches, firewalls, machines, each ordered by name. */
export function deriveDevices(plan: Plan): readonly DeviceConfig[] {
  const topology = new Topology(plan);
  return devicesOf(plan).map((device) => deriveDevice(device, topology));
}

export function deriveDevice(device: PlannedDevice, topology: Topology): DeviceConfig {
  switch (device.kind) {
    case 'switch':
      return deriveSwitch(device, topology);
    case 'firewall':
      return deriveFirewall(device, topology);
    case 'machine':
      return deriveMachine(device, topology);
  }
}

function deriveSwitch(one: PlannedSwitch, topology: Topology): DeviceConfig {
  switch (one.declared.role) {
    case 'spine':
      return deriveSpine(one, topology);
    case 'leaf':
      return deriveLeaf(one, topology);
    case 'border-leaf':
      return deriveBorderLeaf(one, topology);
  }
}
