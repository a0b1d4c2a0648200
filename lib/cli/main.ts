#!/usr/bin/env node
import { run } from './program';

const terminal = {
  out: (text: string | Uint8Array): void => void process.stdout.write(text),
  err: (text: string | Uint8Array): void => void process.stderr.write(text),
};

// Not process.exit: what was written to a pipe would be cut off.
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
