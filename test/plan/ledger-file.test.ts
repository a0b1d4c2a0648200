import fs, {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyLedger, LedgerNotWritten, printLedger, readLedgerFile, writeLedgerFile } from '../../lib/plan';

const ledger = { ...emptyLedger('fra'), revision: 1, pools: { vni: { given: { blue: 10_000 }, freed: [] } } };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  file = join(folder, 'fabric.lock', 'fra.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was written is read', () => {
  expect(writeLedgerFile(file, ledger)).toBe(true);
  expect(readLedgerFile(file, 'fra')).toEqual(ledger);
  expect(readdirSync(join(folder, 'fabric.lock'))).toEqual(['fra.json']);
});

test('no file is no ledger', () => {
  expect(readLedgerFile(file, 'fra')).toBeUndefined();
});

test('the same text is not written again', () => {
  writeLedgerFile(file, ledger);
  const { ino, mtimeMs } = statSync(file);
  expect(writeLedgerFile(file, ledger)).toBe(false);
  expect([statSync(file).ino, statSync(file).mtimeMs]).toEqual([ino, mtimeMs]);
});

test('a new text takes the place of the old one as a whole', () => {
  writeLedgerFile(file, ledger);
  const { ino } = statSync(file);
  expect(writeLedgerFile(file, { ...ledger, revision: 2 })).toBe(true);
  // Another file under the name: a reader that has the old one open still reads it to its end.
  expect(statSync(file).ino).not.toBe(ino);
  expect(readLedgerFile(file, 'fra')).toEqual({ ...ledger, revision: 2 });
});

test('what a killed run left beside it does not matter', () => {
  writeLedgerFile(file, ledger);
  const leftover = join(folder, 'fabric.lock', '.fra.json.0123456789ab.tmp');
  writeFileSync(leftover, printLedger(ledger).slice(0, 40));
  expect(readLedgerFile(file, 'fra')).toEqual(ledger);
  expect(writeLedgerFile(file, { ...ledger, revision: 2 })).toBe(true);
  expect(readLedgerFile(file, 'fra')).toEqual({ ...ledger, revision: 2 });
  expect(readFileSync(leftover, 'utf8')).toHaveLength(40);
});

test('a symbolic link still leads to the ledger', () => {
  const real = join(folder, 'real.json');
  writeLedgerFile(real, ledger);
  const link = join(folder, 'link.json');
  symlinkSync(real, link);
  writeLedgerFile(link, { ...ledger, revision: 2 });
  expect(readLedgerFile(real, 'fra')).toEqual({ ...ledger, revision: 2 });
});

test('a folder that cannot be written is said so, and nothing is left behind', () => {
  // A file where the folder should be: that holds for root too, who may write anywhere.
  writeFileSync(join(folder, 'fabric.lock'), '');
  expect(() => writeLedgerFile(file, ledger)).toThrow(LedgerNotWritten);
  expect(() => writeLedgerFile(file, ledger)).toThrow(
    /^the ledger cannot be written to .*fra\.json: E\w+: .*; let this user write to that folder; without its ledger the next synth would give other numbers$/,
  );
});

test('a write that fails at its last step leaves the old text, and no other file', () => {
  writeLedgerFile(file, ledger);
  const rename = jest.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw new Error('EIO: the disk is gone');
  });
  expect(() => writeLedgerFile(file, { ...ledger, revision: 2 })).toThrow(/EIO: the disk is gone/);
  expect(rename).toHaveBeenCalledTimes(1);
  rename.mockRestore();
  expect(readLedgerFile(file, 'fra')).toEqual(ledger);
  expect(readdirSync(join(folder, 'fabric.lock'))).toEqual(['fra.json']);
});

test('a file that cannot take the place of the old one is removed', () => {
  mkdirSync(join(file, 'in-the-way'), { recursive: true });
  expect(() => writeLedgerFile(file, ledger)).toThrow(LedgerNotWritten);
  expect(readdirSync(join(folder, 'fabric.lock'))).toEqual(['fra.json']);
});

const asRoot = process.getuid?.() === 0;
(asRoot ? test.skip : test)('a folder without permission is said so', () => {
  mkdirSync(join(folder, 'fabric.lock'));
  chmodSync(join(folder, 'fabric.lock'), 0o500);
  expect(() => writeLedgerFile(file, ledger)).toThrow(/EACCES/);
});

test('what is no text file is refused with that sentence', () => {
  mkdirSync(file, { recursive: true });
  expect(readLedgerFile(file, 'fra')).toMatchObject({
    file,
    problem: expect.stringMatching(/^the ledger cannot be read: EISDIR/) as string,
  });
});

test('what is no UTF-8 is refused', () => {
  mkdirSync(join(folder, 'fabric.lock'));
  writeFileSync(file, Buffer.from([0x7b, 0xff, 0xfe]));
  expect(readLedgerFile(file, 'fra')).toMatchObject({
    problem: expect.stringMatching(/^the ledger cannot be read: /) as string,
  });
});
