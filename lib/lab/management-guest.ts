import { Address, BITS } from '../net';
import type { Release } from './image';
import { LabError } from './lab-error';
import { BASTION, BRIDGE, ENTRANCE, type Managed } from './managed';
import type { Keys } from './management-keys';
import type { GuestFile, Session, Wire } from './session';

const SEE_LOGS = 'see metal-fabric lab logs';
const KEY = '/etc/ssh/ssh_host_ed25519_key';
/** The operator of every device, and whose name the bastion goes by; the image has this account. */
export const OPERATOR = 'fabric';

const sshdConfig = (release: Release, address: string, lines: readonly string[]): string =>
  [
    `ListenAddress ${address}`,
    'AuthorizedKeysFile /etc/ssh/authorized_keys',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'MaxStartups 100',
    'MaxSessions 100',
    // All come from the bastion: a lost connection of one would keep all others out.
    ...(release === 'bookworm' ? [] : ['PerSourcePenalties no']),
    ...lines,
    '',
  ].join('\n');

/** What is on the disk of a device beside its configuration. */
export function filesOfManaged({ name, address }: Managed, keys: Keys, release: Release): readonly GuestFile[] {
  const { files } = keys;
  return [
    { path: KEY, content: files.get(name) ?? '', mode: 0o600 },
    { path: `${KEY}-cert.pub`, content: files.get(`${name}-cert.pub`) ?? '' },
    {
      path: '/etc/ssh/sshd_config',
      content: sshdConfig(release, address, [
        'PermitRootLogin prohibit-password',
        `HostKey ${KEY}`,
        `HostCertificate ${KEY}-cert.pub`,
        'Subsystem sftp internal-sftp',
      ]),
    },
  ];
}

/** Starts the bastion; nodes that are made from now on know the names of all devices, and the key that is let in. */
export async function startBastion(
  session: Session,
  devices: readonly Managed[],
  domain: string,
  keys: Keys,
  release: Release,
): Promise<void> {
  const hosts = devices.map(({ name, address }) => `${address} ${name}.${domain} ${name}\n`);
  const own = [
    'HostKey /run/bastion/key',
    // Terraform before 1.15 asks the bastion for the key of the device: only one authority for both serves both.
    'HostCertificate /run/bastion/key-cert.pub',
    'PidFile /run/bastion/pid',
    'PermitRootLogin no',
    'PermitTTY no',
    'X11Forwarding no',
    'AllowAgentForwarding no',
    'ForceCommand echo the bastion only passes on',
  ];
  await session.write(undefined, [
    { path: '/etc/hosts', content: ['127.0.0.1 localhost\n', '::1 localhost\n', ...hosts].join('') },
    { path: '/etc/ssh/authorized_keys', content: keys.authorized },
    { path: '/run/bastion/key', content: keys.files.get('.bastion') ?? '', mode: 0o600 },
    { path: '/run/bastion/key-cert.pub', content: keys.files.get('.bastion-cert.pub') ?? '' },
    { path: '/run/bastion/config', content: sshdConfig(release, ENTRANCE.address, own) },
  ]);
  await inGuest(
    session,
    `ip link set eth0 up
ip address add ${ENTRANCE.address}/24 dev eth0
ip link add ${BRIDGE} type bridge mcast_snooping 0
ip link set ${BRIDGE} up
ip address add ${BASTION.ipv4}/32 dev ${BRIDGE}
ip address add ${BASTION.ipv6}/128 dev ${BRIDGE} nodad
mkdir -p /run/sshd
/usr/sbin/sshd -f /run/bastion/config`,
  );
}

export const managementWires = (plan: readonly Managed[]): readonly Wire[] =>
  plan.map(({ name, interface: own, port }) => [null, port, name, own]);

/** Plugs all devices in, and starts their sshd. */
export async function startManagement(session: Session, devices: readonly Managed[], parallel: number): Promise<void> {
  const ports = devices.flatMap(({ port, address }) => [
    `link set ${port} master ${BRIDGE} up`,
    `route add ${address} dev ${BRIDGE}`,
  ]);
  const addresses = devices.map((device) => batch(`-netns ${device.name}`, addressingOf(device)));
  await inGuest(session, [batch('', ports), ...addresses].join('\n'));
  const names = devices.map(({ name }) => name);
  const failed = (await session.each(names, ['sh', '-ec', START_SSHD], parallel)).find(({ exit }) => exit !== 0);
  if (failed === undefined) return;
  throw new LabError(`sshd of ${failed.node} did not start: ${failed.out.trim()}`, SEE_LOGS);
}

const batch = (where: string, lines: readonly string[]): string => `ip ${where} -batch - <<.\n${lines.join('\n')}\n.`;

/**
 * What a device's own system does for its management interface, as by DHCP: an address of its own and the way back to the
 * bastion. The prefix of the network is not declared anywhere, so each address stands alone.
 */
function addressingOf({ interface: own, address }: Managed): readonly string[] {
  const { family } = Address.parse(address);
  return [
    `link set ${own} up`,
    `address replace ${address}/${BITS[family]} dev ${own}${family === 'ipv4' ? '' : ' nodad'}`,
    `route replace ${BASTION[family]} dev ${own} proto dhcp src ${address}`,
  ];
}

/** A shell script that a device runs when it starts. */
export const addressManagement = (device: Managed): string => batch('', addressingOf(device));

export const START_SSHD = `
mkdir -p /run/sshd
install -d -o ${OPERATOR} -g ${OPERATOR} /home/${OPERATOR}
/usr/sbin/sshd`;

async function inGuest(session: Session, script: string): Promise<void> {
  const { exit, err } = await session.run(undefined, ['sh', '-ec', script]);
  if (exit !== 0) throw new LabError(`the management network could not be made: ${err.trim()}`, SEE_LOGS);
}
