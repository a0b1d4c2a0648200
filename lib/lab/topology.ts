import type { Manifest } from '../manifest';
import type { Output } from '../output';
import type { GuestNode, Wire } from './session';
import { type StandIn, standInsOf } from './stand-in';

export type Role = Manifest['devices'][number]['role'] | 'router';

/** A node of the virtual fabric: a device, or a stand-in for the router of somebody else. */
export interface LabNode {
  readonly name: string;
  readonly role: Role;
  readonly hasRuleset: boolean;
}

/** Both ends of a link as they are called in the lab. */
export interface Link {
  /** `beyond`: between stand-ins. */
  readonly kind: Manifest['links'][number]['kind'] | 'beyond';
  readonly a: LinkEnd;
  readonly b: LinkEnd;
}

export interface LinkEnd {
  readonly node: string;
  readonly port: string;
}

/** What is booted. */
export interface Topology {
  readonly nodes: readonly LabNode[];
  readonly links: readonly Link[];
  readonly standIns: readonly StandIn[];
}

export function topologyOf({ manifest }: Output): Topology {
  const { nodes: standIns, wires } = standInsOf(manifest);
  const nodes: LabNode[] = [
    ...manifest.devices.map(({ name, role, files }) => ({
      name,
      role,
      hasRuleset: files.some((file) => file.name === 'nftables.conf'),
    })),
    ...standIns.map(({ node }) => ({ name: node, role: 'router' as const, hasRuleset: false })),
  ];
  const nodeOf = new Map(standIns.map(({ node, label }) => [label, node]));
  const end = ({ device, port }: Manifest['links'][number]['a']): LinkEnd => {
    const node = nodeOf.get(device);
    // A router of somebody else has one wire to the fabric.
    return node === undefined ? { node: device, port } : { node, port: 'eth1' };
  };
  const links: Link[] = [
    ...manifest.links.map(({ kind, a, b }) => ({ kind, a: end(a), b: end(b) })),
    ...wires.map(([node, port, other, otherPort]) => ({
      kind: 'beyond' as const,
      a: { node, port },
      b: { node: other, port: otherPort },
    })),
  ];
  return { nodes, links, standIns };
}

export function guestNodes({ files }: Output, { standIns }: Topology): readonly GuestNode[] {
  return [
    ...[...files].map(([name, own]) => ({ name, files: own })),
    ...standIns.map(({ node, files: own }) => ({ name: node, files: own })),
  ];
}

export function wiresOf({ links }: Topology): readonly Wire[] {
  return links.map(({ a, b }) => [a.node, a.port, b.node, b.port]);
}

/** The wires of a node, each with what is at its other end. */
export function uplinksOf(
  { links }: Topology,
  node: string,
): readonly { readonly own: LinkEnd; readonly far: LinkEnd }[] {
  return links.flatMap(({ a, b }) => {
    if (a.node === node) return [{ own: a, far: b }];
    if (b.node === node) return [{ own: b, far: a }];
    return [];
  });
}
