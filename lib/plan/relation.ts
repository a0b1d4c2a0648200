import { FAMILIES, isUniqueLocal, type Address, type Family, Prefix } from '../net';
import { answering, type NatPolicy, isHidden, natOf, ofFamily } from '../model';
import type { PlannedConnection, PlannedFirewall, PlannedMachine } from './plan';

/** What a firewall joins in one address family: its primary network and one that it is connected to. */
export interface Relation {
  readonly firewall: PlannedFirewall;
  readonly connection: PlannedConnection;
  readonly family: Family;
  /** The primary network's prefixes, as far as what is there gets answers from beyond; empty if only lent addresses do. */
  readonly near: readonly Prefix[];
  /** What the primary network reaches there: the connected network's prefixes, and those reached through it. */
  readonly far: readonly Prefix[];
  /** The prefixes that may open connections into the primary network; empty for none. */
  readonly callers: readonly Prefix[];
  readonly nat: NatPolicy;
  /** Whether the connected network must not learn routes to the primary one. */
  readonly hidden: boolean;
  /** Addresses of the connected external network that machines of the primary network have for their own. */
  readonly lent: readonly LentAddress[];
}

export interface LentAddress {
  readonly machine: string;
  readonly host: Prefix;
}

/**
 * The relations of a firewall, one for each connection and family in which both sides can speak at all.
 * @param machines those of its primary network
 */
export function relationsOf(firewall: PlannedFirewall, machines: readonly PlannedMachine[]): readonly Relation[] {
  return firewall.connections.flatMap((connection) =>
    FAMILIES.flatMap((family) => tryRelate(firewall, machines, connection, family) ?? []),
  );
}

function tryRelate(
  firewall: PlannedFirewall,
  machines: readonly PlannedMachine[],
  connection: PlannedConnection,
  family: Family,
): Relation | undefined {
  const { declared: network, prefixes } = connection.network;
  const own = ofFamily(prefixes, family);
  const answers = (isLocal: boolean): readonly Prefix[] =>
    answering(connection.declared, network, family, own, isLocal);
  const inside = ofFamily(firewall.primary.network.prefixes, family);
  const reached = inside.length === 0 ? [] : answers(inside.some(isUniqueLocal));
  const lent = lentAddresses(connection, family, machines);
  // An address of the connected network itself gets answers also where the primary network's own do not.
  const far = reached.length === 0 && lent.length > 0 ? answers(false) : reached;
  if (far.length === 0) return undefined;
  const near = reached.length === 0 ? [] : inside;
  const nat: NatPolicy =
    family === 'ipv6' || near.length === 0 ? { kind: 'none' } : natOf(connection.declared, network);
  return {
    firewall,
    connection,
    family,
    near,
    far,
    callers: nat.kind === 'none' && network.kind === 'private' ? own : [],
    nat,
    hidden: isHidden(connection.declared, network, family),
    lent,
  };
}

/** The address that the far side sees, or `original`. */
export function addressSeen({ nat, connection }: Relation): Address | 'original' {
  switch (nat.kind) {
    case 'none':
      return 'original';
    case 'masquerade':
      return ownAddress(connection);
    case 'translate':
      return nat.address ?? ownAddress(connection);
  }
}

function ownAddress(connection: PlannedConnection): Address {
  const address = connection.addresses.find(({ family }) => family === 'ipv4');
  if (address === undefined) {
    throw new Error(`invariant: ${connection.declared.network} translates without an IPv4 address of the firewall`);
  }
  return address;
}

function lentAddresses(
  { network }: PlannedConnection,
  family: Family,
  machines: readonly PlannedMachine[],
): readonly LentAddress[] {
  return machines.flatMap(({ name, attachments }) =>
    attachments
      .filter((attachment) => attachment.network === network)
      .flatMap(({ addresses }) => addresses.filter((address) => address.family === family))
      .map((address) => ({ machine: name, host: Prefix.host(address) })),
  );
}
