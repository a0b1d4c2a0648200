import type { IConstruct } from 'constructs';
import type { Family } from '../net';
import type { Firewall, Machine, Misfit, Network, Partition, Rack, Rollout, Switch } from '../model';
import type { ReadTarget, ResourceType } from '../terraform';

export const PARTITION = Symbol.for('cdktf-metal-fabric.Partition');

/** Something that a partition is put together from. */
export interface Declares<T> {
  _declared(): T;
  _misfits(): readonly Misfit[];
}

/** A partition, as what is declared in it sees it. */
export interface PartitionScope extends IConstruct, Declares<Partition> {
  readonly partitionName: string;
  readonly ledgerDirectory: string;
  readonly ledgerIsFrozen: boolean;
  readonly _target: ReadTarget;
  readonly _resourceType: ResourceType;
  readonly _rollout: Rollout;
  readonly _prefixLengths: Readonly<Record<Family, number | undefined>>;
  readonly _switchPorts: number;
  _addRack(rack: Declares<Rack>): void;
  _addSwitch(one: Declares<Switch>): void;
  _addNetwork(network: Declares<Network>): void;
  _addMachine(machine: Declares<Machine>): void;
  _addFirewall(firewall: Declares<Firewall>): void;
  _needBorderLeaves(): void;
}

/** The nearest partition above a construct. */
export function partitionOf(construct: IConstruct): PartitionScope {
  const found = construct.node.scopes.reverse().find((scope): scope is PartitionScope => PARTITION in scope);
  if (found !== undefined) return found;
  throw new Error(`${construct.node.path} is in no partition: declare it with a Partition, or below one, as its scope`);
}
