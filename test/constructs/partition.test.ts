import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import {
  ExternalNetwork,
  Firewall,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  SharedNetwork,
  Switch,
  SwitchRole,
  Target,
} from 'cdktf-metal-fabric';
import { readTree } from '../examples/files';
import { findingsOf, Scratch } from './app';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** What a user may build around ours. */
class Tenant extends Construct {
  public readonly network: PrivateNetwork;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.network = new PrivateNetwork(this, `${id}-net`, { project: id });
  }
}

describe('what is declared belongs to the nearest partition above it', () => {
  test('also below constructs of the user', () => {
    const fra = scratch.partition(scratch.app(), 'fra');
    const tenant = new Tenant(new Construct(fra, 'tenants'), 'blue');
    expect(Partition.of(tenant.network)).toBe(fra);
    expect(Partition.of(fra)).toBe(fra);
  });

  test('and to that one only, where an app has two', () => {
    const app = scratch.app();
    const [fra, muc] = [
      scratch.partition(app, 'fra'),
      scratch.partition(app, 'muc', { superNetworks: ['10.140.0.0/14'] }),
    ];
    new Tenant(fra, 'blue');
    new Tenant(muc, 'red');
    expect(findingsOf(app)).toEqual([]);
    const namesIn = (name: string): readonly string[] =>
      (
        JSON.parse(readFileSync(join(scratch.out, 'stacks', name, 'fabric', name, 'fabric.json'), 'utf8')) as {
          networks: { name: string }[];
        }
      ).networks.map(({ name: network }) => network);
    expect([namesIn('fra'), namesIn('muc')]).toEqual([['blue-net'], ['red-net']]);
  });
});

test.each<[string, (scope: Construct) => unknown]>([
  ['a network', (scope) => new PrivateNetwork(scope, 'thing', { project: 'blue' })],
  ['a shared network', (scope) => new SharedNetwork(scope, 'thing', { project: 'blue', nat: true })],
  [
    'an external network',
    (scope) => new ExternalNetwork(scope, 'thing', { prefixes: [], destinationPrefixes: [], nat: true, routers: [] }),
  ],
  ['a rack', (scope) => new Rack(scope, 'thing')],
  ['a switch', (scope) => new Switch(scope, 'thing', { role: SwitchRole.SPINE })],
  ['a machine', (scope) => new Machine(scope, 'thing', {} as never)],
  ['a firewall', (scope) => new Firewall(scope, 'thing', {} as never)],
])('%s outside of every partition says so', (_, declare) => {
  const stack = new TerraformStack(scratch.app(), 'stack');
  expect(() => declare(stack)).toThrow(
    'stack/thing is in no partition: declare it with a Partition, or below one, as its scope',
  );
});

describe('a partition outside of every stack', () => {
  test('is found when the app is synthesized, and nothing is written', () => {
    const app = scratch.app();
    new Partition(app, 'fra', scratch.props);
    new TerraformStack(app, 'other');
    expect(findingsOf(app)).toEqual([
      'fra library/declared-inside-a-stack: is declared outside of every stack, so it would be written nowhere',
    ]);
    expect([...readTree(scratch.folder).keys()]).toEqual([]);
  });
});

describe('two partitions in two stacks', () => {
  /** A stack without a partition first: cdktf would have written it before it looks at the others. */
  function broken(app: App): void {
    new TerraformStack(app, 'aaa');
    const fra = scratch.partition(app, 'fra');
    const muc = scratch.partition(app, 'muc', { superNetworks: ['10.140.0.0/14'], overlayMtu: 9200 });
    new PrivateNetwork(fra, 'blue', { project: 'blue', vni: 0 });
    new PrivateNetwork(muc, 'red', { project: 'red', prefixes: ['10.140.0.1/22'] });
  }
  const FINDINGS = [
    'fra/fra/blue network/vni-is-in-range: vni 0 is outside 1–16777214',
    'muc/muc partition/overlay-mtu-fits-the-underlay: overlay MTU 9200 and 50 octets of VXLAN exceed the underlay MTU 9216',
    'muc/muc/red network/prefixes-are-canonical: prefixes[0]: "10.140.0.1/22" has host bits set',
  ];

  test('are reported together, before any file of any stack is written', () => {
    const app = scratch.app();
    broken(app);
    expect(findingsOf(app)).toEqual(FINDINGS);
    expect([...readTree(scratch.folder).keys()]).toEqual([]);
  });

  test('also where validation is skipped', () => {
    const app = scratch.app({ skipValidation: true });
    broken(app);
    expect(findingsOf(app)).toEqual(FINDINGS);
    expect([...readTree(scratch.folder).keys()]).toEqual([]);
  });

  test('leave what an earlier run wrote as it is', () => {
    const app = scratch.app();
    new PrivateNetwork(scratch.partition(app, 'fra'), 'blue', { project: 'blue' });
    expect(findingsOf(app)).toEqual([]);
    const before = readTree(scratch.folder);
    const again = scratch.app();
    broken(again);
    expect(findingsOf(again)).toEqual(FINDINGS);
    expect(readTree(scratch.folder)).toEqual(before);
  });
});

describe("cdktf's own ways to synthesize", () => {
  function brokenStack(): TerraformStack {
    const app = Testing.app();
    const fra = scratch.partition(app, 'fra');
    new PrivateNetwork(fra, 'blue', { project: 'blue', vni: 0 });
    new PrivateNetwork(new Construct(fra, 'group'), 'red', { project: 'red', prefixes: ['10.140.0.1/22'] });
    return TerraformStack.of(fra);
  }

  test('Testing.synth with validation reports each finding at its construct', () => {
    // cdktf validates and prints; cdktn first asks for the values, and is refused with the same words.
    expect(messageOf(() => Testing.synth(brokenStack(), true)).match(/(?<=^ *)\[.*/gm)).toEqual([
      '[fra/fra/blue] network/vni-is-in-range: vni 0 is outside 1–16777214',
      '[fra/fra/group/red] network/prefixes-are-canonical: prefixes[0]: "10.140.0.1/22" has host bits set',
    ]);
  });

  test('Testing.synth without validation refuses, too', () => {
    expect(() => Testing.synth(brokenStack())).toThrow('2 findings; nothing was written:');
  });

  test('Testing.fullSynth refuses, too', () => {
    expect(() => Testing.fullSynth(brokenStack())).toThrow('2 findings; nothing was written:');
  });

  test('Testing.fullSynth writes the files of devices and the ledger', () => {
    const app = Testing.app();
    const fra = scratch.partition(app, 'fra');
    new PrivateNetwork(fra, 'blue', { project: 'blue' });
    const written = [...readTree(Testing.fullSynth(TerraformStack.of(fra))).keys()];
    expect(written).toEqual([
      'manifest.json',
      'stacks/fra/cdk.tf.json',
      'stacks/fra/fabric/.programs/apply-to-directory.sh',
      'stacks/fra/fabric/.programs/metal-fabric-device',
      'stacks/fra/fabric/fra/.proof',
      'stacks/fra/fabric/fra/fabric.json',
      ...['spine1', 'spine2'].flatMap((spine) =>
        ['daemons', 'device.list', 'frr.conf', 'interfaces', 'nftables.conf', 'sysctl.conf'].map(
          (file) => `stacks/fra/fabric/fra/${spine}/${file}`,
        ),
      ),
    ]);
    expect([...readTree(scratch.lock).keys()]).toEqual(['fra.json']);
  });

  function messageOf(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  }
});

describe('a second synthesis in the same process', () => {
  test('sees what was declared in between', () => {
    const app = scratch.app();
    const fra = scratch.partition(app, 'fra');
    new PrivateNetwork(fra, 'blue', { project: 'blue' });
    expect(findingsOf(app)).toEqual([]);
    new PrivateNetwork(fra, 'red', { project: 'red', vni: 0 });
    expect(findingsOf(app)).toEqual(['fra/fra/red network/vni-is-in-range: vni 0 is outside 1–16777214']);
  });
});

test('devices of one name in two partitions are applied to two folders, unless one was given for both', () => {
  const declare = (target?: Target): App => {
    const app = scratch.app();
    const stack = new TerraformStack(app, 'both');
    const props = { ...(target === undefined ? {} : { target }), ledgerDirectory: scratch.lock };
    new Partition(stack, 'fra', { ...props, superNetworks: ['10.128.0.0/14'] });
    new Partition(stack, 'muc', { ...props, superNetworks: ['10.140.0.0/14'] });
    return app;
  };
  expect(findingsOf(declare(Target.directory('devices')))).toEqual(
    ['spine1', 'spine2'].map(
      (spine) =>
        `both/muc/${spine} device/has-a-way-in-of-its-own: is applied to the folder "devices/${spine}", as "both/fra/${spine}" is`,
    ),
  );
  expect(findingsOf(declare())).toEqual([]);
  const text = readFileSync(join(scratch.out, 'stacks', 'both', 'cdk.tf.json'), 'utf8');
  expect(new Set(text.match(/directory:[\w/]+/g))).toEqual(
    new Set(
      ['fra', 'muc'].flatMap((name) => ['spine1', 'spine2'].map((spine) => `directory:devices/${name}/${spine}`)),
    ),
  );
});

describe('a partition that comes first in a stack of its own', () => {
  test('shares the stack with a second one', () => {
    const app = scratch.app();
    const stack = new TerraformStack(app, 'both');
    new Partition(stack, 'fra', scratch.props);
    new Partition(stack, 'muc', { ...scratch.propsOf('muc'), superNetworks: ['10.140.0.0/14'] });
    expect(findingsOf(app)).toEqual([]);
    const folders = new Set(
      [...readTree(join(scratch.out, 'stacks', 'both', 'fabric')).keys()].map((file) => file.split('/')[0]),
    );
    expect(folders).toEqual(new Set(['.programs', 'fra', 'muc']));
    expect([...readTree(scratch.lock).keys()]).toEqual(['fra.json', 'muc.json']);
  });
});
