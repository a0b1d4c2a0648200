import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTo, tryClaim } from './connect';
import { AGENT, guardianOf, startTimeOf } from './guardian';
import type { Image } from './image';
import { LabError } from './lab-error';
import { ENTRANCE } from './managed';
import type { Runtime, StartedGuest } from './runtime';
import { deadline, until } from './waiting';

/** How many clients may talk to the guest at the same time. */
const PORTS = 16;
const MEGABYTES = 6144;

/** One guest with Debian's kernel, under plain emulation: no root, no KVM, nothing installed. */
export function qemuRuntime(image: Image): Runtime {
  return { kind: 'qemu', start: (folder, entrance) => startQemu(image, folder, entrance) };
}

async function startQemu(image: Image, folder: string, entrance: number | undefined): Promise<StartedGuest> {
  const log = openSync(join(folder, 'qemu.log'), 'a');
  const child = spawn(join(image.folder, 'qemu'), argumentsOf(image, folder, entrance), {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LabError('qemu could not be started', `see ${join(folder, 'qemu.log')}`);
  child.unref();
  const guardian = guardianOf(pid, folder);
  const ports = [...Array(PORTS).keys()].map((number) => join(folder, `port${number}`));
  try {
    const first = ports[0] ?? '';
    await until(() => existsSync(first) || child.exitCode !== null, deadline('qemu opens its ports', 20));
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const claim = tryClaim(first);
    const line = await connectTo(first);
    line.once('close', () => claim?.());
    const agent = readFileSync(AGENT);
    line.write(`${agent.length}\n`);
    line.write(agent);
    return {
      guest: { runtime: 'qemu', pid, started: startTimeOf(pid), ports, exclusive: true },
      line,
      keep: () => guardian.keep(),
    };
  } catch (error) {
    const said = readFileSync(join(folder, 'qemu.log'), 'utf8').trim();
    guardian.end();
    throw new LabError(`qemu did not come up: ${said || String(error)}`, 'see what it says; it needs 2 GB of memory');
  }
}

function argumentsOf({ folder: image }: Image, folder: string, entrance: number | undefined): string[] {
  const devices = [...Array(PORTS).keys()].flatMap((number) => [
    '-chardev',
    `socket,id=port${number},path=${join(folder, `port${number}`)},server=on,wait=off`,
    '-device',
    `virtserialport,chardev=port${number},name=lab.${number}`,
  ]);
  const kernel = existsSync(join(image, 'vmlinux')) ? 'vmlinux' : 'vmlinuz';
  return [
    ['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'qemu64', '-smp', '2', '-m', `${MEGABYTES}`],
    ['-nodefaults', '-display', 'none', '-no-reboot', '-sandbox', 'on'],
    ['-kernel', join(image, kernel), '-initrd', join(image, 'initrd')],
    // No time is spent on what protects a kernel from its users: the guest has none.
    [
      '-append',
      'console=ttyS0 quiet panic=-1 mitigations=off nokaslr audit=0 apparmor=0 net.ifnames=0 random.trust_cpu=on',
    ],
    ['-serial', `file:${join(folder, 'console.log')}`, '-device', 'virtio-rng-pci', '-device', 'virtio-serial-pci'],
    devices,
    entrance === undefined ? [] : networkOf(entrance),
  ].flat();
}

/** A network of qemu's own with one way, from this machine into the guest; without the firmware to boot from it. */
function networkOf(entrance: number): readonly string[] {
  const forward = `hostfwd=tcp:127.0.0.1:${entrance}-${ENTRANCE.address}:22`;
  return [
    ...['-netdev', `user,id=entrance,restrict=on,ipv6=off,net=${ENTRANCE.network},${forward}`],
    ...['-device', 'virtio-net-pci,netdev=entrance,romfile='],
  ];
}
