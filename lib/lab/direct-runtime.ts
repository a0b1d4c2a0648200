import { spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTo } from './connect';
import { AGENT, guardianOf, startTimeOf } from './guardian';
import type { Image } from './image';
import { LabError } from './lab-error';
import type { Runtime, StartedGuest } from './runtime';
import { deadline, until } from './waiting';

/** Nodes as namespaces of this machine's kernel, with the system of the image. */
export function directRuntime(image: Image): Runtime {
  return { kind: 'direct', start: (folder) => startDirect(image, folder) };
}

/** What a fabric asks of a kernel, tried out in a network namespace that is thrown away. */
const TRIAL = [
  'ip link set lo up && ip -6 nexthop add id 1 blackhole',
  'ip link add vrf0 type vrf table 5',
  'ip link add bridge0 type bridge vlan_filtering 1',
  'ip link add vlan0 link bridge0 type vlan id 5',
  'ip link add vxlan0 type vxlan id 5 dstport 4789',
  'ip link add veth0 type veth peer name veth1',
  "nft 'add table inet t; add chain inet t c { type nat hook postrouting priority srcnat; }; add rule inet t c ip saddr 192.0.2.1 counter snat ip to 192.0.2.2; add chain inet t r { type filter hook prerouting priority raw; }; add rule inet t r notrack'",
].join(' && ');

/** Why this machine cannot hold the nodes itself; undefined where it can. */
export function refusalOfDirect({ folder }: Image): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  const trial = spawnSync(
    'unshare',
    ['--net', '--mount', '--pid', '--fork', 'chroot', join(folder, 'root'), '/bin/sh', '-c', TRIAL],
    { encoding: 'utf8', timeout: 20_000 },
  );
  if (trial.error !== undefined) return trial.error.message;
  if (trial.status === 0) return undefined;
  return `the kernel lacks what a fabric needs: ${trial.stderr.trim().split('\n')[0] ?? ''}`;
}

async function startDirect(image: Image, folder: string): Promise<StartedGuest> {
  copyFileSync(AGENT, join(folder, 'agent.py'));
  const log = openSync(join(folder, 'agent.log'), 'a');
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  const enter = ['sh', join(__dirname, 'guest', 'enter'), join(image.folder, 'root'), folder];
  const child = spawn('unshare', [...namespaces, ...enter], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LabError('unshare could not be started', 'install util-linux');
  child.unref();
  const guardian = guardianOf(pid, folder);
  const port = join(folder, 'port0');
  try {
    await until(() => existsSync(port) || child.exitCode !== null, deadline('the agent opens its door', 20));
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return {
      guest: { runtime: 'direct', pid, started: startTimeOf(pid), ports: [port], exclusive: false },
      line: await connectTo(port),
      keep: () => guardian.keep(),
    };
  } catch (error) {
    const said = readFileSync(join(folder, 'agent.log'), 'utf8').trim();
    guardian.end();
    throw new LabError(`the nodes could not be made here: ${said || String(error)}`, 'use --runtime qemu');
  }
}
