import { defineRule } from '../rule';

export const declaredInsideAStack = defineRule({
  id: 'library/declared-inside-a-stack',
  statement: 'Every construct of a fabric is declared inside a stack.',
  source: 'cdktf: Terraform is written for each TerraformStack; what stands outside of all would be lost in silence.',
  *check({ strays }) {
    for (const path of strays) {
      yield {
        subject: { path },
        problem: 'is declared outside of every stack, so it would be written nowhere',
        fix: 'declare it under a TerraformStack, best one stack for each partition',
      };
    }
  },
});
