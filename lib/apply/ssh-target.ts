import type { Manifest } from '../manifest';
import { Address, parsePublicKey, parseUserName, quote } from '../net';
import { ApplyError } from './apply-error';

/** How a device is reached, as `fabric.json` says. */
export type SshTarget = Extract<Manifest['devices'][number]['target'], { readonly kind: 'ssh' }>;

export type SshHop = Pick<SshTarget, 'host' | 'port' | 'user' | 'hostKey'>;

/**
 * Refuses a target that is none. All of it becomes arguments of ssh, lines of its files and words of a shell, and
 * somebody may have edited `fabric.json`.
 * @throws ApplyError
 */
export function checkSshTarget(device: string, target: SshTarget): void {
  const refuse = (problem: string): never => {
    throw new ApplyError(`fabric.json: ${problem} of device "${device}"`, 'synthesize again');
  };
  const checkHop = (hop: SshHop, of: string): void => {
    if (!isHost(hop.host)) refuse(`${quote(hop.host)} is no host${of}`);
    if (!isWithin(hop.port, 65_535)) refuse(`${quote(hop.port)} is no port${of}`);
    if (!isWhat(parseUserName, hop.user)) refuse(`${quote(hop.user)} is no user${of}`);
    if (hop.hostKey !== null && !isWhat(parsePublicKey, hop.hostKey))
      refuse(`${quote(hop.hostKey)} is no host key${of}`);
  };
  checkHop(target, '');
  if (target.bastion !== null) checkHop(target.bastion, ' for the bastion');
  for (const name of ['connectTimeout', 'healthTimeout', 'confirmTimeout'] as const) {
    // As many digits as the program on the device takes.
    if (!isWithin(target[name], 99_999)) refuse(`${quote(target[name])} is no ${name}`);
  }
}

const isWithin = (number: number, most: number): boolean => Number.isInteger(number) && number >= 1 && number <= most;

function isHost(text: string): boolean {
  if (
    text.length <= 253 &&
    /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(text)
  )
    return true;
  return isWhat((one) => Address.parse(one).toString(), text);
}

/** Whether a text is one of a kind, written as it is written for others to read. */
function isWhat(parse: (text: string) => string, text: string): boolean {
  try {
    return parse(text) === text;
  } catch {
    return false;
  }
}
