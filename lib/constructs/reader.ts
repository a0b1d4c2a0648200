import { Token } from 'cdktf';
import {
  Address,
  commentText,
  InvalidValue,
  NAME_LENGTH,
  parseInterfaceName,
  parseName,
  Prefix,
  quote,
} from '../net';
import type { FrrVersion, Misfit, MisfitRule } from '../model';

/**
 * Reads what a user gave to one construct. A value that is none of its kind is kept as a misfit and left out, so that it
 * is reported together with everything else that is broken, and not alone.
 */
export class Reader {
  readonly #misfits: Misfit[] = [];

  public constructor(private readonly path: string) {}

  public get misfits(): readonly Misfit[] {
    return this.#misfits;
  }

  /** What is no name is reported; findings about other things speak of it by what can be read of it. */
  public name(property: string, given: string): string {
    return this.#read('library/names-fit-the-device', property, given, parseName) ?? legible(given);
  }

  public interfaceName(property: string, given: string): string | undefined {
    return this.#read('switch/interface-names-fit-the-device', property, given, parseInterfaceName);
  }

  public interfaceNames(property: string, given: readonly string[]): readonly string[] {
    return this.#list(property, given).flatMap((item, index) => this.interfaceName(`${property}[${index}]`, item) ?? []);
  }

  public prefix(property: string, given: string): Prefix | undefined {
    return this.#read('network/prefixes-are-canonical', property, given, Prefix.parse);
  }

  public prefixes(property: string, given: readonly string[] | undefined): readonly Prefix[] {
    return this.#list(property, given ?? []).flatMap((item, index) => this.prefix(`${property}[${index}]`, item) ?? []);
  }

  public address(property: string, given: string | undefined): Address | undefined {
    if (given === undefined) return undefined;
    return this.#read('library/values-are-well-formed', property, given, Address.parse);
  }

  public names(property: string, given: readonly string[]): readonly string[] {
    return this.#list(property, given).map((item, index) => this.name(`${property}[${index}]`, item));
  }

  /** A whole number; whether it lies in its range is for a rule to say. */
  public integer(property: string, given: number): number;
  public integer(property: string, given: number | undefined): number | undefined;
  public integer(property: string, given: number | undefined): number | undefined {
    if (given === undefined) return undefined;
    return this.#read('library/values-are-well-formed', property, given, parseInteger) ?? NaN;
  }

  /** A release like `8.4` or `10.3`; a third number does not matter. */
  public version(property: string, given: string): FrrVersion | undefined {
    return this.#read('library/values-are-well-formed', property, given, parseVersion);
  }

  /** A text of the user for comments. */
  public text(property: string, given: string | undefined): string | undefined {
    if (given === undefined) return undefined;
    return this.#read('library/values-are-well-formed', property, given, parseText);
  }

  /** Refuses a value that cannot be read any further. */
  public refuse(rule: MisfitRule, property: string, { problem, fix }: InvalidValue): void {
    this.#misfits.push({ path: this.path, rule, problem: `${property}: ${problem}`, fix });
  }

  #list<T>(property: string, given: readonly T[]): readonly T[] {
    if (this.#isToken(property, given)) return [];
    if (Array.isArray(given)) return given as readonly T[];
    const fix = 'give an array, also for a single value';
    this.refuse('library/values-are-well-formed', property, new InvalidValue(`${quote(given)} is no list`, fix));
    return [];
  }

  #read<G, T>(rule: MisfitRule, property: string, given: G, parse: (given: G) => T): T | undefined {
    if (this.#isToken(property, given)) return undefined;
    try {
      return parse(mustBeText(rule, given));
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      this.refuse(rule, property, error);
      return undefined;
    }
  }

  #isToken(property: string, given: unknown): boolean {
    if (!Token.isUnresolved(given)) return false;
    this.refuse(
      'library/identity-is-known-at-synth',
      property,
      new InvalidValue('a token was given, which has its value only when Terraform runs', 'give the value itself'),
    );
    return true;
  }
}

const legible = (given: unknown): string => commentText(String(given)).slice(0, NAME_LENGTH);

/** Types keep a program in TypeScript from this; a program in JavaScript, or read from JSON, is not kept. */
function mustBeText<G>(rule: MisfitRule, given: G): G {
  const wantsNumber = rule === 'library/values-are-well-formed' && typeof given === 'number';
  if (typeof given === 'string' || wantsNumber) return given;
  throw new InvalidValue(`${quote(given)} is no text`, 'give a string');
}

function parseInteger(given: number): number {
  if (Number.isSafeInteger(given)) return given;
  throw new InvalidValue(`${quote(given)} is no whole number`, 'give a whole number');
}

function parseVersion(given: string): FrrVersion {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})(\.\d{1,3})?$/.exec(given) ?? [];
  if (major !== undefined && minor !== undefined) return { major: Number(major), minor: Number(minor) };
  throw new InvalidValue(`${quote(given)} is no release`, "write it like '8.4' or '10.3'");
}

function parseText(given: string): string {
  if (typeof given !== 'string') throw new InvalidValue(`${quote(given)} is no text`, 'give a string');
  return commentText(given);
}
