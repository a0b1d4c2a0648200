import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../../lib/cli/program';

const EXAMPLES = resolve(__dirname, '..', 'examples', 'golden');
const OUTPUT = join(EXAMPLES, 'multiple-consumers', 'fra-equ01');
const GOLDEN = join(__dirname, 'golden');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cli-reach-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function metalFabric(...words: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await run(words, {
    out: (text) => void (said.out += text.toString()),
    err: (text) => void (said.err += text.toString()),
  });
  return { code, ...said };
}

function expectGolden(name: string, text: string): void {
  const file = join(GOLDEN, name);
  if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(file)) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** An output in which a line of a device was changed by hand. */
function changed(device: string, file: string, from: string, to: string): string {
  const copy = join(folder, 'changed');
  cpSync(OUTPUT, copy, { recursive: true });
  const path = join(copy, 'fabric', 'fra-equ01', device, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return copy;
}

describe('explain', () => {
  test.each([
    ['explain-allowed.txt', ['blue-1', 'nvme-1', 'tcp/4420'], 0],
    ['explain-denied.txt', ['blue-1', 'internet', 'tcp/25'], 3],
    ['explain-translated.txt', ['blue-1', 'internet', 'tcp/443'], 0],
    ['explain-hidden.txt', ['metrics-1', 'blue-1'], 3],
    ['explain-tenants.txt', ['blue', 'green', 'tcp/22'], 3],
  ])('%s', async (name, words, code) => {
    const said = await metalFabric('explain', ...words, '-o', OUTPUT);
    expect({ code: said.code, err: said.err }).toEqual({ code, err: '' });
    expectGolden(name, said.out);
  });

  test('as JSON: the way there and back, with the lines', async () => {
    const { code, out } = await metalFabric('explain', 'blue-1', '198.51.100.10', 'tcp/443', '-o', OUTPUT, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      {
        from: { name: 'blue-1', network: 'blue', address: '10.128.4.1' },
        to: { name: 'internet', network: 'internet', address: '198.51.100.10' },
        service: 'tcp/443',
        allowed: true,
        blocked: false,
        sourceSeen: '185.1.2.1',
        via: ['blue-fw'],
        line: { device: 'blue-fw', file: 'nftables.conf', within: 'chain nat-vlan10003' },
      },
    ]);
  });

  test('a port range in parts, where some of it is allowed', async () => {
    const { code, out } = await metalFabric('explain', 'blue-1', 'internet', 'tcp/79-81', '-o', OUTPUT);
    expect(code).toBe(3);
    expect(out.match(/^blue-1 .*$/gm)).toEqual([
      'blue-1 (10.128.4.1) → beyond internet (198.51.100.10) tcp/79: denied',
      'blue-1 (10.128.4.1) → beyond internet (198.51.100.10) tcp/80: allowed, seen as 185.1.2.1',
      'blue-1 (10.128.4.1) → beyond internet (198.51.100.10) tcp/81: denied',
    ]);
  });

  test('what was changed by hand counts, not what was synthesized', async () => {
    const copy = changed(
      'blue-fw',
      'nftables.conf',
      'ip saddr 10.128.4.0/22 tcp dport { 80, 443 } counter accept',
      'ip saddr 10.128.4.0/22 tcp dport 25 counter accept',
    );
    expect((await metalFabric('explain', 'blue-1', 'internet', 'tcp/25', '-o', copy)).code).toBe(0);
    expect((await metalFabric('explain', 'blue-1', 'internet', 'tcp/443', '-o', copy)).code).toBe(3);
  });

  test.each([
    [
      ['nobody', 'nvme-1'],
      'error: no host or network of the fabric is called nobody\n    fix: name one, or an address: fabric.json has them all\n',
    ],
    [
      ['blue-9', 'nvme-1'],
      'error: no host or network of the fabric is called blue-9\n    fix: name one, such as blue, blue-1, blue-2, blue-fw, or an address\n',
    ],
    [
      ['blue-1', 'NVME'],
      'error: no host or network of the fabric is called NVME\n    fix: name one, such as nvme-1, nvme-2, or an address\n',
    ],
    [
      ['blue-1', 'nvme-1', 'http'],
      'error: "http" is no service\n    fix: write it like icmp, tcp/443 or udp/5000-5999\n',
    ],
    [
      ['blue-1', 'nvme-1', 'tcp/70000'],
      'error: "tcp/70000" is no service\n    fix: write it like icmp, tcp/443 or udp/5000-5999\n',
    ],
    [['blue-1', 'blue-1'], 'error: blue-1 and blue-1 are the same host\n    fix: name two different ones\n'],
  ])('refuses %j', async (words, err) => {
    expect(await metalFabric('explain', ...words, '-o', OUTPUT)).toEqual({ code: 1, out: '', err });
  });

  test('refuses a line that it cannot read, and says where', async () => {
    const copy = changed(
      'blue-fw',
      'nftables.conf',
      'iifname "lo" counter accept',
      'iifname "lo" limit rate 1/second accept',
    );
    const { code, err } = await metalFabric('explain', 'blue-1', 'nvme-1', '-o', copy);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: blue-fw\/nftables\.conf: line \d+ is none that is written by this library: iifname "lo" limit rate/,
    );
  });
});

describe('a network without machines', () => {
  /** Of green, with its promises. */
  function withoutMachines(): string {
    const copy = join(folder, 'empty');
    cpSync(OUTPUT, copy, { recursive: true });
    const file = join(copy, 'fabric', 'fra-equ01', 'fabric.json');
    const fabric = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly hosts: readonly { readonly name: string }[];
      readonly devices: readonly { readonly name: string }[];
      readonly links: readonly unknown[];
    };
    const isGone = (name: string): boolean => /^green-\d$/.test(name);
    writeFileSync(
      file,
      JSON.stringify({
        ...fabric,
        hosts: fabric.hosts.filter(({ name }) => !isGone(name)),
        devices: fabric.devices.filter(({ name }) => !isGone(name)),
        links: fabric.links.filter((link) => !/"green-\d"/.test(JSON.stringify(link))),
      }),
    );
    return copy;
  }

  test('has nobody to explain anything of, and is named below the matrix', async () => {
    const copy = withoutMachines();
    expect(await metalFabric('explain', 'green', 'nvme-1', '-o', copy)).toEqual({
      code: 1,
      out: '',
      err: 'error: nobody is in green\n    fix: name a network with a machine in it\n',
    });
    expect((await metalFabric('matrix', '-o', copy)).out).toMatch(/\nno machine in green: nobody to ask\n$/);
  });
});

test('matrix: who may open what to whom, as a table and as JSON', async () => {
  const { code, out } = await metalFabric('matrix', '-o', OUTPUT);
  expect(code).toBe(0);
  expectGolden('matrix.txt', out);
  const json = JSON.parse((await metalFabric('matrix', '-o', OUTPUT, '--json')).out) as readonly {
    readonly from: string;
    readonly to: string;
  }[];
  expect(json).toContainEqual({
    from: 'red',
    to: 'monitoring',
    families: { ipv4: { allowed: 'all', seenAs: '10.128.12.4' }, ipv6: { allowed: '', seenAs: '' } },
  });
  expect(json.filter(({ from, to }) => from === 'monitoring' && to !== 'monitoring')).toEqual([]);
});

describe('diff', () => {
  test('of the same: nothing, and code 0', async () => {
    const { code, out } = await metalFabric('diff', OUTPUT, OUTPUT);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'flows gained: none\nflows lost: none\nseen as another address: none\ndevices touched: none\nBGP sessions reset: none\n',
    });
  });

  test('of a port more: the flows, the devices and no reset', async () => {
    const copy = changed('blue-fw', 'nftables.conf', 'tcp dport { 80, 443 }', 'tcp dport { 80, 8443 }');
    const { code, out } = await metalFabric('diff', OUTPUT, copy);
    expect(code).toBe(3);
    expect(out).toBe(
      [
        'flows gained:',
        '  blue → internet ipv4: tcp/8443',
        'flows lost:',
        '  blue → internet ipv4: tcp/443',
        'seen as another address: none',
        'devices touched:',
        '  blue-fw: nftables.conf',
        'BGP sessions reset: none',
        '',
      ].join('\n'),
    );
  });

  test('of one host apart from the others of its network: that host, and sessions that do not survive', async () => {
    const copy = changed('blue-1', 'frr.conf', 'bgp router-id 10.128.4.1', 'bgp router-id 10.128.4.9');
    const path = join(copy, 'fabric', 'fra-equ01', 'rack2-leaf1', 'frr.conf');
    const other = join(copy, 'fabric', 'fra-equ01', 'rack2-leaf2', 'frr.conf');
    for (const file of [path, other]) {
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/^ip prefix-list \S+ seq \d+ permit 10\.128\.4\.2\/32\n/m, ''),
      );
    }
    const { code, out } = await metalFabric('diff', OUTPUT, copy, '--json');
    const { flows, devices, resets } = JSON.parse(out) as Record<string, readonly Record<string, unknown>[]>;
    expect(code).toBe(3);
    expect(flows).toContainEqual({ from: 'blue-2', to: 'nvme-1', family: 'ipv4', gained: '', lost: 'all' });
    expect(devices?.map(({ device }) => device)).toEqual(['blue-1', 'rack2-leaf1', 'rack2-leaf2']);
    expect(resets).toContainEqual({
      device: 'blue-1',
      vrf: 'default',
      neighbor: 'lan0',
      reason: 'the router id changes from 10.128.4.1 to 10.128.4.9',
    });
  });
});

describe('rules', () => {
  test('lists those with the words', async () => {
    const { code, out } = await metalFabric('rules', 'translates', 'address');
    expect(code).toBe(0);
    expect(out).toContain('firewall/translates-to-an-address-of-the-network\n    ');
    expect(JSON.parse((await metalFabric('rules', '--json')).out)).toHaveLength(
      (await metalFabric('rules')).out.match(/^\S/gm)!.length,
    );
  });

  test('refuses words that none has', async () => {
    expect((await metalFabric('rules', 'unicorn')).code).toBe(1);
  });
});

test.each(['explain', 'matrix', 'diff', 'rules'])('%s has a help with examples', async (command) => {
  const { code, out } = await metalFabric(command, '--help');
  expect(code).toBe(0);
  expect(out).toContain(`Examples:\n  metal-fabric ${command}`);
});

test('who reads no further does not become an error: the exit code is that of what was done', () => {
  const root = resolve(__dirname, '..', '..');
  const program = `"${join(root, 'node_modules', '.bin', 'tsx')}" "${join(root, 'lib', 'cli', 'main.ts')}"`;
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `{ ${program} explain blue-1 internet tcp/25 --output "${OUTPUT}"; echo "code $?" >&2; } | true`],
    { cwd: root, encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual(['', 'code 3\n']);
});
