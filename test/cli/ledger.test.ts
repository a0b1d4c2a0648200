import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/program';
import { emptyLedger, type Ledger, printLedger } from '../../lib/plan';

const LEDGER: Ledger = {
  ...emptyLedger('fra'),
  revision: 3,
  shared: ['storage'],
  pools: {
    vni: { given: { blue: 10_001 }, freed: [{ value: 10_000, holder: 'old', revision: 2 }] },
    'address storage ipv4': {
      given: { nvme: '10.128.0.10' },
      freed: [{ value: '10.128.0.1', holder: 'x', revision: 1 }],
    },
  },
  routers: { 'internet/isp1': 'border1' },
};

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  file = join(folder, 'fra.json');
  writeFileSync(file, printLedger(LEDGER));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function metalFabric(...words: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await run(words, {
    out: (text) => void (said.out += text.toString()),
    err: (text) => void (said.err += text.toString()),
  });
  return { code, ...said };
}

const text = (): string => readFileSync(file, 'utf8');
const ledger = (): Ledger => JSON.parse(text()) as Ledger;

test('show draws tables', async () => {
  expect(await metalFabric('ledger', 'show', file)).toEqual({
    code: 0,
    err: '',
    out: `partition fra, revision 3

given
┌──────────────────────┬────────┬─────────────┐
│ pool                 │ holder │ value       │
├──────────────────────┼────────┼─────────────┤
│ address storage ipv4 │ nvme   │ 10.128.0.10 │
├──────────────────────┼────────┼─────────────┤
│ vni                  │ blue   │ 10001       │
└──────────────────────┴────────┴─────────────┘

in quarantine
┌──────────────────────┬─────────────┬────────────┬────────────────┐
│ pool                 │ last holder │ value      │ since revision │
├──────────────────────┼─────────────┼────────────┼────────────────┤
│ address storage ipv4 │ x           │ 10.128.0.1 │ 1              │
├──────────────────────┼─────────────┼────────────┼────────────────┤
│ vni                  │ old         │ 10000      │ 2              │
└──────────────────────┴─────────────┴────────────┴────────────────┘

routers
┌───────────────┬─────────────┐
│ router        │ border leaf │
├───────────────┼─────────────┤
│ internet/isp1 │ border1     │
└───────────────┴─────────────┘

shared once
┌─────────┐
│ network │
├─────────┤
│ storage │
└─────────┘
`,
  });
});

test('show --json prints the ledger', async () => {
  expect(await metalFabric('ledger', 'show', '--json', file)).toEqual({ code: 0, err: '', out: printLedger(LEDGER) });
});

test('renumber takes a number back, and writes nothing but the ledger', async () => {
  expect(await metalFabric('ledger', 'renumber', file, 'vni', 'blue')).toEqual({
    code: 0,
    err: '',
    out: 'vni of "blue": 10001 was taken back; the next synth gives another one, unless the app fixes it\n',
  });
  expect(ledger().pools['vni']).toEqual({
    given: {},
    freed: [
      { value: 10_000, holder: 'old', revision: 2 },
      { value: 10_001, holder: 'blue', revision: 4, renumbered: true },
    ],
  });
  expect(readdirSync(folder)).toEqual(['fra.json']);
});

test('renumber --json', async () => {
  const { code, out } = await metalFabric('ledger', 'renumber', file, 'address storage ipv4', 'nvme', '--json');
  expect([code, JSON.parse(out)]).toEqual([
    0,
    { pool: 'address storage ipv4', holder: 'nvme', freed: '10.128.0.10', revision: 4 },
  ]);
});

test('release frees one, a pool, or all', async () => {
  const one = await metalFabric('ledger', 'release', file, 'vni', '10000');
  expect(one).toEqual({ code: 0, err: '', out: 'vni: 10000, last of "old", is free again\n' });
  expect(ledger().pools['vni']).toEqual({ given: { blue: 10_001 }, freed: [] });
  const rest = await metalFabric('ledger', 'release', '--json', file);
  expect(JSON.parse(rest.out)).toEqual({
    released: [{ pool: 'address storage ipv4', value: '10.128.0.1', holder: 'x', revision: 1 }],
  });
  expect(await metalFabric('ledger', 'release', file)).toEqual({ code: 0, err: '', out: 'nothing is in quarantine\n' });
  expect(ledger().revision).toBe(5);
});

test.each<[string, readonly string[], string]>([
  [
    'a holder that has nothing',
    ['renumber', 'FILE', 'vni', 'green'],
    'error: FILE has no "green" in a pool "vni"\n    fix: see metal-fabric ledger show FILE\n',
  ],
  [
    'a pool that is none',
    ['renumber', 'FILE', 'vnis', 'blue'],
    'error: FILE has no "blue" in a pool "vnis"\n    fix: see metal-fabric ledger show FILE\n',
  ],
  [
    'a value that is not in quarantine',
    ['release', 'FILE', 'vni', '10001'],
    'error: FILE has no 10001 of pool "vni" in quarantine\n    fix: see metal-fabric ledger show FILE\n',
  ],
  [
    'a pool without quarantine',
    ['release', 'FILE', 'asn'],
    'error: FILE has nothing of pool "asn" in quarantine\n    fix: see metal-fabric ledger show FILE\n',
  ],
  [
    'a file that is not there',
    ['show', 'FILE.not'],
    'error: there is no FILE.not\n    fix: name the ledger of a partition, fabric.lock/<partition>.json\n',
  ],
])('%s is refused with code 1, and nothing is changed', async (_, words, err) => {
  const before = text();
  const filled = words.map((word) => word.replace('FILE', file));
  expect(await metalFabric('ledger', ...filled)).toEqual({ code: 1, out: '', err: err.replaceAll('FILE', file) });
  expect(text()).toBe(before);
});

test.each([
  ['show', []],
  ['renumber', ['vni', 'blue']],
  ['release', []],
])('%s of a damaged ledger is refused with code 1, and leaves it as it is', async (command, words) => {
  writeFileSync(file, text().slice(0, 50));
  const before = text();
  expect(await metalFabric('ledger', command, file, ...words)).toEqual({
    code: 1,
    out: '',
    err: `error: ${file}: the ledger is damaged: it is no JSON\n    fix: restore the file from version control; never delete it, or numbers in use are given again\n`,
  });
  expect(text()).toBe(before);
});

test('a ledger that cannot be written is refused with code 1', async () => {
  // The name of the temporary file is too long for the folder, as it would be for a full disk: for root too.
  const long = join(folder, `${'x'.repeat(240)}.json`);
  writeFileSync(long, printLedger(LEDGER));
  const { code, out, err } = await metalFabric('ledger', 'renumber', long, 'vni', 'blue');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(
    /^error: the ledger cannot be written to .*ENAMETOOLONG.*\n {4}fix: let this user write to that folder/,
  );
  expect(readFileSync(long, 'utf8')).toBe(printLedger(LEDGER));
});

test('a folder is no ledger', async () => {
  mkdirSync(join(folder, 'dir'));
  expect((await metalFabric('ledger', 'show', join(folder, 'dir'))).code).toBe(1);
});

test.each([
  [['ledger', 'show']],
  [['ledger', 'renumber', 'x.json', 'vni']],
  [['ledger', 'show', 'a', 'b']],
  [['ledger', 'show', '--yaml', 'a']],
  [['ledger', 'eat', 'a']],
  [['leger']],
  [['ledger']],
  [[]],
])('%j is not understood: code 2', async (words) => {
  const { code, out, err } = await metalFabric(...words);
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toBe('');
});

test.each([
  [['--help'], 'ledger'],
  [['ledger', '--help'], 'renumber'],
  [['ledger', 'show', '--help'], '  metal-fabric ledger show fabric.lock/fra-equ01.json\n'],
  [
    ['ledger', 'renumber', '--help'],
    "  metal-fabric ledger renumber fabric.lock/fra-equ01.json 'address storage ipv4' nvme-1\n",
  ],
  [['ledger', 'release', '--help'], '  metal-fabric ledger release fabric.lock/fra-equ01.json vni 10007\n'],
])('%j helps, with examples', async (words, part) => {
  const { code, out, err } = await metalFabric(...words);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(part);
});
