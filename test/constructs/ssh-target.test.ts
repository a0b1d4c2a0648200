import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fn, Lazy, TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import {
  Become,
  Machine,
  Partition,
  type PartitionProps,
  PrivateNetwork,
  Rack,
  ResourceType,
  type SshTargetOptions,
  Target,
} from 'cdktf-metal-fabric';
import { DEVICE_LIST, versionOf } from '../../lib/apply';
import type { Manifest } from '../../lib/manifest';
import { readTree } from '../examples/files';
import { HOST_KEY } from '../rules/model';
import { describeWithNullProvider, describeWithTerraform, Terraform } from '../terraform/terraform';
import { findingsOf, Scratch } from './app';

// What Terraform is told about devices that it reaches over SSH.

jest.setTimeout(120_000);

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

const MINIMAL: SshTargetOptions = { domain: 'fra.example.net', hostKey: HOST_KEY };
const BASTION = { host: 'jump.example.net', port: 2222, user: 'ops', hostKey: HOST_KEY };

/** Anything at all: no type keeps it from where it is given. */
type Js = never;

interface Rendered {
  readonly connection: Readonly<Record<string, unknown>>;
  readonly inline?: readonly string[];
  readonly source?: string;
  readonly destination?: string;
}
type Provisioners = readonly Readonly<Record<string, Rendered>>[];
type Resources = Readonly<Record<string, Readonly<Record<string, { readonly provisioner: Provisioners }>>>>;

function declare(options: SshTargetOptions, props: Partial<PartitionProps> = {}) {
  const app = scratch.app();
  const fra = scratch.partition(app, 'fra', { target: Target.ssh(options), spines: 1, ...props });
  return { app, fra };
}

/** The findings of a target, without where they were found. */
const findings = (options: SshTargetOptions): readonly string[] =>
  findingsOf(declare(options).app).map((line) => line.replace(/^fra\/fra /, ''));

function provisionersOf(options: SshTargetOptions, props: Partial<PartitionProps> = {}): Provisioners {
  const { app } = declare(options, props);
  expect(findingsOf(app)).toEqual([]);
  const { resource } = JSON.parse(outputOf('cdk.tf.json')) as { readonly resource: Resources };
  const type = props.resourceType ?? ResourceType.TERRAFORM_DATA;
  return resource[type]!['device_fra_spine1']!.provisioner;
}

const outputOf = (file: string): string => readTree(join(scratch.out, 'stacks', 'fra')).get(file) ?? '';
const manifest = (): Manifest => JSON.parse(outputOf('fabric/fra/fabric.json')) as Manifest;
const connection = (options: SshTargetOptions): unknown => Object.values(provisionersOf(options)[0]!)[0]!.connection;

describe('a device', () => {
  test('is given its files and the program, applies them, and is asked again over a new connection', () => {
    const provisioners = provisionersOf(MINIMAL);
    const version = versionOf(outputOf(`fabric/fra/spine1/${DEVICE_LIST}`));
    const plain = provisioners.map((provisioner) => {
      const [[kind, { connection: _, ...rest }]] = Object.entries(provisioner) as [[string, Rendered]];
      return [kind, rest];
    });
    expect(plain).toEqual([
      [
        'remote-exec',
        {
          inline: [
            'set -eu',
            'umask 077',
            "find . -maxdepth 1 -name '.metal-fabric-*.sh' -size 0 -exec rm -f {} +",
            `rm -rf .metal-fabric/${version}`,
            `mkdir -p .metal-fabric/${version}`,
          ],
        },
      ],
      ['file', { source: 'fabric/fra/spine1/', destination: `.metal-fabric/${version}` }],
      ['file', { source: 'fabric/.programs/metal-fabric-device', destination: `.metal-fabric/${version}/program` }],
      [
        'remote-exec',
        {
          inline: [
            'set -eu',
            `sh .metal-fabric/${version}/program apply .metal-fabric/${version} ${version} --health 60 --confirm 60`,
          ],
        },
      ],
      ['remote-exec', { inline: ['set -eu', `sh /etc/metal-fabric/program confirm ${version}`] }],
    ]);
    expect(outputOf('fabric/.programs/metal-fabric-device')).toMatch(/^#!\/bin\/sh\n/);
    for (const provisioner of provisioners) {
      expect(Object.values(provisioner)[0]!.connection).toEqual(Object.values(provisioners[0]!)[0]!.connection);
    }
  });

  test('has the same provisioners as a null_resource and as terraform_data', () => {
    const options = { ...MINIMAL, user: 'ops', bastion: BASTION };
    expect(provisionersOf(options, { resourceType: ResourceType.NULL_RESOURCE })).toEqual(provisionersOf(options));
  });

  test.each([
    [{ user: 'root' }, 'sh'],
    [{ user: 'ops' }, 'sudo -n sh'],
    [{ user: 'ops', become: Become.DOAS }, 'doas -n sh'],
    [{ user: 'toor', become: Become.NONE }, 'sh'],
  ])('of %j is changed by `%s`', (options, command) => {
    const [, , , apply, confirm] = provisionersOf({ ...MINIMAL, ...options, healthTimeout: 7, confirmTimeout: 8 });
    expect(apply!['remote-exec']!.inline![1]).toMatch(
      new RegExp(`^${command} \\.metal-fabric/.* --health 7 --confirm 8$`),
    );
    expect(confirm!['remote-exec']!.inline![1]).toMatch(new RegExp(`^${command} /etc/metal-fabric/program confirm `));
  });

  test('is applied again when it is reached elsewhere, and not for another user', () => {
    const targetOf = (options: SshTargetOptions): unknown => {
      provisionersOf(options);
      const json = JSON.parse(outputOf('cdk.tf.json')) as {
        readonly resource: { readonly terraform_data: Record<string, { triggers_replace: Record<string, string> }> };
      };
      return json.resource.terraform_data['device_fra_spine1']!.triggers_replace['target'];
    };
    expect(targetOf(MINIMAL)).toBe('ssh:spine1.fra.example.net:22');
    expect(targetOf({ ...MINIMAL, user: 'ops', bastion: BASTION, connectTimeout: 1 })).toBe(targetOf(MINIMAL));
    expect(targetOf({ ...MINIMAL, port: 2222 })).toBe('ssh:spine1.fra.example.net:2222');
  });
});

describe('a connection', () => {
  const PLAIN = {
    type: 'ssh',
    host: 'spine1.fra.example.net',
    port: 22,
    user: 'root',
    agent: 'true',
    timeout: '120s',
    script_path: './.metal-fabric-%RAND%.sh',
    host_key: HOST_KEY,
  };

  test('has little to say by default', () => {
    expect(connection(MINIMAL)).toEqual(PLAIN);
  });

  test('goes through a bastion', () => {
    expect(connection({ ...MINIMAL, bastion: BASTION })).toEqual({
      ...PLAIN,
      bastion_host: 'jump.example.net',
      bastion_port: 2222,
      bastion_user: 'ops',
      bastion_host_key: HOST_KEY,
    });
    expect(connection({ ...MINIMAL, user: 'ops', bastion: { host: 'fd00::1', acceptAnyHostKey: true } })).toEqual({
      ...PLAIN,
      user: 'ops',
      bastion_host: 'fd00::1',
      bastion_port: 22,
      bastion_user: 'ops',
    });
  });

  test('has no host key where any is accepted', () => {
    const { host_key: _, ...rest } = PLAIN;
    expect(connection({ domain: 'fra.example.net', acceptAnyHostKey: true, connectTimeout: 9 })).toEqual({
      ...rest,
      timeout: '9s',
    });
  });

  test.each(['10.0.0.9', 'fd00::9'])('leads to the management address of a device, like %s', (managementAddress) => {
    const { app, fra } = declare(MINIMAL);
    const primaryNetwork = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'blue-1', { rack: new Rack(fra, 'rack'), primaryNetwork, managementAddress });
    expect(findingsOf(app)).toEqual([]);
    const { resource } = JSON.parse(outputOf('cdk.tf.json')) as { readonly resource: Resources };
    const hosts = resource['terraform_data']!['device_fra_blue-1']!.provisioner.map(
      (provisioner) => Object.values(provisioner)[0]!.connection['host'],
    );
    expect([...new Set(hosts)]).toEqual([managementAddress]);
  });
});

describe('fabric.json', () => {
  test('says how each device is reached', () => {
    provisionersOf({ ...MINIMAL, user: 'ops', bastion: { ...BASTION, hostKey: `${HOST_KEY} ops@jump\n` } });
    expect(manifest().devices[0]!.target).toEqual({
      kind: 'ssh',
      host: 'spine1.fra.example.net',
      port: 22,
      user: 'ops',
      become: 'sudo',
      hostKey: HOST_KEY,
      bastion: BASTION,
      connectTimeout: 120,
      healthTimeout: 60,
      confirmTimeout: 60,
    });
  });

  test('says that any host key will do', () => {
    provisionersOf({ domain: 'fra.example.net', acceptAnyHostKey: true });
    expect(manifest().devices[0]!.target).toMatchObject({ hostKey: null, bastion: null });
  });
});

describe('private keys', () => {
  const variable = (stack: TerraformStack, name: string): string =>
    new TerraformVariable(stack, name, { type: 'string', sensitive: true }).stringValue;

  test('are those of Terraform variables: no file has more than their names', () => {
    const app = scratch.app();
    const stack = new TerraformStack(app, 'fra');
    const bastion = { ...BASTION, privateKey: variable(stack, 'bastion_key') };
    const target = Target.ssh({ ...MINIMAL, privateKey: variable(stack, 'device_key'), bastion });
    new Partition(stack, 'fra', { ...scratch.props, target, spines: 1 });
    expect(findingsOf(app)).toEqual([]);
    const files = readTree(scratch.folder);
    const naming = [...files].filter(([, text]) => /device_key|bastion_key/.test(text)).map(([file]) => file);
    expect(naming).toEqual(['out/stacks/fra/cdk.tf.json']);
    const { resource } = JSON.parse(outputOf('cdk.tf.json')) as { readonly resource: Resources };
    const [first] = resource['terraform_data']!['device_fra_spine1']!.provisioner;
    expect(first!['remote-exec']!.connection).toMatchObject({
      agent: 'false',
      private_key: '${var.device_key}',
      bastion_private_key: '${var.bastion_key}',
    });
  });

  const SECRET = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
  const refused = 'is no Terraform variable: the key would be written into cdk.tf.json';
  test.each<[string, () => string]>([
    ['as they are', () => SECRET],
    ['known only when the stack is written', () => Lazy.stringValue({ produce: () => SECRET })],
    ['inside of a function', () => Fn.trimspace(SECRET)],
    ['beside a reference', () => `${Fn.trimspace('x')}${SECRET}`],
    ['as an object', () => ({ key: SECRET }) as Js],
    ['as a path', () => '~/.ssh/id_ed25519'],
  ])('%s are refused, and no message repeats them', (_, key) => {
    const { app } = declare({ ...MINIMAL, privateKey: key(), bastion: { ...BASTION, privateKey: key() } });
    let message = '';
    try {
      app.synth();
    } catch (error) {
      message = String(error);
    }
    expect(message.match(/target\.(bastion\.)?privateKey: [^\n]*/g)).toEqual([
      `target.bastion.privateKey: ${refused}`,
      `target.privateKey: ${refused}`,
    ]);
    expect(message).not.toContain('b3BlbnNzaC1');
    expect(message).not.toContain('id_ed25519');
    expect([...readTree(scratch.folder)]).toEqual([]);
  });

  test('given for public ones are refused, and no message repeats them', () => {
    expect(findings({ ...MINIMAL, hostKey: SECRET })).toEqual([
      'library/values-are-well-formed: target.hostKey: is a private key',
    ]);
  });
});

const WELL_FORMED = 'library/values-are-well-formed';
const TOKEN = 'a token was given, which has its value only when Terraform runs';

describe('what is wrong is found, all at once', () => {
  test.each<[string, SshTargetOptions, readonly string[]]>([
    ['nothing given', undefined as Js, ['target/host-key-is-known: the host key of its devices is not known']],
    ['a text', 'root@spine1' as Js, [`${WELL_FORMED}: target: "root@spine1" is no SshTargetOptions`]],
    [
      'no host key',
      { domain: 'example.net', bastion: { host: 'jump' } },
      [
        'target/host-key-is-known: the host key of its devices is not known',
        'target/host-key-is-known: the host key of the bastion is not known',
      ],
    ],
    [
      'a port and times out of range',
      { ...MINIMAL, port: 0, confirmTimeout: 4 },
      [
        'target/numbers-are-in-range: confirmTimeout 4 is outside 5–3600',
        'target/numbers-are-in-range: port 0 is outside 1–65535',
      ],
    ],
    [
      'values of a wrong kind',
      {
        user: 'root; reboot',
        port: '22' as Js,
        domain: 'fra..net',
        become: 'su' as Js,
        hostKey: 'AAAA',
        acceptAnyHostKey: 'no' as Js,
        bastion: { host: '$(reboot)', user: '-oProxyCommand=x', hostKey: 'ssh-ed25519 AAAA' },
        connectTimeout: 1.5,
      },
      [
        `${WELL_FORMED}: target.acceptAnyHostKey: "no" is neither true nor false`,
        `${WELL_FORMED}: target.bastion.host: "$(reboot)" is no host`,
        `${WELL_FORMED}: target.bastion.hostKey: "ssh-ed25519 AAAA" is no public key`,
        `${WELL_FORMED}: target.bastion.user: "-oProxyCommand=x" is no user name`,
        `${WELL_FORMED}: target.become: "su" is no Become`,
        `${WELL_FORMED}: target.connectTimeout: "1.5" is no whole number`,
        `${WELL_FORMED}: target.domain: "fra..net" is no domain`,
        `${WELL_FORMED}: target.hostKey: "AAAA" is no public key`,
        `${WELL_FORMED}: target.port: "22" is no whole number`,
        `${WELL_FORMED}: target.user: "root; reboot" is no user name`,
      ],
    ],
    [
      'a bastion that is a text',
      { ...MINIMAL, bastion: 'jump' as Js },
      [`${WELL_FORMED}: target.bastion: "jump" is no BastionOptions`],
    ],
    [
      'tokens',
      {
        user: Token.asString({ a: 1 }),
        port: Token.asNumber({ a: 1 }),
        domain: Token.asString({ a: 1 }),
        hostKey: Token.asString({ a: 1 }),
        bastion: { host: Token.asString({ a: 1 }), hostKey: HOST_KEY },
      },
      ['bastion.host', 'domain', 'hostKey', 'port', 'user'].map(
        (property) => `library/identity-is-known-at-synth: target.${property}: ${TOKEN}`,
      ),
    ],
  ])('%s', (_, options, expected) => {
    const own = findings(options).filter((line) => !line.startsWith('fra/fra/'));
    expect(own).toEqual(expected);
    expect([...readTree(scratch.folder)]).toEqual([]);
  });

  test.each(['root\n', 'a b', "a'b", 'a"b', 'a`b', '${path.root}', '%{if true}', '', '-x', 'ü', 'a$(x)', 'a;b', 'a|b'])(
    'text with a meaning to a shell: %j',
    (text) => {
      const found = findings({
        user: text,
        domain: text,
        hostKey: `ssh-ed25519 ${text}`,
        bastion: { host: text, user: text, hostKey: text },
      }).filter((line) => line.startsWith(WELL_FORMED));
      expect(found.map((line) => line.split(': ')[1])).toEqual(
        ['bastion.host', 'bastion.hostKey', 'bastion.user', 'domain', 'hostKey', 'user'].map(
          (property) => `target.${property}`,
        ),
      );
    },
  );

  test('a device without a way in, at the device', () => {
    expect(findings({ hostKey: HOST_KEY })).toEqual([
      'fra/fra/spine1 device/has-a-way-in: is applied over SSH, and has neither a management address nor a domain',
    ]);
  });
});

test('a device has a target of its own in place of that of the partition', () => {
  const app = scratch.app();
  const fra = scratch.partition(app, 'fra', { target: Target.ssh(MINIMAL), spines: 1 });
  const primaryNetwork = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const rack = new Rack(fra, 'rack');
  const target = Target.ssh({ hostKey: HOST_KEY, user: 'ops', port: 2222 });
  new Machine(fra, 'a', { rack, primaryNetwork, target, managementAddress: 'fd00::a' });
  new Machine(fra, 'b', { rack, primaryNetwork, target: Target.directory('elsewhere'), managementAddress: '10.0.0.2' });
  new Machine(fra, 'c', { rack, primaryNetwork, managementAddress: '10.0.0.3' });
  expect(findingsOf(app)).toEqual([]);
  const targets = manifest().devices.map((device) => [device.name, device.target] as const);
  expect(Object.fromEntries(targets)).toMatchObject({
    a: { kind: 'ssh', host: 'fd00::a', port: 2222, user: 'ops', become: 'sudo' },
    b: { kind: 'directory', path: 'elsewhere/b' },
    c: { kind: 'ssh', host: '10.0.0.3', user: 'root' },
    'rack-leaf1': { kind: 'ssh', host: 'rack-leaf1.fra.example.net' },
  });
});

describe.each([
  [ResourceType.TERRAFORM_DATA, describeWithTerraform],
  [ResourceType.NULL_RESOURCE, describeWithNullProvider],
])('Terraform with %s', (resourceType, describeIt) => {
  describeIt('', () => {
    test('takes what it is told, with variables that are written nowhere', () => {
      const app = scratch.app();
      const stack = new TerraformStack(app, 'fra');
      const key = new TerraformVariable(stack, 'key', { type: 'string', sensitive: true });
      key.addOverride('ephemeral', true);
      const target = Target.ssh({ ...MINIMAL, privateKey: key.stringValue, bastion: BASTION });
      new Partition(stack, 'fra', { ...scratch.props, resourceType, target });
      expect(findingsOf(app)).toEqual([]);
      const terraform = new Terraform(join(scratch.out, 'stacks', 'fra'), join(scratch.folder, 'terraform'));
      terraform.init();
      expect(terraform.run('validate', '-no-color')).toMatchObject({ exitCode: 0 });
      writeFileSync(join(scratch.out, 'stacks', 'fra', 'x.auto.tfvars'), 'key = "the secret"\n');
      const plan = terraform.plan();
      expect(plan.exitCode).toBe(2);
      expect(plan.output).toContain('Plan: 2 to add');
      expect(plan.output).not.toContain('the secret');
    });
  });
});

test('cdktf renders it in its own tests, too', () => {
  const fra = new Partition(new TerraformStack(Testing.app(), 'fra'), 'fra', {
    ...scratch.props,
    target: Target.ssh(MINIMAL),
  });
  expect(Testing.synth(TerraformStack.of(fra))).toContain('"host": "spine1.fra.example.net"');
});
