import { declaredInsideAStack } from '../../../lib/rules/library/declared-inside-a-stack';
import { testRule } from '../test-rule';

testRule(declaredInsideAStack, {
  holds: { 'when nothing stands outside of the stacks': {} },
  breaks: {
    'by a partition that is declared under the app itself': {
      strays: ['par1'],
      findings: { par1: 'is declared outside of every stack, so it would be written nowhere' },
    },
  },
});
