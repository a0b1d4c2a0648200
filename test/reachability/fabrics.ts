import fc from 'fast-check';
import { type Compilation, compile, type CompiledPartition } from '../../lib/compile';
import type { Connection, Firewall, Flow, Machine, NatPolicy, Network } from '../../lib/model';
import {
  attachment,
  borderLeaf,
  connection,
  externalNetwork,
  fabric,
  type FabricCase,
  firewall,
  flowFrom,
  flowTo,
  leaf,
  machine,
  masquerade,
  NO_NAT,
  peer,
  privateNetwork,
  rack,
  router,
  sharedNetwork,
  spine,
  translate,
} from '../rules/model';

// Random fabrics as users declare them: services of all kinds, and tenants that use some of them in some way.

interface Service {
  readonly nat: boolean;
  readonly machines: number;
  readonly families: 'both' | 'ipv4' | 'ipv6';
  readonly firewall: boolean;
}

interface Link {
  readonly used: boolean;
  readonly allow: number;
  readonly nat: number;
}

interface Tenant {
  readonly machines: number;
  readonly families: 'both' | 'ipv4' | 'ipv6' | 'global';
  readonly firewall: boolean;
  readonly rack: number;
  readonly services: readonly Link[];
  readonly internet: Link;
  readonly company: Link;
  readonly throughDmz: boolean;
  readonly lent: boolean;
}

export interface World {
  readonly frr: number;
  readonly racks: number;
  readonly leaves: number;
  readonly spines: number;
  readonly borders: number;
  readonly routers: number;
  readonly internetNat: boolean;
  readonly internetIpv6: boolean;
  readonly companyNat: boolean;
  readonly dmz: boolean;
  /** Whether the machine in the DMZ has an address of the internet. */
  readonly dmzLent: boolean;
  readonly services: readonly Service[];
  readonly tenants: readonly Tenant[];
}

const often = (weight: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

const link = fc.record({ used: often(2), allow: fc.nat({ max: 7 }), nat: fc.nat({ max: 6 }) });

export const worlds: fc.Arbitrary<World> = fc.record({
  frr: fc.nat({ max: 2 }),
  racks: fc.integer({ min: 1, max: 2 }),
  leaves: fc.integer({ min: 1, max: 2 }),
  spines: fc.integer({ min: 1, max: 2 }),
  borders: fc.integer({ min: 1, max: 2 }),
  routers: fc.integer({ min: 1, max: 2 }),
  internetNat: often(3),
  internetIpv6: fc.boolean(),
  companyNat: fc.boolean(),
  dmz: fc.boolean(),
  dmzLent: fc.boolean(),
  services: fc.array(
    fc.record({
      nat: fc.boolean(),
      machines: fc.nat({ max: 2 }),
      families: fc.constantFrom('both', 'both', 'both', 'ipv4', 'ipv6'),
      firewall: fc.boolean(),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  tenants: fc.array(
    fc.record({
      machines: fc.integer({ min: 1, max: 2 }),
      families: fc.constantFrom('both', 'both', 'ipv4', 'ipv6', 'global'),
      firewall: often(5),
      rack: fc.nat({ max: 1 }),
      services: fc.array(link, { minLength: 2, maxLength: 2 }),
      internet: link,
      company: link,
      throughDmz: fc.boolean(),
      lent: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** The fabric of a world; what does not fit together is left for the rules to refuse. */
export function fabricOf(world: World): FabricCase {
  const rackOf = (index: number): string => `par1/rack${(index % world.racks) + 1}`;
  const machines: Machine[] = [];
  const firewalls: Firewall[] = [];
  const networks: Network[] = [internetOf(world), companyOf(world)];

  for (const [index, service] of world.services.entries()) {
    const name = `service${index}`;
    networks.push(sharedNetwork(name, { nat: service.nat, project: name, prefixLengths: LENGTHS[service.families] }));
    for (let one = 0; one < service.machines; one += 1) {
      machines.push(machine(`${name}-${one}`, name, { rack: rackOf(one) }));
    }
    if (service.firewall) {
      firewalls.push(firewall(`${name}-fw`, name, { rack: rackOf(index), connections: [connection('internet')] }));
    }
  }
  if (world.dmz) {
    networks.push(sharedNetwork('dmz', { nat: true, destinationPrefixes: ['0.0.0.0/0'], project: 'dmz' }));
    firewalls.push(firewall('dmz-fw', 'dmz', { rack: rackOf(1), connections: [connection('internet')] }));
    machines.push(
      machine('dmz-0', 'dmz', { rack: rackOf(0), attachments: world.dmzLent ? [attachment('internet')] : [] }),
    );
  }
  for (const [index, tenant] of world.tenants.entries()) {
    const name = `tenant${index}`;
    networks.push(
      privateNetwork(
        name,
        tenant.families === 'global' ? globalPrefixes(index) : { prefixLengths: LENGTHS[tenant.families] },
      ),
    );
    const connections = tenant.firewall ? connectionsOf(tenant, world) : [];
    const lends = tenant.lent && connections.some(({ network }) => network === 'par1/internet');
    for (let one = 0; one < tenant.machines; one += 1) {
      machines.push(
        machine(`${name}-${one}`, name, {
          rack: rackOf(one + tenant.rack),
          attachments: lends && one === 0 ? [attachment('internet')] : [],
        }),
      );
    }
    if (tenant.firewall) firewalls.push(firewall(`${name}-fw`, name, { rack: rackOf(tenant.rack), connections }));
  }
  const superNetworks = ['10.128.0.0/14', 'fd00:10:128::/48', '2a02:c00:30::/48'];
  return { ...devicesOf(world), superNetworks, networks, machines, firewalls };
}

const LENGTHS = {
  both: { ipv4: 22, ipv6: 64 },
  ipv4: { ipv4: 24, ipv6: undefined },
  ipv6: { ipv4: undefined, ipv6: 64 },
} as const;

const globalPrefixes = (index: number) => ({ prefixes: [`10.131.${index}.0/24`, `2a02:c00:30:${index + 1}::/64`] });

function connectionsOf(tenant: Tenant, world: World): readonly Connection[] {
  const services = world.services.flatMap(({ nat }, index) => {
    const given = tenant.services[index];
    return given?.used === true ? [connect(`service${index}`, given, FLOWS, nat)] : [];
  });
  const outside = world.dmz && tenant.throughDmz ? 'dmz' : 'internet';
  return [
    ...services,
    ...(tenant.internet.used
      ? [connect(outside, tenant.internet, WORLD_FLOWS, outside === 'dmz' || world.internetNat)]
      : []),
    ...(tenant.company.used && tenant.families !== 'ipv6'
      ? [connect('company', tenant.company, COMPANY_FLOWS, world.companyNat)]
      : []),
  ];
}

/** @param hides whether the network asks for NAT: then it may not be left out */
function connect(
  network: string,
  { allow, nat }: Link,
  flows: readonly (readonly Flow[])[],
  hides: boolean,
): Connection {
  const chosen = flows[allow - 1];
  const policies: readonly (NatPolicy | undefined)[] = [
    undefined,
    undefined,
    hides ? undefined : NO_NAT,
    translate(),
    masquerade(),
  ];
  const policy = policies[nat];
  return connection(network, {
    ...(chosen === undefined ? {} : { allow: chosen }),
    ...(policy === undefined ? {} : { nat: policy }),
  });
}

const ports = (...all: readonly number[]) => all.map((first) => ({ first, last: first }));

const FLOWS: readonly (readonly Flow[])[] = [
  [flowTo(undefined, { protocol: 'tcp', ports: ports(443, 8443) })],
  [
    flowTo(undefined, { protocol: 'udp', ports: [{ first: 5000, last: 5999 }] }),
    flowTo(undefined, { protocol: 'icmp' }),
  ],
  [flowTo(), flowFrom(undefined, { protocol: 'tcp', ports: ports(22) })],
  [],
];

const WORLD_FLOWS: readonly (readonly Flow[])[] = [
  [flowTo('0.0.0.0/0', { protocol: 'tcp', ports: ports(80, 443) })],
  [flowTo('198.51.100.0/24', { protocol: 'tcp' }), flowTo('0.0.0.0/0', { protocol: 'icmp' })],
  [flowTo('0.0.0.0/0', { protocol: 'udp', ports: ports(53) })],
  [],
];

const COMPANY_FLOWS: readonly (readonly Flow[])[] = [
  [flowTo('172.16.0.0/16', { protocol: 'tcp', ports: ports(22) }), flowTo('172.16.0.0/12', { protocol: 'icmp' })],
  [flowTo('172.20.0.0/16')],
  [],
];

const internetOf = ({ internetNat, internetIpv6, routers }: World): Network =>
  externalNetwork('internet', {
    nat: internetNat,
    prefixes: ['185.1.2.0/24', ...(internetIpv6 ? ['2a02:c00:20::/64'] : [])],
    destinationPrefixes: ['0.0.0.0/0', ...(internetIpv6 ? ['::/0'] : [])],
    routers: Array.from({ length: routers }, (_, index) =>
      router(`isp${index + 1}`, {
        peers: [
          peer(`192.0.2.${2 * index + 1}/31`),
          ...(internetIpv6 ? [peer(`2a02:c00:ff::${2 * index + 1}/127`)] : []),
        ],
      }),
    ),
  });

const companyOf = ({ companyNat }: World): Network =>
  externalNetwork('company', {
    nat: companyNat,
    prefixes: ['198.18.0.0/24'],
    destinationPrefixes: ['172.16.0.0/12'],
    routers: [router('wan', { asn: 64_501, peers: [peer('192.0.2.101/31')] })],
  });

const devicesOf = ({ frr, racks, leaves, spines, borders }: World): Partial<FabricCase> => {
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
  const names = numbers(racks).map((number) => `rack${number}`);
  return {
    frr: frr === 0 ? { major: 8, minor: 4 } : { major: 10, minor: 3 },
    racks: names.map((name) => rack(name, { leafCount: leaves })),
    switches: [
      ...numbers(spines).map((number) => spine(`spine${number}`)),
      ...numbers(borders).map((number) => borderLeaf(`border${number}`)),
      ...names.flatMap((name) =>
        numbers(leaves).map((number) => leaf(`${name}-leaf${number}`, { rack: `par1/${name}` })),
      ),
    ],
  };
};

/** Hosts have as many interfaces as their rack has leaves. */
const wired = <T extends Machine | Firewall>(host: T, leaves: number): T => ({
  ...host,
  wiring: { ...host.wiring, interfaces: ['lan0', 'lan1'].slice(0, leaves) },
});

export function compileWorld(world: World): Compilation {
  const { machines = [], firewalls = [], ...rest } = fabricOf(world);
  return compile(
    fabric({
      ...rest,
      machines: machines.map((host) => wired(host, world.leaves)),
      firewalls: firewalls.map((host) => wired(host, world.leaves)),
    }),
  );
}

/** Valid fabrics only: what the rules refuse is nobody's fabric. */
export const fabrics: fc.Arbitrary<CompiledPartition> = worlds
  .map(compileWorld)
  .filter(({ findings }) => findings.length === 0)
  .map(({ partitions }) => partitions[0]!);
