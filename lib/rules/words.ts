import { Prefix, quote } from '../net';
import type { Declared } from '../model';

/** A declared thing in a sentence: its name, and where it is declared. */
export function named({ name, path }: Pick<Declared, 'name' | 'path'>): string {
  return `${quote(name)} (${printable(path)})`;
}

/** The text on one line, with every character made visible that would not print, or would reorder what prints. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Prefixes in a sentence, in order of their addresses. */
export function listed(prefixes: readonly Prefix[], conjunction = ', '): string {
  return [...prefixes]
    .sort(Prefix.compare)
    .map((prefix) => prefix.toString())
    .join(conjunction);
}

/** `1 leaf`, `2 leaves`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
