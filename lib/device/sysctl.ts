import type { SysctlConfig, SysctlSetting } from '../language/sysctl';
import type { PlannedDevice } from '../plan';
import type { Topology } from './topology';

/**
 * What the kernel must do for a routed fabric. Reverse path filtering is off because it looks into one table only and
 * drops what another VRF leaked; nftables checks sources instead. Addresses stay when a link goes down, and no duplicate
 * address detection delays link-local addresses of links with two ends.
 */
export function deriveSysctl(device: PlannedDevice, remarks: readonly string[], topology: Topology): SysctlConfig {
  const ports = device.ports.map(({ name }) => name);
  const known = shared.get(topology) ?? new Map<string, readonly SysctlSetting[]>();
  shared.set(topology, known);
  const alike = `${device.kind} ${ports.join(' ')}`;
  const settings = known.get(alike) ?? settingsOf(device.kind, ports);
  known.set(alike, settings);
  return { remarks, settings };
}

/** Devices of one kind with the same ports have one list of settings. */
const shared = new WeakMap<Topology, Map<string, readonly SysctlSetting[]>>();

const settingsOf = (kind: PlannedDevice['kind'], ports: readonly string[]): readonly SysctlSetting[] => [
  ...(kind === 'machine' ? [] : FORWARDING),
  ...both('ipv4', 'rp_filter', 0),
  ...both('ipv6', 'accept_ra', 0),
  ...both('ipv6', 'accept_dad', 0),
  ...both('ipv6', 'keep_addr_on_down', 1),
  { key: 'net.ipv4.fib_multipath_hash_policy', value: 1 },
  { key: 'net.ipv6.fib_multipath_hash_policy', value: 1 },
  { key: 'net.ipv6.route.skip_notify_on_dev_down', value: 1 },
  ...ports.flatMap(portSettings),
];

/** What is set for all interfaces does not reach those that are there already: without this, a leaf's advertisement makes a route. */
const portSettings = (port: string): readonly SysctlSetting[] => [
  { key: `net.ipv6.conf.${port}.accept_ra`, value: 0 },
  { key: `net.ipv6.conf.${port}.accept_dad`, value: 0 },
  { key: `net.ipv6.conf.${port}.keep_addr_on_down`, value: 1 },
];

/** Not on machines: whether one forwards, for the pods of a cluster say, is for its owner to set. */
const FORWARDING: readonly SysctlSetting[] = [
  { key: 'net.ipv4.ip_forward', value: 1 },
  { key: 'net.ipv6.conf.all.forwarding', value: 1 },
  { key: 'net.ipv6.conf.default.forwarding', value: 1 },
];

const both = (family: 'ipv4' | 'ipv6', setting: string, value: number): readonly SysctlSetting[] =>
  ['all', 'default'].map((scope) => ({ key: `net.${family}.conf.${scope}.${setting}`, value }));
