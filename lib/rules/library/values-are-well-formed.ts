import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const valuesAreWellFormed = defineRule({
  id: 'library/values-are-well-formed',
  statement: 'Every value is one of its kind.',
  source: 'decision: a value is read once, where it enters, and never guessed at.',
  check: (fabric) => misfitsOf(fabric, 'library/values-are-well-formed'),
});
