import type { Fabric, MisfitRule, Partition, Shortage } from '../model';
import type { Violation } from './rule';

/** What was refused where it entered, in the name of the rule. */
export function misfitsOf({ misfits }: Fabric, id: MisfitRule): readonly Violation[] {
  return misfits
    .filter(({ rule }) => rule === id)
    .map(({ path, problem, fix }) => ({ subject: { path }, problem, fix }));
}

/** The rules that numbers break which could not be given. */
export type ShortageRule =
  | 'host/address-is-free'
  | 'host/address-is-usable'
  | 'host/address-lies-in-its-network'
  | 'host/network-has-room'
  | 'ledger/numbers-fit-their-pool'
  | 'network/prefixes-are-disjoint'
  | 'network/super-network-has-room'
  | 'network/vni-is-unique'
  | 'partition/pools-have-room'
  | 'switch/has-a-free-port'
  | 'switch/port-is-used-once';

export function ruleOf({ kind, pool }: Pick<Shortage, 'kind' | 'pool'>): ShortageRule {
  switch (kind) {
    case 'misplaced':
      // Given by the user or kept by the ledger, it lies outside of the prefix that was carved for its network.
      return pool === 'address' ? 'host/address-lies-in-its-network' : 'ledger/numbers-fit-their-pool';
    case 'unusable':
      return 'host/address-is-usable';
    case 'exhausted':
      return ruleOfExhausted(pool);
    case 'taken':
      return ruleOfTaken(pool);
  }
}

function ruleOfExhausted(pool: Shortage['pool']): ShortageRule {
  switch (pool) {
    case 'prefix':
      return 'network/super-network-has-room';
    case 'address':
      return 'host/network-has-room';
    case 'port':
      return 'switch/has-a-free-port';
    case 'vni':
    case 'vlan':
    case 'asn':
    case 'loopback':
      return 'partition/pools-have-room';
  }
}

function ruleOfTaken(pool: Shortage['pool']): ShortageRule {
  switch (pool) {
    case 'prefix':
      return 'network/prefixes-are-disjoint';
    case 'address':
      return 'host/address-is-free';
    case 'port':
      return 'switch/port-is-used-once';
    case 'vni':
      return 'network/vni-is-unique';
    // Nobody fixes these by hand, so only the ledger can hold one twice.
    case 'vlan':
    case 'asn':
    case 'loopback':
      return 'ledger/numbers-fit-their-pool';
  }
}

/**
 * What could not be given, in the name of the rule.
 * @param known paths of which the rule speaks by itself: there the shortage is the same news again
 */
export function shortagesOf(
  partitions: readonly Pick<Partition, 'recorded'>[],
  id: ShortageRule,
  known: Iterable<string> = [],
): readonly Violation[] {
  const paths = new Set(known);
  return partitions
    .flatMap(({ recorded }) => recorded.shortages)
    .filter((shortage) => ruleOf(shortage) === id && !paths.has(shortage.path))
    .map(({ path, problem, fix }) => ({ subject: { path }, problem, fix }));
}

/** That two want one number. */
export interface Clash {
  readonly violation: Violation;
  /** The path of the other one, at which the ledger may have found the same. */
  readonly rival: string;
}

/** Clashes that a rule found, with those that only the ledger knows of. */
export function* withShortages(
  clashes: readonly Clash[],
  partitions: readonly Pick<Partition, 'recorded'>[],
  id: ShortageRule,
): Iterable<Violation> {
  yield* clashes.map(({ violation }) => violation);
  yield* shortagesOf(
    partitions,
    id,
    clashes.flatMap(({ violation, rival }) => [violation.subject.path, rival]),
  );
}
