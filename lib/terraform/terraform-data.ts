import { anyToTerraform, hashMapper, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface TerraformDataProps extends TerraformMetaArguments {
  /** A change of any of these replaces the resource, and runs its provisioners again. */
  readonly triggersReplace?: Record<string, string>;
}

/**
 * Terraform's built-in `terraform_data` (from 1.4 on): no provider, so it works where none can be downloaded. Our own
 * class, because cdktf's `DataResource` starts Terraform once for every instance while it validates.
 */
export class TerraformData extends TerraformResource {
  public static readonly tfResourceType = 'terraform_data';

  readonly #triggersReplace: Record<string, string> | undefined;

  public constructor(scope: Construct, id: string, { triggersReplace, ...meta }: TerraformDataProps = {}) {
    super(scope, id, {
      ...meta,
      terraformResourceType: TerraformData.tfResourceType,
      terraformGeneratorMetadata: { providerName: 'terraform' },
    });
    this.#triggersReplace = triggersReplace;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: hashMapper(anyToTerraform)(this.#triggersReplace) as unknown };
  }
}
