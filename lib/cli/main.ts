#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { run } from './program';
import type { Terminal } from './terminal';

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

// Not process.exit: what was written to a pipe would be cut off.
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
