import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Session } from '../../lib/lab';

const WIRE = resolve(__dirname, '..', '..', 'lib', 'lab', 'guest', 'wire.py');
const HERE = '/tmp/connection';

/** Two nodes whose eth1 are one wire, between which there is a connection while the routes of the first change. What is said of it. */
export async function connectionWhileRoutesChange(session: Session, one: string, other: string): Promise<string> {
  await session.write(undefined, [
    { path: `${HERE}/connection.py`, content: readFileSync(join(__dirname, 'connection.py')) },
    { path: `${HERE}/wire.py`, content: readFileSync(WIRE) },
  ]);
  const { exit, out, err } = await session.run(undefined, ['python3', `${HERE}/connection.py`, one, other]);
  if (exit !== 0) throw new Error(err);
  return out;
}
