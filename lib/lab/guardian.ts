import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program that serves in the guest. */
export const AGENT = join(__dirname, 'guest', 'agent.py');

/** When a process started, in clock ticks since boot; empty if there is none. With its number it names one process only. */
export function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is no process any more.
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

export interface Guardian {
  /** The guest outlives this process. */
  keep(): void;
  /** Ends the guest now. */
  end(): void;
}

/**
 * Ends a guest, with all processes of its group and its folder, when this process ends, however that happens: a shell of its own
 * waits for the end of its input, which the kernel closes.
 */
export function guardianOf(pid: number, folder: string): Guardian {
  const script =
    'trap "" INT TERM HUP; read -r word; [ "$word" = keep ] && exit; ' +
    'kill -s KILL -- "-$1"; while kill -s 0 -- "-$1"; do sleep 0.1; done; rm -rf -- "$2"; rmdir -- "$(dirname -- "$2")"';
  const child = spawn('sh', ['-c', script, 'guardian', `${pid}`, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  return { keep: () => child.stdin.end('keep\n'), end: () => child.stdin.end('end\n') };
}
