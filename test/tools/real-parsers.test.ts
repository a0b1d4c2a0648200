import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Verdict,
  checkFrr,
  checkInterfaces,
  checkNftables,
  checkShell,
  describeWithRealParsers,
} from '../../tools/real-parsers';

interface Table {
  readonly check: (files: readonly string[]) => Verdict[];
  /** Each is accepted by every version at hand. */
  readonly holds: Readonly<Record<string, readonly string[]>>;
  /** Each is refused by at least one tool of every release, in these words. */
  readonly breaks: Readonly<Record<string, { readonly text: readonly string[]; readonly words: string }>>;
}

const neighbor = ['router bgp 65000', ' neighbor 192.0.2.1 remote-as 65001', 'exit', '!'];

const tables: Readonly<Record<string, Table>> = {
  'frr.conf': {
    check: checkFrr,
    holds: {
      'with a neighbor': neighbor,
      'with a log file, which is not bgpd’s to open here': ['log file /var/log/frr/frr.log informational', ...neighbor],
      'with blocks of other daemons before the BGP instance': [
        'vrf blue',
        ' vni 100',
        'exit-vrf',
        '!',
        'bfd',
        ' profile fast',
        '  detect-multiplier 3',
        ' exit',
        'exit',
        '!',
        ...neighbor,
      ],
    },
    breaks: {
      'an unknown command': { text: ['frobnicate 1', ...neighbor], words: 'Unknown command' },
      'an unfinished command': { text: ['router bgp 65000', ' neighbor'], words: 'incomplete' },
      'a VNI of 25 bits': { text: ['vrf blue', ' vni 33554432', 'exit-vrf'], words: 'Unknown command' },
      'a prefix longer than an address': {
        text: ['ip prefix-list A seq 5 permit 10.0.0.0/33'],
        words: 'Unknown command',
      },
      'le below the prefix length': {
        text: ['ip prefix-list A seq 5 permit 10.0.0.0/24 le 8'],
        words: 'Invalid prefix range',
      },
      'a neighbor without an AS': {
        text: ['router bgp 65000', ' neighbor 192.0.2.1 timers 3 9', 'exit'],
        words: 'Specify remote-as or peer-group',
      },
      'a neighbor without an AS, after blocks of other daemons': {
        text: [
          'bfd',
          ' profile fast',
          ' exit',
          'exit',
          '!',
          'router bgp 65000',
          ' neighbor 192.0.2.1 timers 3 9',
          'exit',
        ],
        words: 'Specify remote-as or peer-group',
      },
      'a second instance of another AS': { text: [...neighbor, 'router bgp 65001', 'exit'], words: 'AS is 65000' },
      nothing: { text: [], words: 'empty' },
    },
  },
  'nftables.conf': {
    check: checkNftables,
    holds: {
      'with a table': [
        'table inet fw',
        'delete table inet fw',
        'table inet fw {',
        '  chain c {',
        '    accept',
        '  }',
        '}',
      ],
      'with a VRF that this machine does not have': [
        'table inet fw {',
        '  chain c {',
        '    iifname "vrf1001" drop',
        '  }',
        '}',
      ],
    },
    breaks: {
      'a syntax error': {
        text: ['table inet fw {', '  chain c {', '    frobnicate', '  }', '}'],
        words: 'syntax error',
      },
      'a jump to nowhere': {
        text: ['table inet fw {', '  chain c {', '    jump nowhere', '  }', '}'],
        words: 'No such file',
      },
      'an unknown counter': {
        text: ['table inet fw {', '  chain c {', '    counter name nothing', '  }', '}'],
        words: 'No such file',
      },
      'snat in a filter chain, which only the kernel refuses': {
        text: [
          'table inet fw {',
          '  chain c {',
          '    type filter hook forward priority 0; snat ip to 192.0.2.1',
          '  }',
          '}',
        ],
        words: 'not supported',
      },
      nothing: { text: [], words: 'empty' },
    },
  },
  interfaces: {
    check: checkInterfaces,
    holds: {
      'with a bridge, a VXLAN and a VRF': [
        'auto vrf1001',
        'iface vrf1001',
        '    vrf-table 1001',
        'auto bridge',
        'iface bridge',
        '    bridge-ports vni1001',
        '    bridge-vlan-aware yes',
        'auto vni1001',
        'iface vni1001',
        '    vxlan-id 1001',
        '    vxlan-local-tunnelip 10.0.0.1',
        '    bridge-access 1001',
      ],
    },
    breaks: {
      'an unknown attribute': { text: ['auto swp1', 'iface swp1', '    frobnicate 1'], words: 'unsupported keyword' },
      'an unknown stanza': { text: ['auto swp1', 'ifac swp1'], words: 'error processing line' },
      'an attribute without value': { text: ['auto swp1', 'iface swp1', '    mtu'], words: 'invalid syntax' },
      'a wrong address': { text: ['auto swp1', 'iface swp1', '    address 10.0.0.300/24'], words: 'invalid value' },
      'an MTU out of range': { text: ['auto swp1', 'iface swp1', '    mtu 99999'], words: 'of out range' },
      'a name of more than 15 characters': {
        text: ['auto abcdefghijklmnop', 'iface abcdefghijklmnop', '    mtu 9000'],
        words: 'too long',
      },
      nothing: { text: [], words: 'empty' },
    },
  },
  'shell program': {
    check: checkShell,
    holds: { 'that quotes what it is given': ['#!/bin/sh', 'echo "$1"'] },
    breaks: {
      'an argument that is split': { text: ['#!/bin/sh', 'rm $1'], words: 'SC2086' },
      'what sh does not have': { text: ['#!/bin/sh', '[[ -f "$1" ]]'], words: 'SC3010' },
      'a syntax error': { text: ['#!/bin/sh', 'if true; then'], words: 'SC1073' },
      nothing: { text: [], words: 'empty' },
    },
  },
};

describeWithRealParsers('the real parsers', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'real parsers '));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (kind: string, texts: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(texts).map(([name, text]) => {
      const file = join(folder, `${kind} ${name.replaceAll('/', '-')}`);
      writeFileSync(file, text.map((line) => `${line}\n`).join(''));
      return file;
    });

  for (const [kind, { check, holds, breaks }] of Object.entries(tables)) {
    test(`accept a ${kind} ${Object.keys(holds).join('; ')}`, () => {
      const verdicts = check(write(kind, holds));
      expect(verdicts.length).toBeGreaterThanOrEqual(Object.keys(holds).length);
      expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    });

    test(`refuse a ${kind} with ${Object.keys(breaks).join('; ')}`, () => {
      const files = write(kind, Object.fromEntries(Object.entries(breaks).map(([name, { text }]) => [name, text])));
      const verdicts = check(files);
      const releases = new Set(verdicts.map(({ parser }) => parser.replace(/.*\((.*)\)/, '$1')));
      Object.entries(breaks).forEach(([name, { words }], index) => {
        for (const release of releases) {
          const said = verdicts.filter((one) => one.file === files[index] && one.parser.includes(release) && !one.ok);
          expect([name, release, said.map(({ output }) => output).join('\n')]).toEqual([
            name,
            release,
            expect.stringContaining(words),
          ]);
        }
      });
    });
  }

  test('shellcheck has nothing to say of our own shell programs', () => {
    const programs = ['.ci', 'lib', 'tools'].flatMap(filesBelow).filter(isShell);
    const verdicts = checkShell(programs);
    expect(programs).toContain(join(ROOT, 'lib', 'apply', 'on-device', 'metal-fabric-device'));
    expect(verdicts.length).toBeGreaterThanOrEqual(programs.length);
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
  });
});

const ROOT = resolve(__dirname, '..', '..');

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(ROOT, folder, name))
    .filter((file) => statSync(file).isFile());

const isShell = (file: string): boolean => file.endsWith('.sh') || readFileSync(file, 'utf8').startsWith('#!/bin/sh\n');
