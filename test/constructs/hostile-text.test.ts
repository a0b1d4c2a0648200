import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, LocalBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import fc from 'fast-check';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  Switch,
  SwitchRole,
  Target,
} from 'cdktf-metal-fabric';
import { readTree } from '../examples/files';
import {
  checkFrr,
  checkInterfaces,
  checkNftables,
  describeWithRealParsers,
  type Verdict,
} from '../language/real-parsers';
import { describeWithTerraform, Terraform } from '../terraform/terraform';
import { findingsOf, Scratch } from './app';

// No text of a user reaches a device or Terraform as anything but a comment. Text that could is refused.

jest.setTimeout(120_000);

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** What ends a comment, a line, a block, a string or a template, in one of the languages that we write. */
const FRAGMENTS = [
  ...[
    '\n',
    '\r',
    '\r\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\v',
    '\f',
    '\0',
    '\u001b[2J',
    '\u202e',
    '\ufeff',
    '\u00ad',
    '\t',
  ],
  ...[
    '${path.root}',
    '%{ if true }',
    '$${x}',
    '%%{x}',
    '${',
    '%{',
    '}',
    '{',
    '"',
    "'",
    '`',
    '\\',
    '\\\n',
    '#',
    '!',
    ';',
    '$(touch pwned)',
  ],
  ...[
    'exit',
    'end',
    'iface evil',
    'auto evil',
    'up touch pwned',
    'no router bgp',
    'flush ruleset',
    'include "/etc/passwd"',
    'EOF',
  ],
  ...['ü', '漢字', '𝒳', '👩‍👩‍👧', '\ud800', ' ', 'a'.repeat(301), '漢'.repeat(200)],
] as const;

const hostileText = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ unit: 'binary', maxLength: 8 })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

/** Every text where a user may write one; without any, the same fabric. */
function declare(texts: readonly string[] | undefined): App {
  const text = (index: number): { readonly description?: string } =>
    texts === undefined ? {} : { description: texts[index % texts.length]! };
  const app = scratch.app();
  const fra = scratch.partition(app, 'fra', { ...text(0), spines: 1, switchPorts: 200 });
  const rack = new Rack(fra, 'rack', text(1));
  new Switch(fra, 'spine9', { role: SwitchRole.SPINE, ...text(2) });
  const internet = new ExternalNetwork(fra, 'internet', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes: ['0.0.0.0/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
    ...text(3),
  });
  const count = Math.max(texts?.length ?? 0, COUNT);
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue', ...text(4) });
  for (let index = 0; index < count; index += 1) {
    const network = new PrivateNetwork(fra, `net-${index}`, { project: 'blue', ...text(index) });
    new Machine(fra, `machine-${index}`, { rack, primaryNetwork: network, ...text(index) });
  }
  const flow = (index: number): Flow => {
    const plain = Flow.to('0.0.0.0/0').tcp(1000 + index);
    return texts === undefined ? plain : plain.comment(texts[index % texts.length]!);
  };
  new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue, ...text(5) }).connect(internet, {
    allow: Array.from({ length: count }, (_, index) => flow(index)),
  });
  return app;
}

/** So many different texts are tried at once. */
const COUNT = 40;

/** A file without its comment lines. Of fabric.json and Terraform's, the hashes of files with comments differ. */
function effectOf(file: string, text: string): string {
  const hashless = text.replace(/\b[0-9a-f]{64}\b/g, '<sha256>');
  return /\.json$/.test(file) ? hashless : hashless.replace(/^ *[!#].*\n/gm, '');
}

function effects(texts: readonly string[] | undefined): ReadonlyMap<string, string> {
  expect(findingsOf(declare(texts))).toEqual([]);
  return new Map([...readTree(scratch.folder)].map(([file, text]) => [file, effectOf(file, text)]));
}

/** Characters that no comment of ours holds: all that is not seen, and the backslash, which joins lines in ifupdown2. */
const FORBIDDEN = /[^\p{L}\p{N}\p{P}\p{S} \n]|\\(?!n)/u;

describe('descriptions and comments', () => {
  test('have no effect, whatever they say', () => {
    const plain = effects(undefined);
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: COUNT, maxLength: COUNT }), (texts) => {
        expect(effects(texts)).toEqual(plain);
        for (const [file, text] of readTree(join(scratch.out, 'stacks', 'fra', 'fabric', 'fra'))) {
          expect([file, FORBIDDEN.exec(text)]).toEqual([file, null]);
          // ifupdown2 would take the file for a template, and run what is in it.
          if (file.endsWith('/interfaces')) expect([file, text.includes('%')]).toEqual([file, false]);
          const longest = Math.max(
            ...text
              .split('\n')
              .filter((line) => /^ *[!#]/.test(line))
              .map((line) => line.length),
            0,
          );
          expect(longest).toBeLessThan(360);
        }
      }),
      { numRuns: 12, seed: 20261120 },
    );
  });

  describeWithRealParsers('the real parsers', () => {
    test('accept the files', () => {
      const texts = [...FRAGMENTS, ...fc.sample(hostileText, { numRuns: COUNT, seed: 7 })];
      expect(findingsOf(declare(texts))).toEqual([]);
      const files = readTree(join(scratch.out, 'stacks', 'fra', 'fabric', 'fra'));
      const remarks = [...files]
        .filter(([file]) => file.endsWith('/frr.conf'))
        .flatMap(([, text]) => text.match(/^!.+$/gm) ?? []);
      expect(new Set(remarks).size).toBeGreaterThan(COUNT);
      // All remarks before one configuration: as many texts, and one start of each parser.
      const frr = file('frr.conf', `${remarks.join('\n')}\n${files.get('blue-fw/frr.conf')!}`);
      expectAccepted(checkFrr([frr]), 2);
      expectAccepted(checkNftables([file('nftables.conf', files.get('blue-fw/nftables.conf')!)]), 2);
      expectAccepted(checkInterfaces([file('interfaces', files.get('rack-leaf1/interfaces')!)]), 2);
    });
  });
});

describe('names', () => {
  const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

  test('of things are labels of host names, or refused', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.stringMatching(/^[a-z0-9-]{1,70}$/)), (text) => {
        const app = scratch.app();
        const fra = scratch.partition(app, 'fra', { spines: 1 });
        const network = new PrivateNetwork(fra, 'net', { name: text, project: text });
        new Machine(fra, 'machine', {
          name: `m${text}`.slice(0, 70),
          rack: new Rack(fra, 'rack'),
          primaryNetwork: network,
        });
        const refused = findingsOf(app).filter((line) => line.includes(' library/names-fit-the-device: '));
        if (!NAME.test(text)) expect(refused.length).toBeGreaterThanOrEqual(2);
        for (const line of refused)
          expect(line).toMatch(/^fra\/fra\/(net|machine) library\/names-fit-the-device: (name|project): /);
      }),
      { numRuns: 60, seed: 20261120 },
    );
  });

  test('that are words of the languages are names all the same', () => {
    const words = [
      'exit',
      'end',
      'iface',
      'auto',
      'all',
      'any',
      'default',
      'no',
      'drop',
      'null',
      'lo',
      'vrf',
      'up',
      'current',
      'fabric',
    ];
    const app = scratch.app();
    const fra = scratch.partition(app, 'fra', { spines: 1 });
    const rack = new Rack(fra, 'rack');
    for (const word of words)
      new Machine(fra, word, {
        rack,
        primaryNetwork: new PrivateNetwork(fra, `net-${word}`, { name: word, project: word }),
      });
    expect(findingsOf(app)).toEqual([]);
  });
});

describe('interface names', () => {
  const words = ['exit', 'end', 'interface', 'peer-group', 'auto', 'iface'];
  /** The device has these already, or would not know which is meant. */
  const taken = ['lo', 'bridge', 'all', 'default', 'leaf', 'fabric', 'vrf10001', 'vlan10001', 'vni10001'];

  function synthesize(name: string, index = 0): readonly string[] {
    const app = scratch.app();
    const fra = scratch.partition(app, `fra${index}`, { spines: 1 });
    const rack = new Rack(fra, 'rack');
    const network = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'machine', { rack, primaryNetwork: network, interfaces: [name, 'lan1'] });
    new Firewall(fra, 'firewall', { rack, primaryNetwork: network, interfaces: [name, 'lan1'] });
    return findingsOf(app);
  }

  test.each(taken)('%s is refused: the device uses it itself', (name) => {
    expect(synthesize(name)).toEqual(
      ['firewall', 'machine'].map(
        (host) =>
          `fra0/fra0/${host} switch/interface-names-fit-the-device: interfaces[0]: "${name}" is a name that devices use themselves`,
      ),
    );
  });

  describeWithRealParsers('that are words of the languages', () => {
    test('are accepted by the real parsers', () => {
      words.forEach((word, index) => expect([word, synthesize(word, index)]).toEqual([word, []]));
      const files = [...readTree(scratch.out).keys()]
        .filter((name) => /\/(machine|firewall)\//.test(name))
        .map((name) => join(scratch.out, name));
      const named = (name: string): readonly string[] => files.filter((path) => path.endsWith(`/${name}`));
      expect(named('interfaces').length).toBe(2 * words.length);
      expectAccepted(checkFrr(named('frr.conf').filter((path) => path.includes('/firewall/'))), 2);
      expectAccepted(checkInterfaces(named('interfaces')), 2);
      expectAccepted(checkNftables(named('nftables.conf')), 2);
    });
  });
});

describeWithTerraform('Terraform', () => {
  test('sees no template in what a user wrote, and applies to the folder of that very name', () => {
    const name = '${path.root} %{ if true } $${x} $(touch pwned) "q" \'s\' \\ `id` ü';
    const app = scratch.app();
    const stack = new TerraformStack(app, 'fra');
    new LocalBackend(stack, { path: join(scratch.folder, 'terraform.tfstate') });
    const target = Target.directory(join(scratch.folder, name));
    const fra = new Partition(stack, 'fra', { ...scratch.props, spines: 1, target, description: name });
    new PrivateNetwork(new Construct(fra, name.replaceAll('/', '-')), 'blue', { project: 'blue', description: name });
    expect(findingsOf(app)).toEqual([]);
    const terraform = new Terraform(join(scratch.out, 'stacks', 'fra'), join(scratch.folder, 'terraform'));
    terraform.init();
    terraform.apply();
    expect(readdirSync(join(scratch.folder, name))).toEqual(['spine1']);
    expect(readdirSync(scratch.folder).sort()).toEqual([name, 'lock', 'out', 'terraform', 'terraform.tfstate'].sort());
    expect(terraform.plan()).toMatchObject({ exitCode: 0 });
  });
});

function file(name: string, text: string): string {
  mkdirSync(join(scratch.folder, 'files'), { recursive: true });
  const path = join(scratch.folder, 'files', name);
  writeFileSync(path, text);
  return path;
}

function expectAccepted(verdicts: readonly Verdict[], parsers: number): void {
  expect(verdicts.filter(({ ok }) => !ok).map(({ file: name, output }) => [name, output])).toEqual([]);
  expect(new Set(verdicts.map(({ parser }) => parser)).size).toBe(parsers);
}
