import { isNotChangedWhenFrozen } from '../../../lib/rules/ledger/is-not-changed-when-frozen';
import { testRule } from '../test-rule';

testRule(isNotChangedWhenFrozen, {
  holds: { 'when nothing would change': {} },
  breaks: {
    'by each change': {
      recorded: { frozenChanges: ['network "red" gets VNI 10001', 'machine "m1" gets ASN 4200000007'] },
      findings: {
        par1: [
          'the ledger is frozen, and would change: machine "m1" gets ASN 4200000007',
          'the ledger is frozen, and would change: network "red" gets VNI 10001',
        ],
      },
    },
  },
});
