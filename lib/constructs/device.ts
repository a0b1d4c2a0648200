import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Address } from '../net';
import { DEVICE_LIST, printDeviceList, versionOf } from '../apply';
import type { CompiledPartition } from '../compile';
import { tryHostOf } from '../model';
import type { Manifest } from '../manifest';
import {
  type Barrier,
  barriersOf,
  describePlace,
  DeviceResource,
  FABRIC_FOLDER,
  PROGRAMS_FOLDER,
  provisionersOf,
  type ReadTarget,
  ResourceType,
  rolloutOrder,
  type RolloutOrder,
  stepsOf,
  type Waits,
} from '../terraform';
import type { PartitionScope } from './partition-scope';
import { Registry } from './registry';
import { folderOf } from './stack-folder';

/** What is known of a device when its construct is made. */
export interface DeviceProps {
  readonly name: string;
  readonly managementAddress: Address | undefined;
  /** Undefined for that of the partition. */
  readonly target: ReadTarget | undefined;
}

/** Adds the Terraform resource of a device below its construct. */
export function addDeviceResource(scope: Construct, partition: PartitionScope, props: DeviceProps): void {
  const { name: device, target = partition._target } = props;
  const { declared } = target;
  // A device without a way in is reported by a rule, and nothing is written.
  const host = (declared.kind === 'ssh' ? tryHostOf(props, declared) : undefined) ?? '';
  const version = eachTime(partition, () => versionOf(listOf(partition, device)));
  new DeviceResource(scope, 'Device', {
    type: partition._resourceType,
    logicalId: logicalIdOf(partition, device),
    triggers: eachTime(partition, () => ({
      ...fileHashes(findEntry(partition, device)),
      [DEVICE_LIST]: version(),
      target: describePlace(target, { device, host }),
    })),
    after: eachTime(partition, () => addressesOf(partition, orderOf(partition).devices.get(device))),
    provisioners: provisionersOf(target, {
      device,
      host,
      version,
      stackFolder: () => stackFolderOf(scope),
      folder: join(FABRIC_FOLDER, partition.partitionName, device),
      programs: join(FABRIC_FOLDER, PROGRAMS_FOLDER),
    }),
  });
}

/** Made once for each compiled partition: cdktf asks three times. */
function eachTime<T>(partition: PartitionScope, make: () => T): () => T {
  let last: { readonly compiled: CompiledPartition; readonly made: T } | undefined;
  return () => {
    const compiled = Registry.of(partition).compiledPartition(partition);
    if (last?.compiled !== compiled) last = { compiled, made: make() };
    return last.made;
  };
}

/** The Terraform addresses of what is waited for. */
export function addressesOf(partition: PartitionScope, waits: Waits | undefined): readonly string[] {
  return [
    ...(waits?.devices ?? []).map((device) => `${partition._resourceType}.${logicalIdOf(partition, device)}`),
    ...(waits?.barriers ?? []).map((barrier) => `${ResourceType.TERRAFORM_DATA}.${barrierIdOf(partition, barrier)}`),
  ];
}

export const barrierIdOf = ({ partitionName }: PartitionScope, barrier: Barrier): string =>
  `rollout_${partitionName}_${barrier}`;

const logicalIdOf = ({ partitionName }: PartitionScope, device: string): string => `device_${partitionName}_${device}`;

const fileHashes = ({ files }: DeviceEntry): Record<string, string> =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

type DeviceEntry = Manifest['devices'][number];

/** Devices and their order, by name, made once for each compiled partition: asked once for every device. */
const indexes = new WeakMap<object, Index>();

interface Index {
  readonly entries: ReadonlyMap<string, DeviceEntry>;
  readonly order: RolloutOrder;
}

function indexOf(partition: PartitionScope): Index {
  const compiled = Registry.of(partition).compiledPartition(partition);
  const known = indexes.get(compiled);
  if (known !== undefined) return known;
  const made = {
    entries: new Map(compiled.manifest.devices.map((entry) => [entry.name, entry])),
    order: rolloutOrder(stepsOf(compiled.plan, partition._rollout), barriersOf(partition._rollout)),
  };
  indexes.set(compiled, made);
  return made;
}

function findEntry(partition: PartitionScope, name: string): DeviceEntry {
  const found = indexOf(partition).entries.get(name);
  if (found === undefined) throw new Error(`invariant: no device ${name} is in the manifest of ${partition.node.path}`);
  return found;
}

const listOf = (partition: PartitionScope, name: string): string =>
  printDeviceList(Registry.of(partition).compiledPartition(partition).manifest, findEntry(partition, name));

/** Known once nothing is broken. */
export const orderOf = (partition: PartitionScope): RolloutOrder => indexOf(partition).order;

/** The folder of the construct's stack in the output. */
export const stackFolderOf = (construct: Construct): string =>
  join(App.of(construct).outdir, folderOf(TerraformStack.of(construct)));
