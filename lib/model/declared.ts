/** What every declared thing has. */
export interface Declared {
  /** The construct's path: unique within the app, and where findings about the thing are reported. */
  readonly path: string;
  /** The name, unique among its kind within the partition; numbers in the ledger are kept under it. */
  readonly name: string;
  /** Free text of the user; ends up in comments only. */
  readonly description: string | undefined;
}

/** The path of another declared thing. */
export type Reference = string;

/**
 * A value that was refused where it entered, so that it is reported with all that is broken and not alone. The thing
 * is declared without it.
 */
export interface Misfit {
  readonly path: string;
  readonly rule: MisfitRule;
  /** What is wrong, with the property and the value given. */
  readonly problem: string;
  readonly fix: string;
}

/** The rules that speak of single values; each misfit belongs to one. */
export type MisfitRule =
  | 'library/identity-is-known-at-synth'
  | 'library/names-fit-the-device'
  | 'library/values-are-well-formed'
  | 'network/prefixes-are-canonical'
  | 'switch/interface-names-fit-the-device'
  | 'target/private-key-is-known-to-terraform-alone';
