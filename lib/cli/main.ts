#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { run } from './program';
import { EXIT, type Terminal } from './terminal';

const { stdin, stdout, stderr } = process;

const terminal: Terminal = {
  out: (text: string | Uint8Array): void => void process.stdout.write(text),
  err: (text: string | Uint8Array): void => void process.stderr.write(text),
  // https://no-color.org
  colors: stdout.isTTY && !process.env['NO_COLOR'],
  progress: stderr.isTTY,
  ...(stdin.isTTY && stderr.isTTY ? { ask } : {}),
};

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: stdin, output: stderr });
  // Ctrl-C comes as a key while a line is read.
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await reader.question(question, { signal });
  } finally {
    reader.close();
  }
}

let unwritten = false;
for (const stream of [stdout, stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // Whoever reads has enough: what is done goes on to its end, and its exit code counts.
    if (code === 'EPIPE') return;
    unwritten = true;
    process.exitCode = EXIT.refused;
    if (stream === stdout) stderr.write(`error: what was found cannot be written: ${message}\n`);
  });
}

// Not process.exit: what was written to a pipe would be cut off.
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = unwritten ? EXIT.refused : code;
});
