import fc from 'fast-check';
import { Lookup, type Partition } from '../../lib/model';
import { type Ledger, planPartition, type PlannedPartition } from '../../lib/plan';
import {
  attachment,
  borderLeaf,
  connection,
  externalNetwork,
  firewall,
  leaf,
  machine,
  partition,
  privateNetwork,
  rack,
  router,
  sharedNetwork,
  spine,
} from '../rules/model';

// A small world of names, and random edits of it, as users make them over the years.

type Names<T> = ReadonlyMap<string, T>;

export interface World {
  readonly networks: Names<{ readonly kind: 'private' | 'shared' | 'external' }>;
  readonly racks: Names<{ readonly leaves: number }>;
  readonly machines: Names<{ readonly rack: string; readonly network: string }>;
  readonly firewalls: Names<{
    readonly rack: string;
    readonly network: string;
    readonly connections: readonly string[];
  }>;
  readonly spines: number;
}

export const EMPTY_WORLD: World = {
  networks: new Map([['n0', { kind: 'private' }]]),
  racks: new Map([['r0', { leaves: 2 }]]),
  machines: new Map(),
  firewalls: new Map(),
  spines: 1,
};

type Kind = 'networks' | 'racks' | 'machines' | 'firewalls';

/** `pick` and `other` choose among what is there, whatever that is. */
export interface Edit {
  readonly what: 'add' | 'remove' | 'rename' | 'connect';
  readonly kind: Kind;
  readonly name: string;
  readonly pick: number;
  readonly other: number;
}

const KINDS: readonly Kind[] = ['networks', 'racks', 'machines', 'firewalls'];
const PREFIX: Readonly<Record<Kind, string>> = { networks: 'n', racks: 'r', machines: 'm', firewalls: 'f' };

export const edits = (maxLength: number): fc.Arbitrary<readonly Edit[]> =>
  fc.array(
    fc
      .record({
        what: fc.oneof(
          { weight: 6, arbitrary: fc.constant('add' as const) },
          { weight: 4, arbitrary: fc.constantFrom('remove' as const, 'rename' as const, 'connect' as const) },
        ),
        kind: fc.oneof(
          { weight: 1, arbitrary: fc.constantFrom(...KINDS) },
          { weight: 1, arbitrary: fc.constantFrom('networks' as const, 'machines' as const) },
        ),
        name: fc.nat({ max: 30 }),
        pick: fc.nat(),
        other: fc.nat(),
      })
      .map((edit): Edit => ({ ...edit, name: `${PREFIX[edit.kind]}${edit.name}` })),
    { minLength: 1, maxLength, size: 'max' },
  );

export function applyEdit(world: World, edit: Edit): World {
  switch (edit.what) {
    case 'add':
      return add(world, edit);
    case 'remove':
      return withoutDangling({
        ...world,
        [edit.kind]: without<unknown>(world[edit.kind], pickFrom(world[edit.kind], edit.pick)),
      });
    case 'rename':
      return rename(world, edit);
    case 'connect':
      return connect(world, edit);
  }
}

function add(world: World, { kind, name, pick, other }: Edit): World {
  if (world[kind].has(name)) return world;
  const where = { rack: pickFrom(world.racks, pick), network: pickFrom(privates(world), other) };
  const { rack: inRack, network } = where;
  switch (kind) {
    case 'networks':
      return { ...world, networks: plus(world.networks, name, { kind: KIND_OF_NETWORK[pick % 4] ?? 'private' }) };
    case 'racks':
      return { ...world, racks: plus(world.racks, name, { leaves: 1 + (pick % 2) }) };
    case 'machines':
      if (inRack === undefined || network === undefined) return world;
      return { ...world, machines: plus(world.machines, name, { rack: inRack, network }) };
    case 'firewalls':
      if (inRack === undefined || network === undefined) return world;
      return { ...world, firewalls: plus(world.firewalls, name, { rack: inRack, network, connections: [] }) };
  }
}

const KIND_OF_NETWORK = ['private', 'private', 'shared', 'external'] as const;

function connect(world: World, { pick, other }: Edit): World {
  const name = pickFrom(world.firewalls, pick);
  const network = pickFrom(world.networks, other);
  const existing = name === undefined ? undefined : world.firewalls.get(name);
  if (name === undefined || existing === undefined || network === undefined) return world;
  if (existing.network === network || existing.connections.includes(network)) return world;
  return {
    ...world,
    firewalls: plus(world.firewalls, name, { ...existing, connections: [...existing.connections, network] }),
  };
}

function rename(world: World, { kind, name, pick }: Edit): World {
  const old = pickFrom(world[kind], pick);
  if (old === undefined || world[kind].has(name)) return world;
  const renamed = {
    ...world,
    [kind]: new Map([...world[kind]].map(([key, value]) => [key === old ? name : key, value])),
  };
  const follow = (text: string): string => (text === old ? name : text);
  return {
    ...renamed,
    machines: mapValues(renamed.machines, (host) => ({ rack: follow(host.rack), network: follow(host.network) })),
    firewalls: mapValues(renamed.firewalls, (host) => ({
      rack: follow(host.rack),
      network: follow(host.network),
      connections: host.connections.map(follow),
    })),
  };
}

/** Hosts go with their rack and network, as they would have to. */
function withoutDangling(world: World): World {
  const stands = (host: { readonly rack: string; readonly network: string }): boolean =>
    world.racks.has(host.rack) && world.networks.has(host.network);
  const firewalls = new Map([...world.firewalls].filter(([, host]) => stands(host)));
  return {
    ...world,
    machines: new Map([...world.machines].filter(([, host]) => stands(host))),
    firewalls: mapValues(firewalls, (host) => ({
      ...host,
      connections: host.connections.filter((network) => world.networks.has(network)),
    })),
  };
}

const privates = ({ networks }: World): World['networks'] =>
  new Map([...networks].filter(([, { kind }]) => kind !== 'external'));

const pickFrom = (names: Names<unknown>, pick: number): string | undefined => [...names.keys()][pick % names.size];
const plus = <T>(names: Names<T>, name: string, value: T): Names<T> => new Map([...names, [name, value]]);
const without = <T>(names: Names<T>, name: string | undefined): Names<T> =>
  new Map([...names].filter(([key]) => key !== name));
const mapValues = <T, U>(names: Names<T>, map: (value: T) => U): Names<U> =>
  new Map([...names].map(([key, value]) => [key, map(value)]));

/** The model of the world, its lists in the order in which things came. */
export function partitionOf(world: World, given: Parameters<typeof partition>[1] = {}): Partition {
  return partition('par1', {
    racks: [...world.racks.keys()].map((name) => rack(name)),
    switches: [
      ...Array.from({ length: world.spines }, (_, index) => spine(`spine${index + 1}`)),
      borderLeaf('border1'),
      borderLeaf('border2'),
      ...[...world.racks].flatMap(([name, { leaves }]) =>
        Array.from({ length: leaves }, (_, index) => leaf(`${name}-leaf${index + 1}`, { rack: `par1/${name}` })),
      ),
    ],
    networks: [...world.networks].map(([name, { kind }]) => {
      if (kind === 'external')
        return externalNetwork(name, { prefixes: [`185.1.${name.slice(1)}.0/24`], routers: [router('isp1')] });
      return kind === 'shared' ? sharedNetwork(name) : privateNetwork(name);
    }),
    machines: [...world.machines].map(([name, host]) =>
      machine(name, attachment(host.network), { rack: `par1/${host.rack}` }),
    ),
    firewalls: [...world.firewalls].map(([name, host]) =>
      firewall(name, attachment(host.network), {
        rack: `par1/${host.rack}`,
        connections: host.connections.map((network) => connection(network)),
      }),
    ),
    ...given,
  });
}

export function plan(declared: Partition, ledger?: Ledger): PlannedPartition {
  return planPartition(declared, new Lookup({ partitions: [declared] }), ledger);
}

/** Every number of a ledger, as [pool, holder, value]. */
export function numbersOf({ pools }: Ledger): readonly (readonly [string, string, number | string])[] {
  return Object.entries(pools).flatMap(([pool, { given }]) =>
    Object.entries(given).map(([holder, value]) => [pool, holder, value] as const),
  );
}
