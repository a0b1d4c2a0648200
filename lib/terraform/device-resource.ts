import { Resource } from '@cdktf/provider-null/lib/resource';
import { Construct } from 'constructs';
import { later, laterList } from './later';
import type { Provisioner } from './provisioners';
import { asFinished, type Rendered } from './rendered';
import { TerraformData } from './terraform-data';

/** The kind of Terraform resource that stands for a device. Both apply in the same way. */
export enum ResourceType {
  /** `null_resource` of the provider hashicorp/null. */
  NULL_RESOURCE = 'null_resource',
  /** Terraform's own `terraform_data`, which needs no provider: for sites without a registry. */
  TERRAFORM_DATA = 'terraform_data',
}

export interface DeviceResourceProps {
  readonly type: ResourceType;
  /** The name within the stack: the same as long as partition and device keep theirs, wherever the construct moves to. */
  readonly logicalId: string;
  /** A change of any of these applies the device again; asked when the stack is written. */
  readonly triggers: () => Readonly<Record<string, string>>;
  /** The addresses of what is applied before this device; asked when the stack is written. */
  readonly after: () => readonly string[];
  readonly provisioners: readonly Provisioner[];
}

/** The one Terraform resource of a device: replaced, and so applied again, when a file of the device changes. */
export class DeviceResource extends Construct {
  public constructor(scope: Construct, id: string, props: DeviceResourceProps) {
    super(scope, id);
    const { type, logicalId, triggers, after } = props;
    const produced = later<Record<string, string>>(triggers);
    const provisioners = [...props.provisioners];
    const resource =
      type === ResourceType.NULL_RESOURCE
        ? new FinishedResource(this, 'Resource', { triggers: produced, provisioners })
        : new FinishedData(this, 'Resource', { triggersReplace: produced, provisioners });
    resource.overrideLogicalId(logicalId);
    resource.dependsOn = laterList(after);
  }
}

class FinishedResource extends Resource {
  public override toTerraform(): Rendered {
    return asFinished(this, super.toTerraform() as Rendered);
  }
}

class FinishedData extends TerraformData {
  public override toTerraform(): Rendered {
    return asFinished(this, super.toTerraform() as Rendered);
  }
}
