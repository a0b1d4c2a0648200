import type { Declared, Fabric, Lookup } from '../model';

/** One constraint. Its id is its file's path below `rules/`, and the name of its page in `docs/rules/`. */
export interface Rule {
  readonly id: string;
  /** The truth it guards: one sentence, with a full stop. */
  readonly statement: string;
  /** Where that truth comes from: the specification, an RFC, a device's limit, a decision. */
  readonly source: string;
  /**
   * Set where it finds that something is missing. Such a finding is left out at a construct of which a value was
   * refused: that value may be what is missing, and the user has read about it already.
   */
  readonly missesSomething?: true;
  /** Where it is explained; undefined for its own page in `docs/rules/`. */
  readonly page?: string;
  readonly check: (fabric: Fabric, lookup: Lookup) => Iterable<Violation>;
}

/** One place where a rule is broken. */
export interface Violation {
  /** The construct at which it is reported. */
  readonly subject: Pick<Declared, 'path'>;
  /** What is wrong, with the value given: lower case, without a full stop. */
  readonly problem: string;
  /** What to do about it: lower case, without a full stop. */
  readonly fix: string;
}

export interface Finding extends Violation {
  readonly rule: Rule;
}

/** Gives the literal back, checked; a rule reads better without a type in front of it. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
