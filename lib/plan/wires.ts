import { groupBy, type Reference } from '../model';
import { type Cable, type FarEnd, farName, linkKindOf } from './cabling';
import type { Numbers } from './numbers';
import { compareText, portOrder } from './order';
import type { Link, PlannedNetwork, Port } from './plan';

/** A cable with the ports at both ends known. */
export interface Wire {
  readonly link: Link;
  readonly ports: readonly DevicePort[];
}

interface DevicePort {
  readonly device: string;
  readonly port: Port;
}

/** @param planned the names of the devices that are in the plan; a cable to any other is left out */
export function wiresOf(
  cables: readonly Cable[],
  numbers: Numbers,
  planned: ReadonlySet<string>,
  networks: ReadonlyMap<Reference, PlannedNetwork>,
): readonly Wire[] {
  return cables.flatMap((cable) => {
    const { leaf, far } = cable;
    if (!planned.has(leaf.name) || !(far.kind === 'router' || planned.has(farName(far)))) return [];
    const leafPort = tryPort(leaf.name, farName(far), numbers);
    const farPort = tryFarPort(cable, numbers);
    const router = far.kind === 'router' ? tryRouter(far, networks) : undefined;
    if (leafPort === undefined || farPort === undefined || (far.kind === 'router' && router === undefined)) return [];
    return [wireOf(cable, leafPort, farPort, router)];
  });
}

function wireOf({ leaf, far }: Cable, leafPort: string, farPort: string, router: Port['router']): Wire {
  const link = linkKindOf(far);
  const peer = router?.declared.name ?? farName(far);
  const near = { device: leaf.name, port: { name: leafPort, link, peer, peerPort: farPort, router } };
  const opposite = {
    device: farName(far),
    port: { name: farPort, link, peer: leaf.name, peerPort: leafPort, router: undefined },
  };
  return {
    link: { kind: link, a: { device: leaf.name, port: leafPort }, b: { device: farName(far), port: farPort } },
    ports: router === undefined ? [near, opposite] : [near],
  };
}

/** The ports of each device, by its name. */
export function portsOf(wires: readonly Wire[]): ReadonlyMap<string, readonly Port[]> {
  const byDevice = groupBy(
    wires.flatMap(({ ports }) => ports),
    ({ device }) => device,
  );
  const compare = portOrder();
  return new Map(
    [...byDevice].map(([device, ports]) => [
      device,
      ports.map(({ port }) => port).sort((a, b) => compare(a.name, b.name)),
    ]),
  );
}

/** In order of their ends. */
export function linksOf(wires: readonly Wire[]): readonly Link[] {
  const compare = portOrder();
  return wires
    .map(({ link }) => link)
    .sort((x, y) => compareText(x.a.device, y.a.device) || compare(x.a.port, y.a.port));
}

function tryPort(device: string, farEnd: string, { ports }: Numbers): string | undefined {
  const port = ports.get(device)?.get(farEnd);
  return port === undefined ? undefined : `swp${port}`;
}

function tryFarPort({ leaf, far }: Cable, numbers: Numbers): string | undefined {
  switch (far.kind) {
    case 'spine':
      return tryPort(far.spine.name, leaf.name, numbers);
    case 'host':
      return far.interfaceName;
    case 'router':
      return '';
  }
}

function tryRouter(
  { network, router }: Extract<FarEnd, { kind: 'router' }>,
  networks: ReadonlyMap<Reference, PlannedNetwork>,
): Port['router'] {
  const planned = networks.get(network.path);
  return planned && { network: planned, declared: router };
}
