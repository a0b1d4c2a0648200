import { Refusal } from '../refusal';

/** A text or number that is no value of its kind: what is wrong with it, and what would be right. */
export class InvalidValue extends Refusal {}

/** Quotes what a user gave for a message: one line, at most 60 characters, control characters made visible. */
export function quote(given: unknown): string {
  const text = JSON.stringify(typeof given === 'string' ? given : String(given)).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length <= 62 ? text : `${text.slice(0, 58)}…" (${text.length - 2} characters)`;
}
