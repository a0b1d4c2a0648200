import { commentText } from '../net';
import type { PlannedDevice } from '../plan';
import type { DeviceRole } from './device-config';

/** The head of every file of a device. */
export function remarksFor(device: PlannedDevice, role: DeviceRole, partition: string): readonly string[] {
  const { description } = device.declared;
  return [
    `${device.name}, ${role} of partition ${partition}. Written by cdktf-metal-fabric; changes made here are lost.`,
    ...(description === undefined ? [] : [commentText(description)]),
  ];
}
