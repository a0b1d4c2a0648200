import { privateKeyIsKnownToTerraformAlone } from '../../../lib/rules/target/private-key-is-known-to-terraform-alone';
import { testRule } from '../test-rule';

const problem = 'target.privateKey: is no Terraform variable: the key would be written into cdk.tf.json';

testRule(privateKeyIsKnownToTerraformAlone, {
  holds: {
    'when nothing was refused': {},
    'when something else was refused': {
      misfits: [{ rule: 'library/values-are-well-formed', path: 'par1', problem, fix: 'see there' }],
    },
  },
  breaks: {
    'by the text of a key': {
      misfits: [{ rule: 'target/private-key-is-known-to-terraform-alone', path: 'par1', problem, fix: 'see there' }],
      findings: { par1: problem },
    },
  },
});
