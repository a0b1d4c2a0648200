import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from './image';
import { LabError } from './lab-error';
import type { Managed } from './managed';
import { filesOfManaged, OPERATOR, startBastion } from './management-guest';
import { type Keys, makeKeys } from './management-keys';
import type { GuestFile, Session } from './session';

export interface ManagementOptions {
  /** A device answers to `<device>.<domain>`. @default lab */
  readonly domain?: string;
}

/** The way in from this machine: it passes connections on to devices, and does nothing else. */
export interface Bastion {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Its public key, as `<type> <key>`; `hostAuthority` has signed it, too. */
  readonly hostKey: string;
}

/** What is kept of a management network, for the commands that come later. */
export interface ManagementRecord {
  readonly bastion: Bastion;
  readonly privateKeyFile: string;
  readonly sshConfigFile: string;
  readonly hostAuthority: string;
  readonly domain: string;
  readonly devices: readonly Managed[];
}

/** The management network of a lab: every device has an sshd there, on an interface that its configuration leaves alone. */
export class Management {
  public constructor(public readonly record: ManagementRecord) {}

  public get bastion(): Bastion {
    return this.record.bastion;
  }

  /** The key that root and `fabric` of every device, and the user of the bastion, let in. In OpenSSH's format. */
  public get privateKeyFile(): string {
    return this.record.privateKeyFile;
  }

  /** For `ssh -F`: devices go by their names, with or without the domain. */
  public get sshConfigFile(): string {
    return this.record.sshConfigFile;
  }

  /** The public key that signed the host keys of all devices, as `<type> <key>`. */
  public get hostAuthority(): string {
    return this.record.hostAuthority;
  }

  /** Beside it there is `fabric`, who may become root by sudo. */
  public readonly user = 'root';

  public get domain(): string {
    return this.record.domain;
  }

  /** @throws LabError if there is no such device. */
  public addressOf(device: string): string {
    const found = this.tryFind(device);
    if (found !== undefined) return found.address;
    const known = this.record.devices.map(({ name }) => name).join(', ');
    throw new LabError(`"${device}" is not in the management network`, `there are ${known}`);
  }

  public tryFind(device: string): Managed | undefined {
    return this.record.devices.find(({ name }) => name === device);
  }
}

/** @throws LabError if it is no name of a domain. */
export function domainOf({ domain = 'lab' }: ManagementOptions): string {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain)) return domain;
  throw new LabError(`"${domain}" is no name of a domain`, 'name one like lab or mgmt.example.org');
}

/** Makes the keys and the bastion, before the nodes are made. */
export async function prepareManagement(session: Session, order: ManagementOrder): Promise<PreparedManagement> {
  const { folder, release, entrance, devices, domain } = order;
  const keys = await makeKeys(session, devices, domain);
  await startBastion(session, devices, domain, keys, release);
  const record = recordOf(
    folder,
    devices,
    domain,
    { host: '127.0.0.1', port: entrance, user: OPERATOR, hostKey: keys.bastion },
    keys,
  );
  writeClient(folder, record, keys);
  return {
    management: new Management(record),
    files: new Map(devices.map((device) => [device.name, filesOfManaged(device, keys, release)])),
  };
}

export interface ManagementOrder {
  /** That of the lab. */
  readonly folder: string;
  readonly release: Release;
  /** The port of 127.0.0.1 that leads to the guest. */
  readonly entrance: number;
  readonly devices: readonly Managed[];
  readonly domain: string;
}

export interface PreparedManagement {
  readonly management: Management;
  /** What is on the disk of each device beside its configuration. */
  readonly files: ReadonlyMap<string, readonly GuestFile[]>;
}

function recordOf(
  folder: string,
  devices: readonly Managed[],
  domain: string,
  bastion: Bastion,
  keys: Keys,
): ManagementRecord {
  return {
    bastion,
    privateKeyFile: join(folder, 'id_ed25519'),
    sshConfigFile: join(folder, 'ssh_config'),
    hostAuthority: keys.authority,
    domain,
    devices,
  };
}

/** No name of a device. */
const ALIAS = 'bastion~';

/** Writes what an ssh client of this machine needs into the folder of the lab. */
function writeClient(folder: string, record: ManagementRecord, keys: Keys): void {
  const { bastion, devices, domain, privateKeyFile, sshConfigFile } = record;
  const known = join(folder, 'known_hosts');
  const config = [
    ...[`Host ${ALIAS}`, `  HostName ${bastion.host}`, `  Port ${bastion.port}`, `  User ${bastion.user}`],
    ...[`  HostKeyAlias ${ALIAS}`],
    ...devices.flatMap(({ name }) => [`Host ${name}`, `  HostName ${name}.${domain}`]),
    ...[`Host * !${ALIAS}`, '  User root', `  ProxyJump ${ALIAS}`],
    ...['Host *', `  IdentityFile ${privateKeyFile}`, '  IdentitiesOnly yes', '  StrictHostKeyChecking yes'],
    ...[`  UserKnownHostsFile ${known}`, '  GlobalKnownHostsFile /dev/null', '  LogLevel ERROR'],
  ];
  writeFileSync(privateKeyFile, keys.client, { mode: 0o600 });
  writeFileSync(known, `${ALIAS} ${keys.bastion}\n@cert-authority * ${keys.authority}\n`);
  writeFileSync(sshConfigFile, `${config.join('\n')}\n`);
}
