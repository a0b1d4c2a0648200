export type { FabricElement } from './element';
export { FabricError } from './fabric-error';
export { Firewall, type ConnectOptions, type FirewallProps } from './firewall';
export { Flow, Port } from './flow';
export type { IHost, INetwork, IRack, ISharedNetwork, ISwitch } from './handles';
export { Host, type AttachOptions, type HostProps } from './host';
export { InternetAccess, type ProxyOptions } from './internet-access';
export { Machine, type MachineProps } from './machine';
export { NatPolicy, type MasqueradeOptions, type TranslateOptions } from './nat-policy';
export {
  ExternalNetwork,
  type ExternalNetworkProps,
  type ExternalRouter,
  type NetworkElement,
  PrivateNetwork,
  type PrivateNetworkProps,
  SharedNetwork,
  type SharedNetworkProps,
  type ShareOptions,
} from './network';
export { type NumberPool, Partition, type PartitionProps } from './partition';
export { Policy } from './policy';
export { Rack, type RackProps } from './rack';
export {
  type DecidingLine,
  type MatrixEntry,
  type PathStep,
  Reachability,
  type Verdict,
  type VerdictQuestion,
} from './reachability';
export { type MaxUnavailable, Rollout } from './rollout';
export { Switch, type SwitchProps, SwitchRole } from './switch';
