import fc from 'fast-check';
import { emptyLedger, isLedgerFault, type Ledger, parseLedger, type PoolRecord, printLedger } from '../../lib/plan';

const SAMPLE: Ledger = {
  ...emptyLedger('fra'),
  revision: 7,
  shared: ['storage'],
  pools: {
    vni: {
      given: { red: 10_000, blue: 10_001 },
      freed: [
        { value: 10_002, holder: 'old', revision: 3 },
        { value: 10_003, holder: 'blue', revision: 7, renumbered: true },
      ],
    },
    'prefix ipv4': { given: { blue: '10.128.0.0/22', red: '10.128.4.0/22' }, freed: [] },
  },
  routers: { 'internet/isp1': 'border1' },
};

const SAMPLE_TEXT = `{
  "format": "cdktf-metal-fabric/ledger",
  "partition": "fra",
  "pools": {
    "prefix ipv4": {
      "freed": [],
      "given": {
        "blue": "10.128.0.0/22",
        "red": "10.128.4.0/22"
      }
    },
    "vni": {
      "freed": [
        { "holder": "old", "revision": 3, "value": 10002 },
        { "holder": "blue", "renumbered": true, "revision": 7, "value": 10003 }
      ],
      "given": {
        "blue": 10001,
        "red": 10000
      }
    }
  },
  "revision": 7,
  "routers": {
    "internet/isp1": "border1"
  },
  "shared": [
    "storage"
  ],
  "version": 1
}
`;

const parse = (text: string, partition: string | undefined = 'fra') =>
  parseLedger(text, { file: 'fra.json', partition });

test('is printed with sorted keys, an entry a line', () => {
  expect(printLedger(SAMPLE)).toBe(SAMPLE_TEXT);
});

test('is read as it was printed', () => {
  expect(parse(SAMPLE_TEXT)).toEqual(SAMPLE);
  expect(parse(SAMPLE_TEXT, undefined)).toEqual(SAMPLE);
});

test('holders are names as any other, also where JavaScript has plans for them', () => {
  const text = SAMPLE_TEXT.replace('"blue": 10001', '"constructor": 10001');
  expect(printLedger(parse(text) as Ledger)).toBe(text);
});

const RESTORE = 'restore the file from version control; never delete it, or numbers in use are given again';

const replaced = (from: string, to: string): string => {
  const text = SAMPLE_TEXT.replace(from, to);
  if (text === SAMPLE_TEXT) throw new Error(`"${from}" is not in the sample`);
  return text;
};

test.each<[string, string, string, string]>([
  ['no JSON', SAMPLE_TEXT.slice(0, 100), 'the ledger is damaged: it is no JSON', RESTORE],
  ['an empty file', '', 'the ledger is damaged: it is no JSON', RESTORE],
  [
    'a merge that was left half-way',
    replaced('  "revision": 7', '<<<<<<< HEAD\n  "revision": 7\n=======\n  "revision": 8\n>>>>>>> topic'),
    'the ledger holds the marks of a merge conflict',
    'take the side that is deployed, then synthesize again',
  ],
  [
    'a foreign format',
    '{"version": 4, "terraform_version": "1.9.0"}',
    'the file is no ledger: it lacks "format": "cdktf-metal-fabric/ledger"',
    'name the file of a ledger, or restore it',
  ],
  [
    'JSON that is no object',
    'null',
    'the file is no ledger: it lacks "format": "cdktf-metal-fabric/ledger"',
    'name the file of a ledger, or restore it',
  ],
  [
    'a newer version',
    '{"format": "cdktf-metal-fabric/ledger", "version": 2, "whatever": true}',
    'the ledger has version 2, and this release of cdktf-metal-fabric reads version 1',
    'upgrade cdktf-metal-fabric to the release that wrote the ledger',
  ],
  [
    "another partition's file",
    replaced('"partition": "fra"', '"partition": "muc"'),
    'the ledger belongs to partition "muc", not to "fra"',
    'restore the file of "fra"; a partition that is to be renamed keeps its numbers if "partition" in the file is changed too',
  ],
  [
    'a version that is none',
    replaced('"version": 1', '"version": "1"'),
    'the ledger is damaged: version: Invalid input: expected 1',
    RESTORE,
  ],
  [
    'a missing key',
    replaced('  "revision": 7,\n', ''),
    'the ledger is damaged: revision: Invalid input: expected number, received undefined',
    RESTORE,
  ],
  [
    'a key of nobody',
    replaced('"version": 1', '"version": 1, "x": 1'),
    'the ledger is damaged: Unrecognized key: "x"',
    RESTORE,
  ],
  [
    'a fraction',
    replaced('10001', '10001.5'),
    'the ledger is damaged: pools › vni › given › blue: is neither a number nor a text',
    RESTORE,
  ],
  [
    'a name with control characters',
    replaced('"storage"', '"\\u001b[2J"'),
    'the ledger is damaged: shared › 0: is no name',
    RESTORE,
  ],
  ['a pool of nobody', replaced('"vni":', '"vnis":'), 'the ledger is damaged: there is no pool "vnis"', RESTORE],
  [
    'an address for a VNI',
    replaced('10001', '"10.0.0.1"'),
    'the ledger is damaged: "10.0.0.1" of "blue" is no value of pool "vni"',
    RESTORE,
  ],
  [
    'host bits',
    replaced('10.128.4.0/22', '10.128.4.1/22'),
    'the ledger is damaged: "10.128.4.1/22" of "red" is no value of pool "prefix ipv4"',
    RESTORE,
  ],
  [
    'a number that two hold, as two branches that were merged give',
    replaced('"blue": 10001', '"blue": 10000'),
    'the ledger is damaged: pool "vni" has 10000 twice, for "blue" and for "red"',
    'remove the entry of the one that is not deployed; it is given another number at the next synth',
  ],
  [
    'a number that is held and in quarantine',
    replaced('"value": 10002', '"value": 10001'),
    'the ledger is damaged: pool "vni" has 10001 twice, for "blue" and for "old"',
    'remove the entry of the one that is not deployed; it is given another number at the next synth',
  ],
  [
    'a number that is twice in quarantine',
    replaced('"value": 10002', '"value": 10003'),
    'the ledger is damaged: pool "vni" has 10003 twice, for "old" and for "blue"',
    'remove the entry of the one that is not deployed; it is given another number at the next synth',
  ],
  [
    'prefixes that overlap',
    replaced('10.128.4.0/22', '10.128.2.0/24'),
    'the ledger is damaged: pool "prefix ipv4" has 10.128.0.0/22 and 10.128.2.0/24, which overlap, for "blue" and for "red"',
    'remove the entry of the one that is not deployed; it is given another number at the next synth',
  ],
])('%s is refused', (_, text, problem, fix) => {
  expect(parse(text)).toEqual({ file: 'fra.json', problem, fix });
});

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);

const pools: fc.Arbitrary<Ledger['pools']> = fc
  .record({
    vni: recordOf(fc.integer({ min: 1, max: 16_777_215 })),
    'vlan leaf1': recordOf(fc.integer({ min: 2, max: 4094 })),
    loopback: recordOf(fc.ipV4()),
    'address storage ipv4': recordOf(fc.ipV4()),
    'prefix ipv4': recordOf(fc.nat({ max: 65_535 }).map((number) => `10.${number >> 8}.${number & 255}.0/24`)),
  })
  .map((all) => ({ ...all }));

function recordOf(values: fc.Arbitrary<number | string>): fc.Arbitrary<PoolRecord> {
  return fc
    .uniqueArray(fc.tuple(names, values, fc.integer({ min: 1, max: 9 }), fc.boolean()), {
      selector: ([, value]) => value,
      maxLength: 8,
    })
    .map((entries) => {
      const given = new Map<string, number | string>();
      const freed: PoolRecord['freed'][number][] = [];
      for (const [holder, value, revision, isGiven] of entries) {
        if (isGiven && !given.has(holder)) given.set(holder, value);
        else freed.push({ value, holder, revision, ...(revision === 9 ? { renumbered: true as const } : {}) });
      }
      return { given: Object.fromEntries(given), freed };
    });
}

test('parse(print(ledger)) = ledger', () => {
  let entries = 0;
  fc.assert(
    fc.property(pools, names, fc.uniqueArray(names), fc.nat(), (some, partition, shared, revision) => {
      const ledger: Ledger = { ...emptyLedger(partition), revision, shared: [...shared].sort(), pools: some };
      const read = parseLedger(printLedger(ledger), { file: 'x', partition });
      expect(read).toEqual(ledger);
      expect(isLedgerFault(read)).toBe(false);
      expect(printLedger(read as Ledger)).toBe(printLedger(ledger));
      entries += Object.values(some).reduce(
        (sum, { given, freed }) => sum + Object.keys(given).length + freed.length,
        0,
      );
    }),
  );
  expect(entries).toBeGreaterThan(500);
});
