import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const identityIsKnownAtSynth = defineRule({
  id: 'library/identity-is-known-at-synth',
  statement: 'Names, prefixes, addresses and numbers are known when the app is synthesized.',
  source:
    'decision: what is only known when Terraform runs can neither be checked nor written into a configuration before.',
  check: (fabric) => misfitsOf(fabric, 'library/identity-is-known-at-synth'),
});
