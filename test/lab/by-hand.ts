import { type LinkEnd, uplinksOf } from '../../lib/lab';
import { becomes, done, vniOf } from './attack';
import type { Scenario } from './scenario';

/** What an attacker, or an operator who made a mistake, changes on a device; each change is taken back afterwards. */

/** The leaves of a host, each with the ports at both ends. */
export const leavesOf = (
  { lab }: Scenario,
  host: string,
): readonly { readonly own: LinkEnd; readonly far: LinkEnd }[] => uplinksOf(lab.topology, host);

export function deviceOf({ lab }: Scenario, name: string): { readonly asn: number; readonly vtep: string } {
  const found = lab.output.manifest.devices.find((device) => device.name === name);
  if (found === undefined) throw new Error(`there is no device ${name}`);
  return { asn: found.asn, vtep: found.loopback ?? '' };
}

export const vrfOf = (scenario: Scenario, network: string): string => `vrf${vniOf(scenario, network)}`;
export const sviOf = (scenario: Scenario, network: string): string => `vlan${vniOf(scenario, network)}`;

/** Tells a device's FRR; a word it does not know is an error. */
export async function configure(scenario: Scenario, node: string, lines: readonly string[]): Promise<void> {
  const command = `vtysh ${['configure', ...lines].map((line) => `-c '${line}'`).join(' ')}`;
  // FRR ends an L3VNI in the background, and asks to be told the next line once more until that is done.
  const isTold = async (): Promise<boolean> => {
    const { exit, out, err } = await scenario.shell(node, command);
    if (out.includes('retry the command')) return false;
    if (exit !== 0 || out.includes('%')) throw new Error(`${node}: ${lines.join('; ')}: ${out}${err}`);
    return true;
  };
  if (!(await becomes(isTold, 20))) throw new Error(`${node}: ${lines.join('; ')}: not done within 20 s`);
}

/** Takes lines out of a packet filter while something is tried; then the device's own filter is loaded again. */
export async function withoutLines<T>(
  scenario: Scenario,
  node: string,
  line: RegExp,
  work: () => Promise<T>,
): Promise<T> {
  const found = linesOf(await done(scenario, node, 'nft -a list table inet fabric')).filter(({ text }) =>
    line.test(text),
  );
  // A guard that is not there cannot be taken out.
  expect(found.length).toBeGreaterThan(0);
  const commands = found.map(({ chain, handle }) => `nft delete rule inet fabric ${chain} handle ${handle}`);
  return changed(scenario, node, commands, ['nft -f /etc/nftables.conf'], work);
}

/** The lines of a leaf that look at addresses inside of a tunnel. */
const INSIDE_TUNNELS = /@th,(?:304|336|368|432),/;

/** Takes what the leaves of a firewall check inside of its tunnels out while something is tried. */
export function withoutTunnelChecks<T>(scenario: Scenario, firewall: string, work: () => Promise<T>): Promise<T> {
  return leavesOf(scenario, firewall).reduce(
    (inner, { far }) =>
      () =>
        withoutLines(scenario, far.node, INSIDE_TUNNELS, inner),
    work,
  )();
}

/** Makes a node forget its connections (nfnetlink's IPCTNL_MSG_CT_DELETE): what was let in for a while would be let in further. */
const FORGET_CONNECTIONS = `python3 - <<'END'
import socket, struct
line = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
line.send(struct.pack('=IHHIIBBH', 20, 0x102, 5, 1, 0, 0, 0, 0))
error, = struct.unpack_from('=i', line.recv(1000), 16)
raise SystemExit(error and f'error {error}')
END`;

/** Lets a firewall pass on whatever comes while something is tried. */
export function withOpenForwarding<T>(scenario: Scenario, node: string, work: () => Promise<T>): Promise<T> {
  const open = 'nft insert rule inet fabric through-device accept';
  return changed(scenario, node, [open], ['nft -f /etc/nftables.conf', FORGET_CONNECTIONS], work);
}

/** Runs commands, then the work, then what takes the commands back. */
export async function changed<T>(
  scenario: Scenario,
  node: string,
  commands: readonly string[],
  back: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    for (const command of commands) await done(scenario, node, command);
    return await work();
  } finally {
    for (const command of back) await done(scenario, node, command);
  }
}

interface Line {
  readonly chain: string;
  readonly text: string;
  readonly handle: string;
}

function linesOf(listing: string): readonly Line[] {
  const lines: Line[] = [];
  let chain = '';
  for (const text of listing.split('\n')) {
    chain = /^\s*chain (\S+)/.exec(text)?.[1] ?? chain;
    const handle = /# handle (\d+)$/.exec(text)?.[1];
    if (handle !== undefined && !/^\s*(chain|table) /.test(text)) lines.push({ chain, text, handle });
  }
  return lines;
}

/** Takes a route map away from a neighbor of a leaf while something is tried. */
export async function withoutRouteMap<T>(
  scenario: Scenario,
  { node, port }: LinkEnd,
  { vrf, map, direction }: { readonly vrf?: string; readonly map: string; readonly direction: 'in' | 'out' },
  work: () => Promise<T>,
): Promise<T> {
  const { asn } = deviceOf(scenario, node);
  const place = [
    `router bgp ${asn}${vrf === undefined ? '' : ` vrf ${vrf}`}`,
    `address-family ${vrf === undefined ? 'l2vpn evpn' : 'ipv4 unicast'}`,
  ];
  const line = `neighbor ${port} route-map ${map} ${direction}`;
  // The guard is there.
  expect(await done(scenario, node, "vtysh -c 'show running-config'")).toContain(`  ${line}\n`);
  try {
    await configure(scenario, node, [...place, `no ${line}`]);
    return await work();
  } finally {
    await configure(scenario, node, [...place, line]);
  }
}

/**
 * Nodes other than the attacker that have a route to a prefix, as the kernel prints it, in a network.
 * @param vtep counts only those whose route leads to this end of a tunnel; machines know no tunnels
 */
export async function holdersOf(
  scenario: Scenario,
  network: string,
  prefix: string,
  attacker: string,
  vtep?: string,
): Promise<readonly string[]> {
  const { lab } = scenario;
  const vrf = vrfOf(scenario, network);
  const machines = lab.output.manifest.hosts
    .filter((host) => host.kind === 'machine' && host.network === network && vtep === undefined)
    .map(({ name }) => name);
  const nodes = lab.nodes.filter(
    ({ name, role }) =>
      name !== attacker && (role === 'machine' ? machines.includes(name) : role !== 'spine' && role !== 'router'),
  );
  const command = `if ip link show ${vrf}; then ip -o route show vrf ${vrf}; else ip -o route show table main; fi 2>/dev/null`;
  const ran = await lab.onEach(nodes, ['sh', '-c', command], 'ip');
  const target = `${prefix.replace(/\/32$/, '')} `;
  const isHeld = (line: string): boolean =>
    line.startsWith(target) && (vtep === undefined || line.includes(`via ${vtep} `));
  return ran
    .filter(({ out }) => out.split('\n').some(isHeld))
    .map(({ node }) => node)
    .sort();
}

/** A packet put into a tunnel by hand. */
export interface Tunneled {
  readonly vni: number;
  /** Who sends it, by which wire, with which tunnel address. */
  readonly from: { readonly own: LinkEnd; readonly far: LinkEnd; readonly vtep: string };
  readonly to: { readonly vtep: string; readonly mac: string };
  readonly source: string;
  readonly target: string;
  /** Where it would arrive. */
  readonly listen: string;
}

const TUNNEL_PROGRAM = `import json, socket, struct, sys, time
from wire import MAGIC, UDP, datagram, mac_of, packet, send_frame, within

order = json.load(sys.stdin)
with within(order['listen']):
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.bind(('0.0.0.0', 7778))
ear.settimeout(0.2)
inner = packet(order['source'], order['target'], UDP, datagram(7778, 7778, MAGIC))
frame = bytes.fromhex(order['mac'].replace(':', '')) + bytes.fromhex('02000000beef') + struct.pack('!H', 0x0800) + inner
tunneled = struct.pack('!II', 0x08000000, order['vni'] << 8) + frame
outer = packet(order['vtep'], order['toVtep'], UDP, datagram(50000, 4789, tunneled))
arrived, end = [], time.monotonic() + 2.2
mac = mac_of(order['far']['node'], order['far']['port'])
while time.monotonic() < end and not arrived:
    send_frame(order['own']['node'], order['own']['port'], mac, outer)
    try:
        data, where = ear.recvfrom(2000)
        if data == MAGIC:
            arrived.append(where[0])
    except TimeoutError:
        pass
print(json.dumps({'arrived': arrived}))
`;

/** Whom the far side saw; empty if nothing arrived. */
export async function sendTunneled(scenario: Scenario, packet: Tunneled): Promise<readonly string[]> {
  const { lab } = scenario;
  const path = '/run/lab-programs/tunnel.py';
  await lab.session.write(undefined, [{ path, content: TUNNEL_PROGRAM }]);
  const { vni, from, to, source, target, listen } = packet;
  const order = { ...from, toVtep: to.vtep, mac: to.mac, vni, source, target, listen };
  const [result] = await lab.program<{ readonly arrived: readonly string[] }>('tunnel.py', [], order);
  return result?.arrived ?? [];
}

/** The address that a device answers to inside of a tunnel of the network. */
export const routerMac = async (scenario: Scenario, node: string, network: string): Promise<string> =>
  (await done(scenario, node, `cat /sys/class/net/${sviOf(scenario, network)}/address`)).trim();
