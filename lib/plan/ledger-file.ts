import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LedgerFault } from '../model';
import { Refusal } from '../refusal';
import { type Ledger, printLedger } from './ledger';
import { parseLedger } from './ledger-parse';

/** That the ledger could not be written; what was there is untouched. */
export class LedgerNotWritten extends Refusal {
  public constructor(
    public readonly file: string,
    problem: string,
    fix: string,
  ) {
    super(problem, fix);
  }
}

/** The ledger in the file; undefined if there is none yet. */
export function readLedgerFile(file: string, partition: string | undefined): Ledger | LedgerFault | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return parseLedger(text, { file, partition });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return {
      file,
      problem: `the ledger cannot be read: ${messageOf(error)}`,
      fix: 'make it a text file that this user may read',
    };
  }
}

/**
 * Writes the ledger so that a reader sees the old text or the new one, whenever this process is killed. Returns false
 * if the text is there already; then the file is not touched.
 */
export function writeLedgerFile(file: string, ledger: Ledger): boolean {
  const text = printLedger(ledger);
  try {
    const target = followLinks(file);
    if (tryRead(target) === text) return false;
    mkdirSync(dirname(target), { recursive: true });
    replace(target, text);
    return true;
  } catch (error) {
    throw new LedgerNotWritten(
      file,
      `the ledger cannot be written to ${file}: ${messageOf(error)}`,
      'let this user write to that folder; without its ledger the next synth would give other numbers',
    );
  }
}

/** A new file beside the old one, on the disk before it takes the name. What a killed run leaves is never read. */
function replace(target: string, text: string): void {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeDurably(temporary, text);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx');
  try {
    writeWhole(descriptor, Buffer.from(text));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A single write may be cut short, by a full disk for one. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

/** Renaming onto a symbolic link would replace the link and leave the ledger behind it as it was. */
function followLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return file;
    throw error;
  }
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

// Not by instanceof: an error of node may come from another realm, as it does in jest.
const codeOf = (error: unknown): unknown => (isObject(error) && 'code' in error ? error.code : undefined);
const messageOf = (error: unknown): string =>
  isObject(error) && 'message' in error ? String(error.message) : String(error);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
