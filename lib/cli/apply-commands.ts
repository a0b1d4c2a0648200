import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Asking,
  compareDevices,
  type Device,
  type DeviceDrift,
  devicesOf,
  inRepairOrder,
  Interrupted,
  isSsh,
  previewDevices,
  type Progress,
  type Repair,
  repairDevices,
  RepairInterrupted,
} from '../apply';
import { readOutput } from '../output';
import { Refusal } from '../refusal';
import { driftForTerraform, driftJson, planJson, printDrift, printPlan, printRepair } from './apply-report';
import { interruptible } from './interruptible';
import { EndedWith, examples, EXIT, printJson, type Terminal } from './terminal';

interface Options {
  readonly device: readonly string[];
  readonly parallel: number;
  readonly base: string;
  readonly identity?: string;
  readonly json?: true;
}

interface DriftOptions extends Options {
  readonly terraform?: true;
  readonly repair?: true;
  readonly yes?: true;
}

const EXIT_CODES = (none: string, some: string): string =>
  `\nExit codes: 0 ${none}; 3 ${some}; 1 refused, or a device could not be compared; 2 the command line was not understood.`;

/** What an apply would change. */
export function planCommand(terminal: Terminal): Command {
  return withDeviceOptions(
    new Command('plan').description('shows what an apply would change on each device, and what becomes of it'),
  )
    .addHelpText(
      'after',
      `${examples(
        'metal-fabric plan cdktf.out',
        'metal-fabric plan cdktf.out --device rack1-leaf1 rack1-leaf2',
        'metal-fabric plan cdktf.out --json > plan.json',
      )}${EXIT_CODES('nothing changes', 'something changes, or a device is new')}`,
    )
    .action((output: string, options: Options) =>
      ended(terminal, async (signal) => {
        const { partition, devices } = read(output, options, terminal);
        const plans = await previewDevices(devices, askingOf(options, terminal, signal));
        terminal.out(
          options.json === true ? printJson(planJson(partition, plans)) : printPlan(plans, terminal.colors === true),
        );
        return exitCode(
          plans.some(({ reason }) => reason !== null),
          plans.some(({ result }) => result !== 'unchanged'),
        );
      }),
    );
}

/** What was changed by other ways than an apply. */
export function driftCommand(terminal: Terminal): Command {
  return withDeviceOptions(
    new Command('drift').description('compares what runs on each device with what was applied to it'),
  )
    .option('--repair', 'tell devices that drifted anew what was applied to them, one after the other')
    .option('--yes', 'repair without asking')
    .addOption(
      new Option(
        '--terraform',
        'print what the external data source of Terraform takes; exit code 0 also if there is drift',
      ).conflicts(['json', 'repair']),
    )
    .addHelpText(
      'after',
      `${examples(
        'metal-fabric drift cdktf.out',
        'metal-fabric drift cdktf.out --device spine1 --json',
        'metal-fabric drift cdktf.out --repair',
      )}${EXIT_CODES('all devices are as applied', 'a device drifted, or has another version than the output')}`,
    )
    .action((output: string, options: DriftOptions) =>
      ended(terminal, async (signal) => {
        const { partition, devices } = read(output, options, terminal);
        const asking = askingOf(options, terminal, signal);
        const found = await compareDevices(devices, asking);
        if (options.terraform === true) {
          terminal.out(printJson(driftForTerraform(partition, found)));
          return EXIT.ok;
        }
        const print = (drifts: readonly DeviceDrift[], repairs?: readonly Repair[]): void =>
          terminal.out(
            options.json === true ? printJson(driftJson(partition, drifts, repairs)) : printDrift(partition, drifts),
          );
        const drifted = devices.filter((_, index) => found[index]?.result === 'drifted');
        if (options.repair !== true || drifted.length === 0) {
          print(found);
          return exitOf(found);
        }
        if (options.json !== true) print(found);
        const repairs = await repair(drifted, options, terminal, asking).catch((error: unknown) => {
          // What was found is said, also where nothing of it is repaired.
          if (options.json === true) print(found);
          throw error;
        });
        const again = new Map((await compareAgain(drifted, asking)).map((one) => [one.device, one]));
        const remaining = found.map((one) => again.get(one.device) ?? one);
        print(remaining, repairs);
        return repairs.some(({ outcome }) => outcome === 'failed') ? EXIT.refused : exitOf(remaining);
      }),
    );
}

function withDeviceOptions(command: Command): Command {
  return (
    command
      .argument('<output>', 'cdktf.out, or the folder with fabric.json')
      // Names may follow `--device`, one after the other: the output stands before them.
      .usage('<output> [options]')
      .addOption(new Option('--device <names...>', 'only these devices').default([], 'all'))
      .addOption(
        new Option('--parallel <n>', 'how many devices are asked at a time').default(10).argParser((text: string) => {
          const number = Number(text);
          if (!/^\d{1,3}$/.test(text) || number < 1) throw new InvalidArgumentError('It is a number from 1 to 999.');
          return number;
        }),
      )
      .addOption(
        new Option('--base <folder>', 'what folders of devices are relative to').default('.', 'the current folder'),
      )
      .option('--identity <file>', 'a private key for SSH; without it, the agent’s and ssh’s own')
      .option('--json', 'print what was found as JSON')
  );
}

function read(
  output: string,
  { device, base, identity }: Options,
  terminal: Terminal,
): { readonly partition: string; readonly devices: readonly Device[] } {
  const synthesized = readOutput(output);
  if (!isFolder(base)) throw new Refusal(`there is no folder ${base}`, 'name that of the app after --base');
  const devices = devicesOf(synthesized, device, base);
  const folders = devices.flatMap(({ target }) => (target.kind === 'directory' ? [target.path] : []));
  if (folders.length > 0 && !folders.some(isFolder))
    terminal.err(
      `no device has a folder below ${resolve(base)} yet; if the app is elsewhere, name its folder with --base\n`,
    );
  if (identity !== undefined) checkIdentity(identity);
  if (synthesized.changedByHand.length > 0)
    terminal.err(`not as they were synthesized: ${synthesized.changedByHand.join(', ')}; synthesize again\n`);
  const unchecked = devices
    .filter(isSsh)
    .filter(({ target }) => target.hostKey === null || target.bastion?.hostKey === null);
  if (unchecked.length > 0)
    terminal.err(`host keys are not checked, as declared: ${unchecked.map(({ name }) => name).join(', ')}\n`);
  return { partition: synthesized.manifest.partition, devices };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function checkIdentity(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Refusal(`the key ${file} cannot be read`, 'name the file of a private key after --identity');
  }
}

const askingOf = ({ parallel, identity }: Options, terminal: Terminal, signal: AbortSignal): Asking => ({
  parallel,
  identity,
  signal,
  watch: terminal.progress === true ? (progress) => showProgress(terminal, progress) : undefined,
});

/** Takes away the line that was written last. */
const CLEAR = '\r\u001b[K';

/** One line that is written over, and gone in the end. */
function showProgress(terminal: Terminal, { done, total, running }: Progress): void {
  const names = running.slice(0, 3).join(', ') + (running.length > 3 ? ', …' : '');
  terminal.err(done === total ? CLEAR : `${CLEAR}${done} of ${total}  ${names}`);
}

/** A device cannot be compared before it drifts: that goes first. */
const exitCode = (troubled: boolean, differs: boolean): number =>
  troubled ? EXIT.refused : differs ? EXIT.differs : EXIT.ok;

const exitOf = (drifts: readonly DeviceDrift[]): number =>
  exitCode(
    drifts.some(({ reason }) => reason !== null),
    drifts.some(({ result }) => result !== 'as-applied'),
  );

async function repair(
  drifted: readonly Device[],
  { yes }: DriftOptions,
  terminal: Terminal,
  asking: Asking,
): Promise<readonly Repair[]> {
  const devices = drifted.filter(isSsh);
  const folders = drifted.filter((device) => !isSsh(device));
  if (folders.length > 0) {
    throw new Refusal(
      `${folders.map(({ name }) => name).join(', ')}: a folder is not repaired here`,
      `apply again: terraform apply ${folders.map(({ resource }) => `-replace=null_resource.${resource}`).join(' ')} (or terraform_data, where that is the type of the resources)`,
    );
  }
  if (yes !== true) {
    if (terminal.ask === undefined) {
      throw new Refusal('nobody is there to say whether devices may be changed', 'say so with --yes');
    }
    const names = inRepairOrder(devices).map(({ name }) => name);
    const answer = await terminal.ask(
      `Repair ${names.join(', ')}, one after the other? Type yes: `,
      asking.signal ?? new AbortController().signal,
    );
    if (answer.trim() !== 'yes') throw new Refusal('nothing was repaired', 'type yes, or say --yes');
  }
  return repairDevices(devices, asking, {
    begins: (name) => terminal.err(`${name}: repairing\n`),
    ended: (one) => terminal.err(printRepair(one)),
  });
}

async function compareAgain(devices: readonly Device[], asking: Asking): Promise<readonly DeviceDrift[]> {
  try {
    return await compareDevices(devices, asking);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new EndedWith(EXIT.interrupted, 'interrupted: what was repaired stays; it was not compared again\n');
  }
}

async function ended(terminal: Terminal, work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const code = await interruptible(async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      if (error instanceof RepairInterrupted)
        throw new EndedWith(EXIT.interrupted, `interrupted: ${error.device}: ${error.words}\n`);
      if (!(error instanceof EndedWith) && (error instanceof Interrupted || signal.aborted))
        throw new EndedWith(EXIT.interrupted, 'interrupted: nothing was changed\n');
      throw error;
    } finally {
      if (terminal.progress === true) terminal.err(CLEAR);
    }
  });
  if (code !== EXIT.ok) throw new EndedWith(code, '');
}
