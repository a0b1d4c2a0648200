import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import { DEFAULT_NAME, folderOf, Lab, type RuntimeKind, RUNTIMES, tearDown, verify, type Watcher } from '../lab';
import { interruptible } from './interruptible';
import { printVerification, verificationJson } from './lab-report';
import { EndedWith, examples, EXIT, printJson, type Terminal } from './terminal';

interface NameOption {
  readonly name: string;
}

interface VerifyOptions extends NameOption {
  readonly json?: true;
  readonly guards: boolean;
}

interface UpOptions extends NameOption {
  readonly runtime?: RuntimeKind;
  readonly json?: true;
  readonly ssh?: true;
  readonly domain: string;
  readonly bare?: true;
}

/** Commands that boot what was synthesized, and hold its promises against packets. */
export function labCommand(terminal: Terminal): Command {
  return new Command('lab')
    .description('boots a synthesized fabric on a real kernel, and proves its promises with packets')
    .addHelpText(
      'after',
      [
        '\nNothing is installed, and root is not needed: where this machine’s kernel cannot hold the fabric, it runs in one qemu',
        'guest with Debian’s kernel. What it boots from is made once of Debian’s packages, in $METAL_FABRIC_CACHE or ~/.cache.',
        examples(
          'metal-fabric lab run cdktf.out',
          'metal-fabric lab up cdktf.out && metal-fabric lab verify',
          "metal-fabric lab exec blue-fw -- vtysh -c 'show bgp summary'",
          'metal-fabric lab down',
        ),
      ].join('\n'),
    )
    .addCommand(runCommand(terminal))
    .addCommand(upCommand(terminal))
    .addCommand(verifyCommand(terminal))
    .addCommand(execCommand(terminal))
    .addCommand(shellCommand(terminal))
    .addCommand(captureCommand(terminal))
    .addCommand(logsCommand(terminal))
    .addCommand(downCommand(terminal));
}

const nameOption = (): Option => new Option('--name <name>', 'the lab, where there are several').default(DEFAULT_NAME);
const runtimeOption = (): Option =>
  new Option('--runtime <runtime>', 'direct: this machine’s own kernel, as root; qemu: a guest').choices(RUNTIMES);
const withoutGuards = (): Option =>
  new Option('--no-guards', 'do not try what leaves must refuse: nothing untrue is sent or announced');
const OUTPUT = 'cdktf.out, or the folder with fabric.json';

function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('up, verify, down: exit code 1 if a promise is not kept')
    .argument('<output>', OUTPUT)
    .addOption(nameOption())
    .addOption(runtimeOption())
    .addOption(withoutGuards())
    .option('--json', 'print what was found as JSON')
    .addHelpText(
      'after',
      examples('metal-fabric lab run cdktf.out', 'metal-fabric lab run cdktf.out --json > found.json'),
    )
    .action((output: string, { name, runtime, guards, json }: UpOptions & VerifyOptions) =>
      endingTheLab(async (signal) => {
        const lab = await Lab.up(output, { name, runtime, watch: watcherOf(terminal), signal });
        try {
          await report(lab, terminal, guards, json);
        } finally {
          await lab.down();
        }
      }),
    );
}

function upCommand(terminal: Terminal): Command {
  return new Command('up')
    .description('boots a fabric and leaves it running')
    .argument('<output>', OUTPUT)
    .addOption(nameOption())
    .addOption(runtimeOption())
    .option('--ssh', 'an sshd on every device, and a way in from this machine')
    .addOption(
      new Option('--domain <domain>', 'a device answers to <device>.<domain>; implies --ssh')
        .default('lab')
        .implies({ ssh: true }),
    )
    .option('--bare', 'devices come up without their configuration')
    .option('--json', 'print the nodes, and the way in, as JSON')
    .addHelpText(
      'after',
      examples(
        'metal-fabric lab up cdktf.out',
        'metal-fabric lab up cdktf.out --ssh --bare',
        'sudo metal-fabric lab up cdktf.out --runtime direct',
      ),
    )
    .action((output: string, { name, runtime, json, ssh, domain, bare }: UpOptions) =>
      endingTheLab(async (signal) => {
        const management = ssh === true ? { domain } : undefined;
        const lab = await Lab.up(output, { name, runtime, watch: watcherOf(terminal), signal, management, bare });
        lab.keep();
        terminal.out(json === true ? printJson(labJson(lab)) : printLab(lab));
        lab.close();
      }),
    );
}

function printLab({ name, nodes, management }: Lab): string {
  const [device] = management?.record.devices ?? [];
  const wayIn =
    management === undefined || device === undefined
      ? []
      : [`ssh to each of its devices: ssh -F ${management.sshConfigFile} ${device.name}`];
  return [
    `the lab "${name}" is up: ${nodes.length} nodes`,
    ...nodes.map((node) => `  ${node.name} (${node.role})`),
    ...wayIn,
    '',
  ].join('\n');
}

function labJson({ name, nodes, guest, release, management }: Lab): object {
  return { name, runtime: guest.runtime, release, nodes, management: management?.record };
}

function verifyCommand(terminal: Terminal): Command {
  return new Command('verify')
    .description('holds every promise of the fabric against packets: exit code 1 if one is not kept')
    .addOption(nameOption())
    .addOption(withoutGuards())
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', examples('metal-fabric lab verify', 'metal-fabric lab verify --json'))
    .action(({ name, guards, json }: VerifyOptions) =>
      withLab(name, terminal, (lab) => report(lab, terminal, guards, json)),
    );
}

function execCommand(terminal: Terminal): Command {
  return new Command('exec')
    .description('runs a program on a node; its exit code is that of the program')
    .argument('<node>', 'the node, such as blue-fw')
    .argument('<command...>', 'the program and its arguments, after --')
    .addOption(nameOption())
    .addHelpText(
      'after',
      examples(
        "metal-fabric lab exec blue-fw -- vtysh -c 'show bgp summary'",
        'metal-fabric lab exec blue-1 -- ping -c 3 10.128.0.10',
      ),
    )
    .action((node: string, argv: string[], { name }: NameOption) =>
      withLab(name, terminal, async (lab) => {
        const running = lab.session.start({
          node: lab.findNode(node).name,
          argv,
          onOut: (data) => terminal.out(data),
          onErr: (data) => terminal.err(data),
        });
        const { stdin } = process;
        // Typed input is the shell's; what is piped in is the program's.
        if (stdin.isTTY) running.end();
        else stdin.on('data', (data: Buffer) => running.write(data)).on('end', () => running.end());
        try {
          endedWith(await running.ended);
        } finally {
          // Else an input that nobody closes would keep this process.
          stdin.destroy();
        }
      }),
    );
}

function shellCommand(terminal: Terminal): Command {
  return new Command('shell')
    .description('opens a shell on a node, in this terminal')
    .argument('<node>', 'the node, such as blue-fw')
    .addOption(nameOption())
    .addHelpText('after', examples('metal-fabric lab shell blue-fw'))
    .action((node: string, { name }: NameOption) =>
      withLab(name, terminal, async (lab) => {
        const { stdin, stdout } = process;
        const size = (): [number, number] => (stdout.isTTY ? [stdout.rows, stdout.columns] : [24, 80]);
        const running = lab.session.start({
          node: lab.findNode(node).name,
          argv: ['bash', '-i'],
          env: { PS1: `${node}:\\w# ` },
          terminal: size(),
          onOut: (data) => terminal.out(data),
        });
        stdout.on('resize', () => running.resize(...size()));
        if (stdin.isTTY) stdin.setRawMode(true);
        // Ctrl-D ends a shell, also where what is typed comes from a file.
        stdin.on('data', (data: Buffer) => running.write(data)).on('end', () => running.write('\x04'));
        try {
          endedWith(await running.ended);
        } finally {
          if (stdin.isTTY) stdin.setRawMode(false);
          stdin.destroy();
        }
      }),
    );
}

function captureCommand(terminal: Terminal): Command {
  return new Command('capture')
    .description('captures packets of an interface as pcap, until it is interrupted')
    .argument('<node>', 'the node, such as blue-fw')
    .argument('<interface>', 'the interface, such as lan0, or any')
    .argument('[filter...]', 'a filter, as tcpdump takes it')
    .addOption(nameOption())
    .option('--write <file>', 'the file to write; without it, packets are printed as text')
    .option('--count <n>', 'end after so many packets')
    .addHelpText(
      'after',
      examples(
        'metal-fabric lab capture blue-fw lan0 --write lan0.pcap',
        'metal-fabric lab capture rack1-leaf1 any --count 10 icmp',
      ),
    )
    .action((node: string, port: string, filter: string[], options: NameOption & { write?: string; count?: string }) =>
      withLab(options.name, terminal, async (lab) => {
        const { write, count } = options;
        const argv = [
          ['tcpdump', '-n', '-i', port, ...(write === undefined ? ['-l'] : ['-U', '-w', '-'])],
          count === undefined ? [] : ['-c', count],
          filter,
        ].flat();
        const file: Writable | undefined = write === undefined ? undefined : createWriteStream(write);
        const running = lab.session.start({
          node: lab.findNode(node).name,
          argv,
          onOut: (data) => (file === undefined ? terminal.out(data) : void file.write(data)),
          onErr: (data) => terminal.err(data),
        });
        const end = (): void => lab.close();
        process.once('SIGINT', end);
        const ended = await running.ended.catch(() => 0);
        process.off('SIGINT', end);
        if (file !== undefined) await new Promise<void>((done) => file.end(done));
        endedWith(ended);
      }),
    );
}

function logsCommand(terminal: Terminal): Command {
  return new Command('logs')
    .description('prints what the daemons of a node have said; without a node, what the lab itself has')
    .argument('[node]', 'the node, such as blue-fw')
    .addOption(nameOption())
    .option('-f, --follow', 'go on as they say more')
    .addHelpText(
      'after',
      examples('metal-fabric lab logs blue-fw', 'metal-fabric lab logs blue-fw --follow', 'metal-fabric lab logs'),
    )
    .action((node: string | undefined, { name, follow }: NameOption & { follow?: true }) => {
      if (node === undefined) {
        for (const file of ['qemu.log', 'console.log', 'agent.log'].map((one) => join(folderOf(name), one))) {
          if (existsSync(file)) terminal.out(readFileSync(file, 'utf8'));
        }
        return undefined;
      }
      return withLab(name, terminal, async (lab) => {
        const running = lab.session.start({
          node: lab.findNode(node).name,
          argv: ['tail', '-n', '+1', ...(follow === true ? ['-F'] : []), '/var/log/syslog'],
          onOut: (data) => terminal.out(data),
        });
        await running.ended;
      });
    });
}

function downCommand(terminal: Terminal): Command {
  return new Command('down')
    .description('ends a lab; nothing is left of it')
    .addOption(nameOption())
    .addHelpText('after', examples('metal-fabric lab down'))
    .action(async ({ name }: NameOption) => {
      terminal.out((await tearDown(name)) ? `the lab "${name}" is gone\n` : `no lab "${name}" was up\n`);
    });
}

async function report(lab: Lab, terminal: Terminal, guards: boolean, json: true | undefined): Promise<void> {
  const verification = await verify(lab, { withoutGuards: !guards });
  terminal.out(json === true ? printJson(verificationJson(verification)) : printVerification(verification));
  if (verification.failed > 0) endedWith(EXIT.refused);
}

async function withLab(name: string, terminal: Terminal, work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await Lab.open(name, watcherOf(terminal));
  try {
    await work(lab);
  } finally {
    lab.close();
  }
}

/** Ends what was started also when the user, or the machine, asks the process to end. */
async function endingTheLab(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  await interruptible(async (signal) => {
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new EndedWith(EXIT.interrupted, 'interrupted: the lab was ended\n');
    }
  });
}

function endedWith(code: number): void {
  if (code !== EXIT.ok) throw new EndedWith(code, '');
}

/** Phases go where they do not mix with what was asked for. */
function watcherOf(terminal: Terminal): Watcher {
  return {
    phase: (name, seconds, detail) =>
      terminal.err(`${name.padEnd(16)}${seconds.toFixed(1).padStart(6)} s  ${detail}\n`),
    note: (line) => terminal.err(`${line}\n`),
  };
}
