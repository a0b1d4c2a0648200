import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { sha256, type WrittenDevice } from '../manifest';
import { DeviceResource, FABRIC_FOLDER, PROGRAMS_FOLDER, rolloutOrder, type Target } from '../terraform';
import type { PartitionScope } from './partition-scope';
import { Registry } from './registry';

/** Adds the Terraform resource of a device below its construct. */
export function addDeviceResource(
  scope: Construct,
  partition: PartitionScope,
  device: string,
  own: Target | undefined,
): void {
  const target = own ?? partition._target;
  const folder = join(FABRIC_FOLDER, partition.partitionName);
  new DeviceResource(scope, 'Device', {
    type: partition._resourceType,
    logicalId: logicalIdOf(partition, device),
    triggers: () => ({ ...fileHashes(findDevice(partition, device)), target: target.describe(device) }),
    after: () => (orderOf(partition).get(device) ?? []).map((other) => logicalIdOf(partition, other)),
    provisioners: target.provision({
      device,
      stackFolder: () => stackFolderOf(scope),
      folder: join(folder, device),
      programs: join(FABRIC_FOLDER, PROGRAMS_FOLDER),
    }),
  });
}

const logicalIdOf = ({ partitionName }: PartitionScope, device: string): string => `device_${partitionName}_${device}`;

const fileHashes = ({ files }: WrittenDevice): Record<string, string> =>
  Object.fromEntries(files.map(({ name, content }) => [name, sha256(content)]));

/** Devices and their order by name, made once for each compiled partition: asked once for every device. */
const indexes = new WeakMap<object, Index>();

interface Index {
  readonly devices: ReadonlyMap<string, WrittenDevice>;
  readonly order: ReadonlyMap<string, readonly string[]>;
}

function indexOf(partition: PartitionScope): Index {
  const compiled = Registry.of(partition).compiledPartition(partition);
  const known = indexes.get(compiled);
  if (known !== undefined) return known;
  const made = {
    devices: new Map(compiled.devices.map((written) => [written.device.name, written])),
    order: rolloutOrder(compiled.plan),
  };
  indexes.set(compiled, made);
  return made;
}

function findDevice(partition: PartitionScope, name: string): WrittenDevice {
  const found = indexOf(partition).devices.get(name);
  if (found === undefined) throw new Error(`invariant: no device ${name} is in the plan of ${partition.node.path}`);
  return found;
}

const orderOf = (partition: PartitionScope): Index['order'] => indexOf(partition).order;

function stackFolderOf(construct: Construct): string {
  const { outdir, manifest } = App.of(construct);
  return join(outdir, manifest.forStack(TerraformStack.of(construct)).workingDirectory);
}
