import type { InterfaceAttribute, InterfacesConfig, InterfaceStanza } from '../language/interfaces';
import { type RouterAddress } from '../model';
import { type Address, commentText, Prefix } from '../net';
import type { PlannedFirewall, PlannedMachine, PlannedNetwork, PlannedSwitch, Port } from '../plan';
import { BRIDGE, sviName, vrfName, vxlanName } from './names';
import { membershipsOf, type Topology } from './topology';

type Attributes = readonly (readonly [keyword: string, value: string | number])[];

/** The interfaces of a switch or firewall: loopback, ports, and for each network a VRF, a VXLAN interface and an SVI. */
export function deriveVtepInterfaces(
  device: PlannedSwitch | PlannedFirewall,
  topology: Topology,
  remarks: readonly string[],
): InterfacesConfig {
  const networks = topology.networksOn(device);
  return {
    remarks,
    stanzas: [
      loopback([device.loopback], VRF_PREPARATION),
      ...device.ports.map((port) => portStanza(port, topology)),
      ...networks.map(({ network, vlan }) => vrfStanza(network, vlan)),
      ...networks.map(({ network, vlan }) => vxlanStanza(device, network, vlan, topology)),
      ...(networks.length === 0 ? [] : [bridgeStanza(device, networks, topology)]),
      ...networks.map(({ network, vlan }) => sviStanza(device, network, vlan, topology)),
    ],
  };
}

/** The interfaces of a machine: its addresses are on the loopback, its links have none of their own. */
export function deriveMachineInterfaces(
  machine: PlannedMachine,
  topology: Topology,
  remarks: readonly string[],
): InterfacesConfig {
  const addresses = [machine.primary, ...machine.attachments].flatMap((attachment) => attachment.addresses);
  return { remarks, stanzas: [loopback(addresses), ...machine.ports.map((port) => portStanza(port, topology))] };
}

const stanza = (name: string, remark: string | undefined, attributes: Attributes): InterfaceStanza => ({
  name,
  remark,
  loopback: name === 'lo',
  attributes: attributes.map(([keyword, value]): InterfaceAttribute => ({ keyword, value: `${value}` })),
});

const loopback = (addresses: readonly Address[], further: Attributes = []): InterfaceStanza =>
  stanza('lo', undefined, [...addressAttributes(addresses), ...further]);

/** ifupdown2 writes a map of VRFs into this folder and makes none without it; Debian 13 does not come with it. */
const VRF_PREPARATION: Attributes = [['pre-up', 'mkdir -p /etc/iproute2/rt_tables.d']];

const addressAttributes = (addresses: readonly Address[]): Attributes =>
  addresses.map((address) => ['address', Prefix.host(address).toString()]);

function portStanza(port: Port, topology: Topology): InterfaceStanza {
  const { mtu } = topology.plan.partition;
  const remark = `to ${port.peer} ${port.peerPort}`.trimEnd();
  switch (port.link) {
    case 'fabric':
    case 'firewall':
      return stanza(port.name, remark, [['mtu', mtu.underlay]]);
    case 'machine':
      return stanza(port.name, remark, [...machineVrf(port, topology), ['mtu', mtu.overlay]]);
    case 'router':
      return routerStanza(port, remark);
  }
}

/** The VRF that a leaf puts a machine's port into; the machine's own end is in none. */
function machineVrf(port: Port, topology: Topology): Attributes {
  const machine = topology.tryMachineAt(port);
  return machine === undefined ? [] : [['vrf', vrfName(machine.primary.network)]];
}

/** The MTU stays that of Ethernet: what lies beyond is not ours to know. */
function routerStanza(port: Port, remark: string): InterfaceStanza {
  if (port.router === undefined) throw new Error(`invariant: ${port.name} leads to no router`);
  const { network, declared } = port.router;
  const addresses = declared.peers.map((peer) => `${localAddress(peer).toString()}/${peer.length}`);
  return stanza(port.name, remark, [
    ['vrf', vrfName(network)],
    ['mtu', 1500],
    ...addresses.map((address) => ['address', address] as const),
  ]);
}

/** The border leaf's end of a link to a router. */
export function localAddress({ address, length, local }: RouterAddress): Address {
  if (local !== undefined) return local;
  const link = Prefix.around(address, length);
  return address.equals(link.first) ? link.last : link.first;
}

const vrfStanza = (network: PlannedNetwork, vlan: number): InterfaceStanza =>
  stanza(vrfName(network), networkRemark(network), [
    ['vrf-table', vlan],
    // Without these, what the VRF has no route for would be looked up in the table of the underlay.
    ['post-up', `ip -4 route replace unreachable default metric ${LAST_RESORT} table ${vlan}`],
    ['post-up', `ip -6 route replace unreachable default metric ${LAST_RESORT} table ${vlan}`],
  ]);

/** The metric that Linux gives such routes of VRFs in its own documentation: every other route comes before it. */
const LAST_RESORT = 4_278_198_272;

const vxlanStanza = (
  { loopback: vtep }: PlannedSwitch | PlannedFirewall,
  network: PlannedNetwork,
  vlan: number,
  { plan }: Topology,
): InterfaceStanza =>
  stanza(vxlanName(network), undefined, [
    ['vxlan-id', network.vni],
    ['vxlan-local-tunnelip', vtep.toString()],
    ['vxlan-port', 4789],
    ['vxlan-learning', 'no'],
    ['bridge-access', vlan],
    ['bridge-learning', 'off'],
    ['bridge-arp-nd-suppress', 'on'],
    ['ipv6-addrgen', 'off'],
    ['mtu', plan.partition.mtu.overlay],
  ]);

/**
 * A bridge has the MTU of its ports, and ifupdown2's own check calls one in the file needless. But without it, each reload sets
 * 1500 for a moment (`_process_mtu_config_mtu_none` in its `addons/address.py`), which every SVI follows at once, and not always
 * comes back from.
 */
const bridgeStanza = (
  { mac }: PlannedSwitch | PlannedFirewall,
  networks: ReturnType<Topology['networksOn']>,
  { plan }: Topology,
): InterfaceStanza =>
  stanza(BRIDGE, undefined, [
    ['bridge-vlan-aware', 'yes'],
    ['bridge-ports', networks.map(({ network }) => vxlanName(network)).join(' ')],
    ['bridge-vids', networks.map(({ vlan }) => vlan).join(' ')],
    ['bridge-stp', 'off'],
    ['bridge-mcsnoop', 'no'],
    ['hwaddress', mac],
    ['mtu', plan.partition.mtu.overlay],
  ]);

/** The SVI maps VRF and VNI to each other. On a firewall it has the firewall's addresses in the network. */
const sviStanza = (
  device: PlannedSwitch | PlannedFirewall,
  network: PlannedNetwork,
  vlan: number,
  { plan }: Topology,
): InterfaceStanza =>
  stanza(sviName(network), undefined, [
    ['vlan-id', vlan],
    ['vlan-raw-device', BRIDGE],
    ['vrf', vrfName(network)],
    ['hwaddress', device.mac],
    ['ipv6-addrgen', 'off'],
    ['mtu', plan.partition.mtu.overlay],
    ...addressAttributes(device.kind === 'firewall' ? addressesIn(device, network) : []),
  ]);

/** A firewall's addresses in one of its networks. */
export function addressesIn(firewall: PlannedFirewall, network: PlannedNetwork): readonly Address[] {
  return membershipsOf(firewall).find((membership) => membership.network === network)?.addresses ?? [];
}

/** Not whether it is shared: what does not concern the device must not change its files. */
function networkRemark({ name, declared }: PlannedNetwork): string {
  return commentText(`network ${name}${declared.description === undefined ? '' : `: ${declared.description}`}`);
}
