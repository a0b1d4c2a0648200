import type { Plan, PlannedFirewall, PlannedMachine, PlannedNetwork } from '../plan';
import type { PartitionScope } from './partition-scope';
import { Registry } from './registry';

interface Planned {
  readonly hosts: ReadonlyMap<string, PlannedMachine | PlannedFirewall>;
  readonly networks: ReadonlyMap<string, PlannedNetwork>;
}

/** By path, made once for each plan: tokens of all hosts may be asked for. */
const indexes = new WeakMap<Plan, Planned>();

/** What the plan has of a host; only where nothing is broken. */
export function plannedHost(partition: PartitionScope, path: string): PlannedMachine | PlannedFirewall {
  return plannedIn(partition).hosts.get(path) ?? missing(path);
}

/** What the plan has of a network; only where nothing is broken. */
export function plannedNetwork(partition: PartitionScope, path: string): PlannedNetwork {
  return plannedIn(partition).networks.get(path) ?? missing(path);
}

function plannedIn(partition: PartitionScope): Planned {
  const { plan } = Registry.of(partition).compiledPartition(partition);
  const known = indexes.get(plan);
  if (known !== undefined) return known;
  const made = {
    hosts: new Map([...plan.machines, ...plan.firewalls].map((host) => [host.declared.path, host])),
    networks: new Map(plan.networks.map((network) => [network.declared.path, network])),
  };
  indexes.set(plan, made);
  return made;
}

function missing(path: string): never {
  throw new Error(`invariant: ${path} is not in the plan`);
}
