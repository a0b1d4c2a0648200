import type { Shortage } from '../model';
import type { LedgerValue } from './ledger';
import type { Claim, Pool, PoolWords } from './pool';

/** What every shortage of a pool is told with. */
export interface Teller {
  readonly pool: Pick<Pool<unknown>, 'id' | 'kind' | 'words'>;
  /** The file of the ledger, for commands. */
  readonly file: string;
}

type Claimant = Pick<Claim<unknown>, 'holder' | 'path' | 'length'>;

/** All of the pool is held. */
export function exhausted(teller: Teller, { holder, path, length }: Claimant, freedNow: number): Shortage {
  const { noun, place, growth } = teller.pool.words;
  const wanted = length === undefined ? noun : `${noun} of length ${length}`;
  const waiting = freedNow === 0 ? '' : `; what this change frees (${freedNow}) is given again from the next change on`;
  return {
    kind: 'exhausted',
    pool: teller.pool.kind,
    path,
    problem: `no ${wanted} is left in ${place} for "${holder}"${waiting}`,
    fix: freedNow === 0 ? growth : `${growth}, or make the change without "${holder}" first`,
  };
}

/** The user fixed what another one keeps. */
export function taken(
  teller: Teller,
  { holder, path }: Claimant,
  value: LedgerValue,
  other: string,
  held: LedgerValue,
): Shortage {
  const overlaps = value === held ? 'is held by' : `overlaps ${printValue(teller.pool.words, held)} of`;
  return {
    kind: 'taken',
    pool: teller.pool.kind,
    path,
    problem: `${printValue(teller.pool.words, value)} of "${holder}" ${overlaps} "${other}"`,
    fix: `give "${holder}" another one, or give "${other}" a new one on purpose: ${renumber(teller, other)}`,
  };
}

/** The user fixed one number for two holders. */
export function fixedTwice(teller: Teller, { holder, path }: Claimant, value: LedgerValue, other: string): Shortage {
  return {
    kind: 'taken',
    pool: teller.pool.kind,
    path,
    problem: `${printValue(teller.pool.words, value)} of "${holder}" is given to "${other}" too`,
    fix: `give "${holder}" or "${other}" another one`,
  };
}

/** What the ledger keeps for the holder no longer fits its pool. */
export function misplaced(teller: Teller, { holder, path }: Claimant, value: LedgerValue): Shortage {
  const { words } = teller.pool;
  const owner = words.reservedFor?.(String(value));
  const place = owner === undefined ? `outside of ${words.place}` : `that of ${owner}`;
  return {
    kind: 'misplaced',
    pool: teller.pool.kind,
    path,
    problem: `${printValue(words, value)}, which the ledger keeps for "${holder}", is ${place}`,
    fix: `restore what held ${printValue(words, value)}, or give "${holder}" a new one on purpose: ${renumber(teller, holder)}`,
  };
}

/** What the user fixed lies outside of what the ledger gave to the network. */
export function outside(teller: Teller, { holder, path }: Claimant, value: LedgerValue): Shortage {
  const { words } = teller.pool;
  const unusable = words.unusable?.(String(value));
  if (unusable !== undefined) {
    return {
      kind: 'unusable',
      pool: teller.pool.kind,
      path,
      problem: `${printValue(words, value)} of "${holder}" is ${unusable}`,
      fix: 'choose one of these',
    };
  }
  return {
    kind: 'misplaced',
    pool: teller.pool.kind,
    path,
    problem: `${printValue(words, value)} of "${holder}" is outside of ${words.place}`,
    fix: `choose one in there, or ${words.growth}`,
  };
}

const printValue = ({ noun, print }: PoolWords, value: LedgerValue): string =>
  `${noun} ${print === undefined ? value : print(String(value))}`;

const renumber = ({ pool, file }: Teller, holder: string): string =>
  `metal-fabric ledger renumber ${[file, pool.id, holder].map(shellWord).join(' ')}`;

const shellWord = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
