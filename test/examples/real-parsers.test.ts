import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { manifestSchema, PROOF_FILE } from '../../lib/manifest';
import {
  checkFrr,
  checkInterfaces,
  checkNftables,
  describeWithRealParsers,
  type Verdict,
} from '../language/real-parsers';
import { multipleConsumers } from './fabrics';
import { changedFiles, filesBelow, readTree } from './files';
import { GOLDEN } from './golden';

const golden = filesBelow(GOLDEN);
const named = (name: string): readonly string[] => golden.filter((file) => basename(file) === name);

/** Every file was looked at by this many parsers, and not one of them minded. */
function expectAccepted(verdicts: readonly Verdict[], files: readonly string[], parsers: number): void {
  expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
  expect(new Set(verdicts.map(({ parser }) => parser)).size).toBe(parsers);
  expect(verdicts.length).toBe(files.length * parsers);
}

/** One of several files that differ in names and numbers only says as much as all of them. */
function oneOfEachShape(files: readonly string[], texts: ReadonlyMap<string, string>): readonly string[] {
  const shapeOf = (file: string): string =>
    (texts.get(relative(GOLDEN, file)) ?? '')
      .replace(/^[!#].*$/gm, '')
      .replace(/[0-9a-f]*\d[0-9a-f:.]*/g, '0')
      .replace(/hostname .*/, '');
  return [...new Map(files.map((file) => [shapeOf(file), file])).values()];
}

describeWithRealParsers('the golden files', () => {
  const texts = readTree(GOLDEN);

  test('are those that the fabric.json files name', () => {
    const devices = named('fabric.json').flatMap(
      (file) => manifestSchema.parse(JSON.parse(texts.get(relative(GOLDEN, file))!)).devices,
    );
    const count = (name: string): number =>
      devices.filter(({ files }) => files.some((file) => file.name === name)).length;
    expect(named('fabric.json').length).toBe(7);
    expect(devices.length).toBeGreaterThan(55);
    for (const name of ['frr.conf', 'interfaces', 'nftables.conf'])
      expect([name, named(name).length]).toEqual([name, count(name)]);
  });

  test('frr.conf is accepted by the FRR it is written for', () => {
    const files = oneOfEachShape(named('frr.conf'), texts);
    expect(files.length).toBeGreaterThan(15);
    expectAccepted(checkFrr(files), files, 2);
  }, 120_000);

  test('nftables.conf is accepted by every nftables', () => {
    expectAccepted(checkNftables(named('nftables.conf')), named('nftables.conf'), 2);
  }, 60_000);

  test('interfaces is accepted by every ifupdown2', () => {
    expectAccepted(checkInterfaces(named('interfaces')), named('interfaces'), 2);
  }, 60_000);
});

describe('multiple-consumers for another release of FRR', () => {
  let folder: string;
  const outdirOf = (release: string): string => join(folder, release);
  const devicesOf = (release: string): ReadonlyMap<string, string> =>
    readTree(join(outdirOf(release), 'stacks', 'fra-equ01', 'fabric', 'fra-equ01'));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'releases-'));
    for (const frrVersion of ['8.4', '9.1', '10.3']) {
      multipleConsumers(outdirOf(frrVersion), {
        frrVersion,
        ledgerDirectory: join(folder, `lock-${frrVersion}`),
      }).synth();
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('of 10.3 is what the example writes', () => {
    expect(
      changedFiles(devicesOf('10.3'), readTree(join(GOLDEN, 'multiple-consumers', 'fra-equ01', 'fabric', 'fra-equ01'))),
    ).toEqual([]);
  });

  test('of 9.1 differs by the line of the version only', () => {
    const files = devicesOf('9.1');
    for (const [file, text] of devicesOf('8.4')) {
      // These hold the hash of what does.
      if (file === PROOF_FILE || file === 'fabric.json' || file.endsWith('/device.list')) continue;
      expect([file, files.get(file)]).toEqual([file, text.replace('frr version 8.4\n', 'frr version 9.1\n')]);
    }
  });

  test('of 10.3 filters what firewalls say by prefix, and nothing but frr.conf differs', () => {
    const changed = changedFiles(devicesOf('8.4'), devicesOf('10.3'));
    expect(new Set(changed.map((file) => basename(file)))).toEqual(
      new Set([PROOF_FILE, 'device.list', 'fabric.json', 'frr.conf']),
    );
    const leaf = devicesOf('10.3').get('rack2-leaf1/frr.conf')!;
    expect(leaf).not.toContain('local-preference');
    expect(leaf).toContain(' match ip address prefix-list swp2-vni10001\n');
    expect(leaf).toContain(' no bgp enforce-first-as\n');
  });

  describeWithRealParsers('the real parsers', () => {
    test('accept that of 10.3, on FRR 10.3 only', () => {
      const files = oneOfEachRole('10.3');
      expectAccepted(checkFrr(files), files, 2);
      expect(checkFrr(files).every(({ parser }) => /^\w+ 10\.3/.test(parser))).toBe(true);
    }, 60_000);

    test('accept that of 8.4, on FRR 8.4 and 10.3', () => {
      const files = oneOfEachRole('8.4');
      expectAccepted(checkFrr(files), files, 4);
    }, 60_000);

    test('accept that of 9.1, on FRR 8.4 and 10.3', () => {
      const files = oneOfEachRole('9.1');
      expectAccepted(checkFrr(files), files, 4);
    }, 60_000);
  });

  function oneOfEachRole(release: string): readonly string[] {
    const files = filesBelow(outdirOf(release)).filter((file) => basename(file) === 'frr.conf');
    const wanted = ['spine1', 'rack1-leaf1', 'rack2-leaf1', 'border1', 'blue-fw', 'blue-1'];
    const found = files.filter((file) => wanted.includes(basename(dirname(file))));
    expect(found.length).toBe(wanted.length);
    return found;
  }
});
