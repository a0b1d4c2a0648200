import { isDeepStrictEqual } from 'node:util';
import { type Output, readOutput } from '../output';
import type { Lab } from './lab';
import { LabError } from './lab-error';
import type { GuestFile } from './session';
import { guestNodes, type LabNode, type Role, topologyOf, wiresOf } from './topology';

/** Devices on which others rely are applied first, as in a rollout. */
const ROLLOUT: readonly Role[] = ['router', 'spine', 'leaf', 'border-leaf', 'firewall', 'machine'];

/**
 * BGP instances that are new are there before others import from them, as in `metal-fabric-device`: frr-reload tells new lines
 * of old blocks first, and FRR would make up the missing instance, with another AS and its route target.
 */
const RELOAD_FRR = `
known=$(vtysh -c 'show running-config' | sed -n 's/^router bgp .* vrf //p')
grep '^router bgp .* vrf ' /etc/frr/frr.conf | while IFS= read -r line; do
  printf '%s\\n' "$known" | grep -qxF -- "\${line##* vrf }" || vtysh -c 'configure terminal' -c "$line" || exit 1
done || exit 1
exec /usr/lib/frr/frr-reload.py --reload /etc/frr/frr.conf`;

const FRR = { place: '/etc/frr/frr.conf', argv: ['sh', '-c', RELOAD_FRR] };
const NFTABLES = { place: '/etc/nftables.conf', argv: ['nft', '-f', '/etc/nftables.conf'] };

/** What has been applied to a device. */
export interface Applied {
  readonly node: string;
  readonly files: readonly string[];
}

/**
 * Applies another output of the same devices and links to a lab that is up, one device after the other and with their own
 * tools: interfaces, FRR, packet filter. Traffic goes on meanwhile.
 * @returns the lab, standing for that output
 * @throws LabError if devices or links differ, or a device refuses what is applied.
 */
export async function applyLive(
  lab: Lab,
  path: string,
  onApplied: (applied: Applied) => void = () => undefined,
): Promise<Lab> {
  const output = readOutput(path);
  const next = topologyOf(output);
  if (!isDeepStrictEqual([lab.nodes.map(keyOf), wiresOf(lab.topology)], [next.nodes.map(keyOf), wiresOf(next)])) {
    throw new LabError('the devices or links of the lab would be others', 'start it again: metal-fabric lab up');
  }
  const nodes = [...lab.nodes].sort((a, b) => ROLLOUT.indexOf(a.role) - ROLLOUT.indexOf(b.role));
  for (const node of nodes) {
    const changed = changedOn(node, lab.output, output);
    if (changed.length === 0) continue;
    await applyTo(lab, node, changed);
    onApplied({ node: node.name, files: changed.map((file) => file.path) });
  }
  return lab.standingFor(output);
}

const keyOf = ({ name, role }: LabNode): string => `${role} ${name}`;

function changedOn({ name }: LabNode, before: Output, after: Output): readonly GuestFile[] {
  const files = (output: Output): readonly GuestFile[] =>
    guestNodes(output, topologyOf(output)).find((node) => node.name === name)?.files ?? [];
  const known = new Map(files(before).map(({ path, content }) => [path, content.toString()]));
  return files(after).filter(({ path, content }) => known.get(path) !== content.toString());
}

async function applyTo(lab: Lab, node: LabNode, files: readonly GuestFile[]): Promise<void> {
  await lab.session.write(node.name, files);
  const has = (place: string): boolean => files.some(({ path }) => path.startsWith(place));
  if (has('/etc/network/') || has('/etc/sysctl.d/')) await lab.reloadInterfaces([node]);
  if (has(FRR.place)) await lab.onEach([node], FRR.argv, 'frr-reload');
  if (has(NFTABLES.place)) await lab.onEach([node], NFTABLES.argv, 'nft');
}
