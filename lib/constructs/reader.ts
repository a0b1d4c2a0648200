import { Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import {
  Address,
  commentText,
  type Family,
  familyName,
  InvalidValue,
  NAME_LENGTH,
  parseInterfaceName,
  parseName,
  Prefix,
  quote,
} from '../net';
import type { FrrVersion, Misfit, MisfitRule, Reference } from '../model';

const WELL_FORMED = 'library/values-are-well-formed';

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
    return this.#readText('library/names-fit-the-device', property, given, parseName) ?? legible(given);
  }

  public interfaceName(property: string, given: string): string | undefined {
    return this.#readText('switch/interface-names-fit-the-device', property, given, parseInterfaceName);
  }

  public interfaceNames(property: string, given: readonly string[]): readonly string[] {
    return this.list(property, given).flatMap((item, index) => this.interfaceName(`${property}[${index}]`, item) ?? []);
  }

  public prefix(property: string, given: string): Prefix | undefined {
    return this.#readText('network/prefixes-are-canonical', property, given, Prefix.parse);
  }

  public prefixes(property: string, given: readonly string[] | undefined): readonly Prefix[] {
    return this.list(property, given ?? []).flatMap((item, index) => this.prefix(`${property}[${index}]`, item) ?? []);
  }

  public address(property: string, given: string): Address | undefined {
    return this.#readText(WELL_FORMED, property, given, Address.parse);
  }

  /** An address of the family that the property is for. */
  public addressOf(family: Family, property: string, given: string): Address | undefined {
    return this.#readText(WELL_FORMED, property, given, (text) => {
      const address = Address.parse(text);
      if (address.family === family) return address;
      throw new InvalidValue(`${quote(text)} is no ${familyName(family)} address`, `give one of ${familyName(family)}`);
    });
  }

  public names(property: string, given: readonly string[]): readonly string[] {
    return this.list(property, given).map((item, index) => this.name(`${property}[${index}]`, item));
  }

  /** A whole number; whether it lies in its range is for a rule to say. */
  public integer(property: string, given: number): number {
    return this.#read(WELL_FORMED, property, given, parseInteger) ?? NaN;
  }

  public boolean(property: string, given: boolean): boolean {
    return this.#read(WELL_FORMED, property, given, parseBoolean) ?? false;
  }

  /** A release like `8.4` or `10.3`; a third number does not matter. */
  public version(property: string, given: string): FrrVersion | undefined {
    return this.#readText(WELL_FORMED, property, given, parseVersion);
  }

  /** A text of the user for comments. */
  public text(property: string, given: string): string | undefined {
    return this.#readText(WELL_FORMED, property, given, commentText);
  }

  /** A folder of the machine that the app is run on. */
  public folder(property: string, given: string): string | undefined {
    return this.#readText(WELL_FORMED, property, given, parseFolder);
  }

  /** A text of a grammar of its own. */
  public parsed<T>(property: string, given: string, parse: (given: string) => T): T | undefined {
    return this.#readText(WELL_FORMED, property, given, parse);
  }

  /** The path of a construct. Whether it is one of the kind wanted is for a rule to say. */
  public construct(property: string, given: IConstruct): Reference | undefined {
    return this.#read(WELL_FORMED, property, given, parseConstruct)?.node.path;
  }

  public constructs(property: string, given: readonly IConstruct[]): readonly Reference[] {
    return this.list(property, given).flatMap((item, index) => this.construct(`${property}[${index}]`, item) ?? []);
  }

  /** A member of an enum. */
  public choice<T extends string>(
    property: string,
    given: T,
    type: string,
    members: Readonly<Record<string, T>>,
  ): T | undefined {
    return this.#read(WELL_FORMED, property, given, (value) => {
      if (Object.values(members).includes(value)) return value;
      throw new InvalidValue(`${quote(value)} is no ${type}`, `take one of ${Object.keys(members).join(', ')}`);
    });
  }

  /** An object of a class or interface, known by a member that it must have, if there is one. */
  public object<T extends object>(property: string, given: T, type: string, member?: keyof T & string): T | undefined {
    return this.#read(WELL_FORMED, property, given, (value) => {
      if (isObject(value) && (member === undefined || member in value)) return value;
      throw new InvalidValue(`${quote(value)} is no ${type}`, `give a ${type}`);
    });
  }

  public list<T>(property: string, given: readonly T[]): readonly T[] {
    return this.#read(WELL_FORMED, property, given, parseList) ?? [];
  }

  /** Reads what may be left out. */
  public optional<G, T>(given: G | null | undefined, read: (given: G) => T): T | undefined {
    return given === undefined || given === null ? undefined : read(given);
  }

  /** Refuses what is read and cannot be meant. */
  public reject(property: string, problem: string, fix: string): void {
    this.rejectBy(WELL_FORMED, property, new InvalidValue(problem, fix));
  }

  /** The same by a rule that speaks of just this. */
  public rejectBy(rule: MisfitRule, property: string, value: InvalidValue): void {
    this.#refuse(rule, property, value);
  }

  #refuse(rule: MisfitRule, property: string, { problem, fix }: InvalidValue): void {
    this.#misfits.push({ path: this.path, rule, problem: `${property}: ${problem}`, fix });
  }

  #readText<T>(rule: MisfitRule, property: string, given: string, parse: (given: string) => T): T | undefined {
    return this.#read(rule, property, given, (value) => parse(mustBeText(value)));
  }

  #read<G, T>(rule: MisfitRule, property: string, given: G, parse: (given: G) => T): T | undefined {
    if (this.#isToken(property, given)) return undefined;
    try {
      return parse(mustBeGiven(given));
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      this.#refuse(rule, property, error);
      return undefined;
    }
  }

  #isToken(property: string, given: unknown): boolean {
    if (!Token.isUnresolved(given)) return false;
    this.#refuse(
      'library/identity-is-known-at-synth',
      property,
      new InvalidValue('a token was given, which has its value only when Terraform runs', 'give the value itself'),
    );
    return true;
  }
}

/** The end of it: names that are made of others differ there. */
const legible = (given: unknown): string => commentText(String(given)).slice(-NAME_LENGTH);

/*
 * Types keep a program in TypeScript from what follows; one in JavaScript, or one that reads JSON, is not kept from it.
 */

/** Optional properties that were left out have their defaults; `null`, as JSON has it, counts as left out. */
export function propsOf<T extends object>(given: T | null | undefined): T {
  return given ?? ({} as T);
}

const isObject = (given: unknown): given is object => typeof given === 'object' && given !== null;

function mustBeGiven<G>(given: G): G {
  if (given !== undefined) return given;
  throw new InvalidValue('nothing was given', 'give a value: the property is not optional');
}

function mustBeText(given: string): string {
  if (typeof given === 'string') return given;
  throw new InvalidValue(`${quote(given)} is no text`, 'give a string');
}

function parseBoolean(given: boolean): boolean {
  if (typeof given === 'boolean') return given;
  throw new InvalidValue(`${quote(given)} is neither true nor false`, 'give true or false, not a text');
}

function parseList<T>(given: readonly T[]): readonly T[] {
  if (Array.isArray(given)) return given as readonly T[];
  throw new InvalidValue(`${quote(given)} is no list`, 'give an array, also for a single value');
}

function parseConstruct(given: IConstruct): IConstruct {
  if (Construct.isConstruct(given)) return given;
  throw new InvalidValue(`${quote(given)} is no construct`, 'give the object that was declared, not its name');
}

function parseFolder(given: string): string {
  if (given !== '' && !given.includes('\0')) return given;
  throw new InvalidValue(`${quote(given)} is no folder`, 'give the path of a folder');
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
