import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, readOutput } from '../output';
import { chooseRuntime } from './choose-runtime';
import { openSession } from './connect';
import { isAlive, type LabRecord, makeFolder, readRecord, removeFolder, tryReadRecord, writeRecord } from './folder';
import { provideImage, type Release, releaseFor } from './image';
import { LabError } from './lab-error';
import { freePort } from './free-port';
import { managedDevices } from './managed';
import { domainOf, Management, type ManagementOptions, prepareManagement } from './management';
import { managementWires, startManagement } from './management-guest';
import { boot, type BootStep } from './power';
import type { Guest, RuntimeKind, StartedGuest } from './runtime';
import { type GuestFile, type RanOn, Session } from './session';
import { guestNodes, type LabNode, type Topology, topologyOf, wiresOf } from './topology';
import { deadline, secondsSince, until } from './waiting';

export interface LabOptions {
  readonly name: string;
  readonly runtime?: RuntimeKind | undefined;
  readonly release?: Release | undefined;
  readonly watch?: Watcher;
  readonly signal?: AbortSignal | undefined;
  /** A network with an sshd on every device, and a way in from this machine; a guest of its own is needed for it. */
  readonly management?: ManagementOptions | undefined;
  /** Devices come up without any of their configuration, for Terraform to bring it. */
  readonly bare?: boolean | undefined;
}

/** Told what is going on. */
export interface Watcher {
  phase(name: string, seconds: number, detail: string): void;
  note(line: string): void;
}

export const SILENT: Watcher = { phase: () => undefined, note: () => undefined };

/** How many nodes are brought up at the same time: a little more than the cores of the guest. */
const PARALLEL = 3;

/** Programs that serve in the guest, beside the agent. */
const GUEST_PROGRAMS = ['ifreload.py', 'wire.py', 'probe.py', 'trace.py', 'traffic.py'];
const PROGRAMS_IN_GUEST = '/run/lab-programs';

/**
 * A virtual fabric that is up: what was synthesized, booted on a real kernel. Each device and each stand-in for somebody
 * else's router is a set of namespaces with an FRR of its own, brought up by the device's own tools.
 */
export class Lab {
  private constructor(
    public readonly name: string,
    public readonly output: Output,
    public readonly topology: Topology,
    public readonly release: string,
    public readonly guest: Guest,
    private readonly control: Session,
    public readonly watch: Watcher,
    private readonly started: StartedGuest | undefined,
    /** How to get in from this machine; undefined where it was not asked for. */
    public readonly management: Management | undefined,
  ) {}

  /**
   * Boots an output. The lab ends with this process unless it is kept.
   * @throws LabError if it does not come up; nothing is left of it then.
   */
  public static async up(path: string, options: LabOptions): Promise<Lab> {
    const { name, watch = SILENT, signal } = options;
    const output = readOutput(path);
    const topology = topologyOf(output);
    const timed = timer(watch, signal);
    const release = options.release ?? releaseFor(output.manifest.frr);
    const image = await timed(
      'image',
      () => provideImage(release, (line) => watch.note(line), signal),
      () => `Debian ${release}`,
    );
    const domain = options.management === undefined ? undefined : domainOf(options.management);
    const managed = domain === undefined ? undefined : managedDevices(output.manifest);
    const { runtime, because } = chooseRuntime(image, options.runtime, managed !== undefined);
    const folder = makeFolder(name);
    const entrance = managed === undefined ? undefined : await freePort();
    let started: StartedGuest | undefined;
    try {
      const { session, guest } = await timed(
        'kernel',
        async () => {
          started = await runtime.start(folder, entrance);
          signal?.addEventListener('abort', () => killGuest(started?.guest), { once: true });
          const session = new Session(started.line);
          await session.hello();
          return { session, guest: started.guest };
        },
        () => `${runtime.kind}: ${because}`,
      );
      writeRecord(name, { guest, output: output.folder, release });
      const prepared =
        domain === undefined || managed === undefined || entrance === undefined
          ? undefined
          : await timed(
              'management',
              () => prepareManagement(session, { folder, release, entrance, devices: managed, domain }),
              ({ management }) => `a bastion at port ${management.bastion.port}`,
            );
      const lab = new Lab(name, output, topology, release, guest, session, watch, started, prepared?.management);
      lab.keepRecord();
      await lab.bringUp(timed, prepared?.files, options.bare === true);
      return lab;
    } catch (error) {
      if (started !== undefined) {
        await endGuest(started.guest);
        started.keep();
      }
      removeFolder(name);
      throw signal?.aborted === true ? new LabError('interrupted', 'nothing is left of the lab') : error;
    }
  }

  /** A lab that another process has brought up. */
  public static async open(name: string, watch: Watcher = SILENT): Promise<Lab> {
    const { guest, output: path, release, management } = readRecord(name);
    const output = readOutput(path);
    const session = await openSession(guest);
    const access = management === undefined ? undefined : new Management(management);
    return new Lab(name, output, topologyOf(output), release, guest, session, watch, undefined, access);
  }

  /** The lab goes on when this process ends. */
  public keep(): void {
    this.started?.keep();
  }

  /** Leaves the lab as it is. */
  public close(): void {
    this.control.close();
  }

  /** Ends the lab; nothing is left of it. */
  public async down(): Promise<void> {
    this.control.off();
    await endGuest(this.guest);
    // Its number may soon be another's.
    this.keep();
    this.control.close();
    removeFolder(this.name);
  }

  public get nodes(): readonly LabNode[] {
    return this.topology.nodes;
  }

  /** The session of this process; one request at a time. */
  public get session(): Session {
    return this.control;
  }

  /** A further session, for what goes on at the same time. */
  public openSession(): Promise<Session> {
    return openSession(this.guest);
  }

  public findNode(name: string): LabNode {
    const node = this.nodes.find((one) => one.name === name);
    if (node !== undefined) return node;
    throw new LabError(`there is no node "${name}"`, `there are ${this.nodes.map((one) => one.name).join(', ')}`);
  }

  /** Runs one of the programs of the guest with JSON as its input; gives the lines of JSON it prints. */
  public async program<T>(name: string, args: readonly string[], input: unknown): Promise<readonly T[]> {
    const ran = await this.control.run(
      undefined,
      ['python3', `${PROGRAMS_IN_GUEST}/${name}`, ...args],
      JSON.stringify(input),
    );
    if (ran.exit !== 0) throw new Error(`${name} failed: ${ran.err.trim()}`);
    return ran.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }

  public static get programs(): string {
    return PROGRAMS_IN_GUEST;
  }

  /** Runs a program on nodes, some at the same time. @throws LabError with what the first ones said that failed. */
  public async onEach(nodes: readonly LabNode[], argv: readonly string[], what: string): Promise<readonly RanOn[]> {
    if (nodes.length === 0) return [];
    const ran = await this.control.each(
      nodes.map(({ name }) => name),
      argv,
      PARALLEL,
    );
    refuseFailed(ran, what);
    return ran;
  }

  /** Runs `sysctl -p` and `ifreload -a` on nodes. */
  public async reloadInterfaces(nodes: readonly LabNode[]): Promise<void> {
    refuseFailed(await this.tryReloadInterfaces(nodes), 'ifupdown2');
  }

  /** The same, with what each node's own tools said. */
  public async tryReloadInterfaces(nodes: readonly LabNode[]): Promise<readonly RanOn[]> {
    if (nodes.length === 0) return [];
    return this.program<RanOn>('ifreload.py', [`${PARALLEL}`, ...nodes.map(({ name }) => name)], {});
  }

  /**
   * Cuts a node's power: its processes end at once, its links lose carrier, and what its kernel, /run and /tmp held is gone. What
   * is on its disk stays.
   */
  public async powerOff(name: string): Promise<void> {
    await this.control.power(this.findNode(name).name, false);
  }

  /**
   * Switches a node on again; it starts what is on its disk, as a device does.
   * @returns what each step said; a step that failed does not keep the next ones from starting
   */
  public async powerOn(name: string): Promise<readonly BootStep[]> {
    const node = this.findNode(name);
    await this.control.power(node.name, true);
    return boot(this.control, name, this.management?.tryFind(name), () => this.tryReloadInterfaces([node]));
  }

  private async bringUp(timed: Timed, extra: ExtraFiles = new Map(), bare = false): Promise<void> {
    const { nodes, links } = this.topology;
    const configured = bare ? nodes.filter(({ role }) => role === 'router') : nodes;
    const devices = this.management?.record.devices ?? [];
    await timed(
      'nodes',
      async () => {
        await this.control.write(
          undefined,
          GUEST_PROGRAMS.map((name) => ({
            path: `${PROGRAMS_IN_GUEST}/${name}`,
            content: readFileSync(join(__dirname, 'guest', name)),
          })),
        );
        const isConfigured = new Set(configured.map(({ name }) => name));
        await this.control.makeNodes(
          guestNodes(this.output, this.topology).map(({ name, files }) => ({
            name,
            files: [...(isConfigured.has(name) ? files : []), ...(extra.get(name) ?? [])],
          })),
          [...wiresOf(this.topology), ...managementWires(devices)],
        );
      },
      () => `${nodes.length} nodes, ${links.length} links`,
    );
    if (devices.length > 0) {
      await timed(
        'sshd',
        () => startManagement(this.control, devices, PARALLEL),
        () => `on ${devices.length} devices`,
      );
    }
    await timed(
      'interfaces',
      () => this.reloadInterfaces(configured),
      () => 'sysctl, ifupdown2',
    );
    const filtering = configured.filter(({ hasRuleset }) => hasRuleset);
    await timed(
      'packet filters',
      () => this.onEach(filtering, ['nft', '-f', '/etc/nftables.conf'], 'nft'),
      () => `nft on ${filtering.length} nodes`,
    );
    // Who is managed is like a device in all, with the watch over FRR's daemons; tests that end one do without.
    const start =
      this.management === undefined ? '/usr/lib/frr/watchfrr.sh start all' : '/usr/lib/frr/frrinit.sh start';
    await timed(
      'routing',
      () => this.onEach(configured, start.split(' '), 'FRR'),
      () => 'FRR',
    );
  }

  /** The same lab, standing for another output from now on; its nodes and wires are those of the first one. */
  public standingFor(output: Output): Lab {
    const { name, release, guest, control, watch, started, management } = this;
    const lab = new Lab(name, output, topologyOf(output), release, guest, control, watch, started, management);
    lab.keepRecord();
    return lab;
  }

  private keepRecord(): void {
    const { name, guest, output, release, management } = this;
    writeRecord(name, { guest, output: output.folder, release, management: management?.record });
  }
}

function refuseFailed(ran: readonly RanOn[], what: string): void {
  const failed = ran.filter(({ exit }) => exit !== 0);
  if (failed.length === 0) return;
  const said = failed.slice(0, 3).map(({ node, exit, out }) => `${node} (exit ${exit}): ${out.trim()}`);
  throw new LabError(
    `${what} failed on ${failed.length} nodes\n${said.join('\n')}`,
    'mend what the device itself says',
  );
}

/** By node. */
type ExtraFiles = ReadonlyMap<string, readonly GuestFile[]>;

type Timed = <T>(name: string, work: () => Promise<T>, detail: (result: T) => string) => Promise<T>;

export function timer(watch: Watcher, signal?: AbortSignal): Timed {
  return async (name, work, detail) => {
    if (signal?.aborted === true) throw new LabError('interrupted', 'nothing is left of the lab');
    const start = performance.now();
    const result = await work();
    watch.phase(name, secondsSince(start), detail(result));
    return result;
  };
}

/** Ends a lab of another process; says whether there was one. */
export async function tearDown(name: string): Promise<boolean> {
  const record = tryReadRecord(name);
  const wasUp = record !== undefined && isAlive(record.guest);
  if (record !== undefined) await endGuest(record.guest);
  removeFolder(name);
  return wasUp;
}

function killGuest(guest: Guest | undefined): void {
  if (guest === undefined || !isAlive(guest)) return;
  try {
    process.kill(-guest.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function endGuest(guest: Guest): Promise<void> {
  killGuest(guest);
  await until(() => !isAlive(guest), deadline('the guest ends', 15));
}

export type { LabRecord };
