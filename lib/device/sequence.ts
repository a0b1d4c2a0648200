import { BITS, Prefix } from '../net';
import type { Action, PrefixListEntry } from '../language/frr';

/** Denials come before permissions; each kind has its own run of sequence numbers. */
const FIRST: Readonly<Record<Action, number>> = { deny: 1_000, permit: 100_000 };
const RUN: Readonly<Record<Action, number>> = { deny: 90_000, permit: 900_000 };

export interface PrefixListMatch {
  readonly action: Action;
  readonly prefix: Prefix;
  /** Whether the prefix stands for every route inside it, host routes included. */
  readonly inside: boolean;
}

/**
 * The entries of a prefix list, each numbered by its own prefix and not by its place: an entry that comes or goes
 * leaves the others' numbers alone, and frr-reload touches one line. Two prefixes with one number are rare; then the
 * later one, in the order of prefixes, takes the next number.
 */
export function prefixListEntries(matches: readonly PrefixListMatch[]): readonly PrefixListEntry[] {
  const [only] = matches;
  if (only === undefined) return [];
  if (matches.length === 1) return [entryOf(only, sequenceOf(only))];
  const taken = new Set<number>();
  return [...new Map(matches.map((match) => [`${match.action} ${match.prefix.toString()}`, match])).values()]
    .sort((a, b) => Prefix.compare(a.prefix, b.prefix))
    .map((match) => {
      let sequence = sequenceOf(match);
      while (taken.has(sequence)) sequence += 1;
      taken.add(sequence);
      return entryOf(match, sequence);
    })
    .sort((a, b) => a.sequence - b.sequence);
}

const sequenceOf = ({ action, prefix }: PrefixListMatch): number =>
  FIRST[action] + (fnv1a(prefix.toString()) % RUN[action]);

/** A host route or the default route has nothing further inside that a list should let through. */
const entryOf = ({ action, prefix, inside }: PrefixListMatch, sequence: number): PrefixListEntry => ({
  sequence,
  action,
  prefix,
  le: inside && !prefix.isHost && !prefix.isDefault ? BITS[prefix.family] : undefined,
});

/** Hashes a text to 32 bits: FNV-1a. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
