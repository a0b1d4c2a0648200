import { groupBy, type ExternalNetwork, type Host, hostsOf, type Lookup, type Router, type Switch } from '../model';
import { type Ledger, tryEntry } from './ledger';
import { compareText } from './order';
import type { LinkKind } from './plan';
import { type SoundPartition, tryOwnSwitch } from './sound';

/** A cable that is to be there. Each has a leaf at one end. */
export interface Cable {
  readonly leaf: Switch;
  readonly far: FarEnd;
  /** The number of the leaf's port if the user gave it. */
  readonly leafPort: number | undefined;
}

export type FarEnd =
  | { readonly kind: 'spine'; readonly spine: Switch }
  | { readonly kind: 'host'; readonly host: Host; readonly interfaceName: string }
  | { readonly kind: 'router'; readonly network: ExternalNetwork; readonly router: Router };

/** The name under which the far end holds the leaf's port. */
export function farName(far: FarEnd): string {
  switch (far.kind) {
    case 'spine':
      return far.spine.name;
    case 'host':
      return far.host.name;
    case 'router':
      return routerKey(far.network, far.router);
  }
}

export function linkKindOf(far: FarEnd): LinkKind {
  switch (far.kind) {
    case 'spine':
      return 'fabric';
    case 'host':
      return far.host.kind;
    case 'router':
      return 'router';
  }
}

export const routerKey = ({ name }: ExternalNetwork, router: Router): string => `${name}/${router.name}`;

/** Every cable of the partition. One whose port the user named as no switch of ours does is left out; a rule reports it. */
export function cablesOf(partition: SoundPartition, lookup: Lookup, routerLeaves: RouterLeaves): readonly Cable[] {
  const byRack = groupBy(
    partition.switches.filter(({ role }) => role === 'leaf'),
    ({ rack }) => rack,
  );
  const leavesOf = ({ wiring, rack }: Host): readonly (Switch | undefined)[] => {
    // Undefined for a leaf that is none of this partition, so that the others keep their places.
    if (wiring.leaves !== undefined) return wiring.leaves.map((path) => tryOwnSwitch(path, partition, lookup));
    return rack === undefined ? [] : (byRack.get(rack) ?? []);
  };
  return withoutDoubles([
    ...fabricCables(partition.switches),
    ...hostsOf(partition).flatMap((host) => hostCables(host, leavesOf(host))),
    ...routersOf(partition).flatMap((wanted) => routerCable(wanted, routerLeaves)),
  ]);
}

/** Each leaf has a cable to each spine. */
function fabricCables(switches: readonly Switch[]): readonly Cable[] {
  const spines = switches.filter(({ role }) => role === 'spine');
  return switches
    .filter(({ role }) => role !== 'spine')
    .flatMap((leaf) => spines.map((spine) => ({ leaf, far: { kind: 'spine', spine } as const, leafPort: undefined })));
}

/** A host's n-th interface goes to its n-th leaf, as far as there are both. */
function hostCables(host: Host, leaves: readonly (Switch | undefined)[]): readonly Cable[] {
  const { interfaces, leafPorts } = host.wiring;
  return leaves.flatMap((leaf, index) => {
    const interfaceName = interfaces[index];
    const leafPort = parsePort(leafPorts?.[index]);
    if (leaf === undefined || interfaceName === undefined || leafPort === 'misnamed') return [];
    return [{ leaf, far: { kind: 'host', host, interfaceName } as const, leafPort }];
  });
}

function routerCable({ network, router }: WantedRouter, leaves: RouterLeaves): readonly Cable[] {
  const leaf = leaves.get(routerKey(network, router));
  const leafPort = parsePort(router.port);
  if (leaf === undefined || leafPort === 'misnamed') return [];
  return [{ leaf, far: { kind: 'router', network, router }, leafPort }];
}

function parsePort(name: string | undefined): number | undefined | 'misnamed' {
  if (name === undefined) return undefined;
  const [, digits] = /^swp([1-9]\d{0,4})$/.exec(name) ?? [];
  return digits === undefined ? 'misnamed' : Number(digits);
}

/** Two cables between the same two devices cannot both be named after their far end; a rule reports them. */
function withoutDoubles(cables: readonly Cable[]): readonly Cable[] {
  return [...groupBy(cables, ({ leaf, far }) => `${leaf.name} ${farName(far)}`).values()].flatMap((group) =>
    group.slice(0, 1),
  );
}

/** The border leaf of each router, by the router's key. */
export type RouterLeaves = ReadonlyMap<string, Switch>;

interface WantedRouter {
  readonly network: ExternalNetwork;
  readonly router: Router;
}

/** Finds each router its border leaf: the one the user gave, the one it had, else the one with the fewest routers. */
export function wireRouters(partition: SoundPartition, lookup: Lookup, before: Ledger['routers']): RouterLeaves {
  const borderLeaves = partition.switches.filter(({ role }) => role === 'border-leaf');
  const wired = new Map<string, Switch>();
  const open: string[] = [];
  for (const { network, router } of routersOf(partition)) {
    const key = routerKey(network, router);
    const known = tryEntry(before, key);
    const kept = borderLeaves.find(({ name }) => name === known);
    const leaf = router.leaf === undefined ? kept : tryOwnSwitch(router.leaf, partition, lookup);
    if (leaf !== undefined) wired.set(key, leaf);
    else if (router.leaf === undefined) open.push(key);
  }
  for (const key of open) {
    const leaf = tryIdlest(borderLeaves, wired);
    if (leaf !== undefined) wired.set(key, leaf);
  }
  return wired;
}

function tryIdlest(leaves: readonly Switch[], wired: RouterLeaves): Switch | undefined {
  const load = groupBy(wired.values(), ({ name }) => name);
  return [...leaves].sort(
    (a, b) => (load.get(a.name)?.length ?? 0) - (load.get(b.name)?.length ?? 0) || compareText(a.name, b.name),
  )[0];
}

/** Routers in order of their keys; of two of one name in a network, the first. */
function routersOf({ networks }: SoundPartition): readonly WantedRouter[] {
  return networks
    .filter((network) => network.kind === 'external')
    .flatMap((network) => {
      const routers = [...network.routers].sort((a, b) => compareText(a.name, b.name));
      return routers
        .filter(({ name }, index) => routers[index - 1]?.name !== name)
        .map((router) => ({ network, router }));
    });
}
