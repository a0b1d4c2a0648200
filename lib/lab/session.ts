import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { LabError } from './lab-error';

/** What a program said and how it ended. */
export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** What a program said on one of several nodes. */
export interface RanOn extends Omit<Ran, 'err'> {
  readonly node: string;
  readonly seconds: number;
}

/** A file to be put on a node. */
export interface GuestFile {
  /** Absolute, as on a device. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @default 0o644 */
  readonly mode?: number;
}

export interface GuestNode {
  readonly name: string;
  readonly files: readonly GuestFile[];
}

/** A wire: node, interface, node, interface. Null is the guest itself. */
export type Wire = readonly [string | null, string, string, string];

/** A program that runs in the guest, while it runs. */
export interface Running {
  readonly ended: Promise<number>;
  write(data: string | Buffer): void;
  /** Nothing more will be written. */
  end(): void;
  resize(rows: number, columns: number): void;
}

export interface ExecOptions {
  /** Where the program runs; undefined for the guest itself. */
  readonly node?: string | undefined;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Rows and columns of the terminal the program sees; undefined for none. */
  readonly terminal?: readonly [number, number] | undefined;
  readonly onOut?: (data: Buffer) => void;
  readonly onErr?: (data: Buffer) => void;
}

interface Answer {
  readonly out?: string;
  readonly err?: string;
  readonly exit?: number;
  readonly node?: string;
  readonly seconds?: number;
  readonly end?: true;
  readonly error?: string;
}

/** A line to the guest's agent (guest/agent.py): one request at a time. */
export class Session {
  private rest = '';
  private waiting: { answer: (answer: Answer) => void; fail: (error: Error) => void } | undefined;
  private broken: Error | undefined;
  /** What the agent must say back before anything else is believed: a port may still hold words to an earlier client. */
  private greeting: string | undefined;

  public constructor(private readonly line: Duplex) {
    line.setEncoding('utf8');
    line.on('data', (text: string) => this.hear(text));
    line.on('error', (error) => this.fail(error));
    line.on('close', () =>
      this.fail(new LabError('the virtual fabric has gone', 'start it again: metal-fabric lab up')),
    );
  }

  /** Makes the nodes, and the wires between them. */
  public async makeNodes(nodes: readonly GuestNode[], wires: readonly Wire[]): Promise<void> {
    await this.ask({
      do: 'nodes',
      nodes: nodes.map(({ name, files }) => ({ name, files: encoded(files) })),
      links: wires,
    });
  }

  /** Switches a node off, as by a power cut, or starts its first process again, which does nothing by itself. */
  public async power(node: string, on: boolean): Promise<void> {
    await this.ask({ do: 'power', node, on });
  }

  public async write(node: string | undefined, files: readonly GuestFile[]): Promise<void> {
    await this.ask({ do: 'write', node: node ?? null, files: encoded(files) });
  }

  /** Runs a program on each node, some at the same time. */
  public async each(
    nodes: readonly string[],
    argv: readonly string[],
    parallel: number,
    onEach: (ran: RanOn) => void = () => undefined,
  ): Promise<readonly RanOn[]> {
    const all: RanOn[] = [];
    await this.ask({ do: 'each', nodes, argv, parallel }, ({ node, exit, out, seconds }) => {
      if (node === undefined) return;
      const ran = { node, exit: exit ?? -1, out: out ?? '', seconds: seconds ?? 0 };
      all.push(ran);
      onEach(ran);
    });
    return all;
  }

  /** Runs a program to its end. */
  public async run(node: string | undefined, argv: readonly string[], input = ''): Promise<Ran> {
    let [out, err] = ['', ''];
    const running = this.start({
      node,
      argv,
      onOut: (data) => (out += data.toString()),
      onErr: (data) => (err += data.toString()),
    });
    if (input !== '') running.write(input);
    running.end();
    return { exit: await running.ended, out, err };
  }

  /** Starts a program; this session is busy until it has ended. */
  public start({ node, argv, env = {}, terminal, onOut, onErr }: ExecOptions): Running {
    let exit = -1;
    const asked = this.ask({ do: 'exec', node: node ?? null, argv, env, tty: terminal ?? null }, (answer) => {
      if (answer.out !== undefined) onOut?.(Buffer.from(answer.out, 'base64'));
      if (answer.err !== undefined) onErr?.(Buffer.from(answer.err, 'base64'));
      if (answer.exit !== undefined) exit = answer.exit;
    });
    return {
      ended: asked.then(() => exit),
      write: (data) => this.say({ in: Buffer.from(data).toString('base64') }),
      end: () => this.say({ eof: true }),
      resize: (rows, columns) => this.say({ size: [rows, columns] }),
    };
  }

  /** Waits until the agent listens to this session. */
  public async hello(): Promise<void> {
    this.greeting = randomUUID();
    await this.ask({ do: 'hello', hello: this.greeting });
  }

  /** Ends the guest and all that runs in it. */
  public off(): void {
    this.say({ do: 'off' });
  }

  public close(): void {
    this.line.removeAllListeners('close');
    this.line.destroy();
  }

  private ask(request: object, onAnswer: (answer: Answer) => void = () => undefined): Promise<void> {
    return new Promise((done, fail) => {
      if (this.broken !== undefined || this.waiting !== undefined) {
        fail(this.broken ?? new Error('a session takes one request at a time'));
        return;
      }
      const settle = (): void => {
        this.waiting = undefined;
      };
      this.waiting = {
        answer: (answer) => {
          if (answer.end !== true) {
            onAnswer(answer);
            return;
          }
          settle();
          if (answer.error === undefined) done();
          else fail(new LabError(answer.error, 'see metal-fabric lab logs'));
        },
        fail: (error) => {
          settle();
          fail(error);
        },
      };
      this.say(request);
    });
  }

  private say(word: object): void {
    this.line.write(`${JSON.stringify(word)}\n`);
  }

  private hear(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.greeting !== undefined) {
        if (line.includes(this.greeting)) this.greeting = undefined;
        continue;
      }
      this.waiting?.answer(JSON.parse(line) as Answer);
    }
  }

  private fail(error: Error): void {
    this.broken = error;
    this.waiting?.fail(error);
  }
}

const encoded = (files: readonly GuestFile[]): readonly object[] =>
  files.map(({ path, content, mode }) => ({ path, mode, data: Buffer.from(content).toString('base64') }));
