import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { type Socket, createConnection } from 'node:net';
import { startTimeOf } from './guardian';
import { LabError } from './lab-error';
import type { Guest } from './runtime';
import { Session } from './session';

export function connectTo(path: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const line = createConnection(path);
    line.once('connect', () => {
      line.off('error', fail);
      done(line);
    });
    line.once('error', fail);
  });
}

/** A session on a free port of a guest. */
export async function openSession({ ports, exclusive }: Guest): Promise<Session> {
  for (const port of ports) {
    const claim = exclusive ? tryClaim(port) : () => undefined;
    if (claim === undefined) continue;
    try {
      const line = await connectTo(port);
      line.once('close', claim);
      const session = new Session(line);
      await session.hello();
      return session;
    } catch (error) {
      claim();
      throw new LabError(
        `the virtual fabric does not answer: ${error instanceof Error ? error.message : String(error)}`,
        'end it with metal-fabric lab down, and start it again',
      );
    }
  }
  throw new LabError('all lines to the virtual fabric are taken', 'end some of the commands that use it');
}

/** Takes a port for this process; gives what gives it back, or nothing where somebody else has it. */
export function tryClaim(port: string): (() => void) | undefined {
  const file = `${port}.claim`;
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const claim = openSync(file, 'wx', 0o600);
      writeSync(claim, mine);
      closeSync(claim);
      return () => tryUnlink(file);
    } catch {
      if (isHeld(file)) return undefined;
      tryUnlink(file);
    }
  }
  return undefined;
}

function isHeld(file: string): boolean {
  try {
    const [pid = '', started = ''] = readFileSync(file, 'utf8').split(' ');
    return pid === '' || startTimeOf(Number(pid)) === started;
  } catch {
    return false;
  }
}

function tryUnlink(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It is gone already.
  }
}
