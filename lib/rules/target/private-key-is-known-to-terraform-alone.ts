import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const privateKeyIsKnownToTerraformAlone = defineRule({
  id: 'target/private-key-is-known-to-terraform-alone',
  statement: 'A private key is the value of a Terraform variable.',
  source:
    'decision: what the app knows is written into cdk.tf.json, where a key would be read by all who read the output.',
  check: (fabric) => misfitsOf(fabric, 'target/private-key-is-known-to-terraform-alone'),
});
