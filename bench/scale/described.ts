import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How large a fabric is. */
export interface Size {
  readonly leaves: number;
  readonly machines: number;
  readonly networks: number;
  readonly firewalls: number;
  readonly partitions: number;
}

/** How leaves are cut into partitions: into as many as 64 for 1,000 leaves, or into as few as spines have ports for. */
export type Cut = 'many' | 'few';

/** What a spine of 512 ports has room for, border leaves spared. */
const LEAVES_OF_ONE_PARTITION = 500;

/** Two leaves a rack; twenty machines, two networks and a firewall for each leaf. */
export function sizeOf(leaves: number, cut: Cut): Size {
  return {
    leaves,
    machines: leaves * 20,
    networks: leaves * 2,
    firewalls: leaves,
    partitions: cut === 'many' ? Math.ceil(leaves * 0.064) : Math.ceil(leaves / LEAVES_OF_ONE_PARTITION),
  };
}

/** A partition that is to be declared. Racks and tenants are numbers from 0 on. */
export interface DescribedPartition {
  readonly name: string;
  readonly racks: number;
  readonly tenants: number;
  readonly firewalls: readonly DescribedFirewall[];
  readonly machines: readonly DescribedMachine[];
}

export interface DescribedFirewall {
  readonly rack: number;
  readonly tenant: number;
  readonly services: readonly Service[];
  /** The TCP ports of the internet that are let through. */
  readonly ports: readonly number[];
}

export interface DescribedMachine {
  readonly rack: number;
  /** A tenant, or a service that the machine is a server of. */
  readonly network: number | Service;
}

/** The shared networks of a partition, without NAT and with it. */
export const SERVICES = ['storage', 'registry'] as const;
export type Service = (typeof SERVICES)[number];

/** The networks of a partition that are no tenants': the services, and the internet. */
const COMMON_NETWORKS = SERVICES.length + 1;

/** The same seed describes the same fabric. */
export function describeFabric(size: Size, seed: number): readonly DescribedPartition[] {
  const racks = size.leaves / 2;
  return Array.from({ length: size.partitions }, (_, index) => {
    const own = shareOf(racks, index, size.partitions);
    const share = (all: number): number => Math.round((all * own) / racks);
    return describePartition(`par${index + 1}`, own, share, size, new Dice(seed * 1000 + index));
  });
}

/** The same fabric with one machine more, in the network and rack of the last one of the first partition. */
export function withOneMore([first, ...others]: readonly DescribedPartition[]): readonly DescribedPartition[] {
  if (first === undefined) throw new Error('a fabric without partitions');
  return [{ ...first, machines: [...first.machines, ...first.machines.slice(-1)] }, ...others];
}

/** What falls to one of so many, so that no two differ by more than one. */
const shareOf = (all: number, index: number, of: number): number =>
  Math.floor((all * (index + 1)) / of) - Math.floor((all * index) / of);

/** The hosts of a tenant stand in one rack, and some in the next one; one machine in eight is a server of a service. */
function describePartition(
  name: string,
  racks: number,
  share: (all: number) => number,
  size: Size,
  dice: Dice,
): DescribedPartition {
  const tenants = share(size.networks) - COMMON_NETWORKS;
  const firewalls = Math.min(share(size.firewalls), tenants);
  const homeOf = (tenant: number): number => Math.floor((tenant * racks) / tenants);
  const firstIn = (rack: number): number => Math.ceil((rack * tenants) / racks);
  const tenantIn = (rack: number): number => firstIn(rack) + dice.roll(firstIn(rack + 1) - firstIn(rack));
  return {
    name,
    racks,
    tenants,
    firewalls: Array.from({ length: firewalls }, (_, index) => {
      const tenant = Math.floor((index * tenants) / firewalls);
      return {
        rack: homeOf(tenant),
        tenant,
        services: SERVICES.filter(() => dice.roll(4) > 0),
        ports: [80, 443, ...(dice.roll(4) === 0 ? [25] : [])],
      };
    }),
    machines: Array.from({ length: share(size.machines) }, (_, index) => {
      const rack = index % racks;
      const fate = dice.roll(8);
      if (fate === 0) return { rack, network: SERVICES[dice.roll(SERVICES.length)] ?? SERVICES[0] };
      return { rack, network: tenantIn(fate === 1 ? (rack + 1) % racks : rack) };
    }),
  };
}

/** Numbers that look random, and are the same for the same seed. */
class Dice {
  readonly #generator;

  public constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A number from 0 to below `sides`. */
  public roll(sides: number): number {
    return uniformInt(this.#generator, 0, sides - 1);
  }
}
