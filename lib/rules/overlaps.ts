import { Prefix } from '../net';
import { compareText } from './check-rules';

/** That somebody has a prefix. */
export interface Claim<T> {
  readonly prefix: Prefix;
  readonly holder: T;
}

export interface Overlap<T> {
  readonly wide: Claim<T>;
  readonly inside: Claim<T>;
}

/**
 * Two prefixes either nest or are disjoint. So, once sorted, each needs to be compared with the widest before it only,
 * and each is reported once, however many it overlaps: never a quadratic number of findings.
 */
export function* overlapsOf<T extends { readonly path: string }>(claims: Iterable<Claim<T>>): Iterable<Overlap<T>> {
  const sorted = [...claims].sort(
    (a, b) => Prefix.compare(a.prefix, b.prefix) || compareText(a.holder.path, b.holder.path),
  );
  let wide: Claim<T> | undefined;
  for (const claim of sorted) {
    if (wide?.prefix.contains(claim.prefix) === true) yield { wide, inside: claim };
    else wide = claim;
  }
}
