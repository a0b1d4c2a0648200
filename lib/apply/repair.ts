import { DEVICE_LIST } from './device-list';
import type { Role } from './devices';
import { type SshDevice } from './on-device';
import { lastWords } from './said';
import { Interrupted, runOnDevice, type SshOptions } from './ssh';

/** How a repair ended. */
export interface Repair {
  readonly device: string;
  readonly outcome: 'repaired' | 'failed' | 'not-tried';
  readonly reason: string | null;
}

/** That a repair was interrupted, with what becomes of the device. */
export class RepairInterrupted extends Interrupted {
  public constructor(
    public readonly device: string,
    public readonly words: string,
  ) {
    super();
  }
}

/** Who is told, so that it is known what was changed should the rest be interrupted. */
export interface RepairWatch {
  begins(device: string): void;
  ended(repair: Repair): void;
}

/** Devices on which others rely are first, as in a rollout. */
const ORDER: readonly Role[] = ['spine', 'leaf', 'border-leaf', 'firewall', 'machine'];

/** Where the program lies on a device once something was applied. */
const INSTALLED = '/etc/metal-fabric/program';

/** Seconds for the tools of a device, besides what it waits for by itself. */
const TOOLS_SECONDS = 300;

export const inRepairOrder = (devices: readonly SshDevice[]): readonly SshDevice[] =>
  [...devices].sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));

/**
 * Tells devices anew what was applied to them, one after the other, so that never two that stand in for one another are
 * changed at once. Ends with the first that fails: its partner stays untouched.
 * @throws RepairInterrupted
 */
export async function repairDevices(
  devices: readonly SshDevice[],
  options: SshOptions,
  watch: RepairWatch,
): Promise<readonly Repair[]> {
  const repairs: Repair[] = [];
  for (const device of inRepairOrder(devices)) {
    const failed = repairs.find(({ outcome }) => outcome === 'failed');
    const repair: Repair =
      failed === undefined
        ? await repairDevice(device, options, watch)
        : { device: device.name, outcome: 'not-tried', reason: `${failed.device} failed before` };
    repairs.push(repair);
    watch.ended(repair);
  }
  return repairs;
}

async function repairDevice(device: SshDevice, options: SshOptions, watch: RepairWatch): Promise<Repair> {
  watch.begins(device.name);
  const reason = await tryRepair(device, options);
  return { device: device.name, outcome: reason === undefined ? 'repaired' : 'failed', reason: reason ?? null };
}

/** Why it was not repaired; undefined if it was. */
async function tryRepair(device: SshDevice, options: SshOptions): Promise<string | undefined> {
  const { healthTimeout, confirmTimeout } = device.target;
  const back = `it goes back to what it was by itself, at most ${confirmTimeout} s after it is healthy`;
  const began = await tell(
    device,
    ['repair', device.version, '--files', '--health', `${healthTimeout}`, '--confirm', `${confirmTimeout}`],
    filesOf(device),
    2 * (healthTimeout + TOOLS_SECONDS),
    options,
    `it was being repaired: ${back}`,
  );
  if (began.kind === 'unreachable') return `the connection was lost: ${began.reason}; if the repair began, ${back}`;
  if (began.code !== 0) return lastWords(`${began.out}\n${began.err}`, device.name) || `exit status ${began.code}`;
  // By a connection of its own: it proves that the device is reachable.
  const confirmed = await tell(
    device,
    ['confirm', device.version],
    '',
    TOOLS_SECONDS + healthTimeout,
    options,
    `it was about to be confirmed: without that ${back}`,
  );
  if (confirmed.kind === 'unreachable') return `it could not be confirmed: ${confirmed.reason}; ${back}`;
  if (confirmed.code !== 0)
    return lastWords(`${confirmed.out}\n${confirmed.err}`, device.name) || `exit status ${confirmed.code}`;
  return undefined;
}

/** All files of a device, as the program takes them; it believes none that is not of the version. */
const filesOf = ({ list, files }: SshDevice): string =>
  [{ name: DEVICE_LIST, text: list }, ...files]
    .map(({ name, text }) => `${name} ${Buffer.from(text).toString('base64')}\n`)
    .join('');

async function tell(
  { name, target }: SshDevice,
  words: readonly string[],
  input: string,
  seconds: number,
  options: SshOptions,
  interrupted: string,
) {
  try {
    return await runOnDevice(target, { words: ['sh', INSTALLED, ...words], input, seconds }, options);
  } catch (error) {
    throw error instanceof Interrupted ? new RepairInterrupted(name, interrupted) : error;
  }
}
