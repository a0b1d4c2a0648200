import type { EnvironmentConfig } from '../language/environment';
import type { FrrConfig } from '../language/frr';
import type { InterfacesConfig } from '../language/interfaces';
import type { NftRuleset } from '../language/nftables';
import type { SysctlConfig } from '../language/sysctl';
import type { PlannedDevice } from '../plan';

/** All that is configured on one device, as data. */
export interface DeviceConfig {
  readonly device: PlannedDevice;
  readonly role: DeviceRole;
  readonly remarks: readonly string[];
  readonly frr: FrrConfig;
  readonly interfaces: InterfacesConfig;
  readonly sysctl: SysctlConfig;
  /** Undefined on machines: what a tenant's server lets in is the tenant's affair. */
  readonly nftables: NftRuleset | undefined;
  /** Undefined where no HTTP proxy is declared. */
  readonly environment: EnvironmentConfig | undefined;
}

export type DeviceRole = 'spine' | 'leaf' | 'border-leaf' | 'firewall' | 'machine';
