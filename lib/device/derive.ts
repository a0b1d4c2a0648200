import type { Plan, PlannedSwitch } from '../plan';
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
  return [
    ...plan.switches.map((one) => deriveSwitch(one, topology)),
    ...plan.firewalls.map((firewall) => deriveFirewall(firewall, topology)),
    ...plan.machines.map((machine) => deriveMachine(machine, topology)),
  ];
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
