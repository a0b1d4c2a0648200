import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const interfaceNamesFitTheDevice = defineRule({
  id: 'switch/interface-names-fit-the-device',
  statement: 'An interface name is one that Linux, FRR and ifupdown2 all take.',
  source: 'Linux: IFNAMSIZ leaves 15 characters; ifupdown2 and FRR read blanks and most signs as syntax.',
  check: (fabric) => misfitsOf(fabric, 'switch/interface-names-fit-the-device'),
});
