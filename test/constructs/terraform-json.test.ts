import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { Resource } from '@cdktf/provider-null/lib/resource';
import {
  Fn,
  TerraformElement,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
  Tokenization,
} from 'cdktf';
import { Construct } from 'constructs';
import {
  ExternalNetwork,
  Firewall,
  Machine,
  Partition,
  PrivateNetwork,
  Rack,
  ResourceType,
  SharedNetwork,
  Target,
} from 'cdktf-metal-fabric';
import { Latch } from '../../lib/terraform';
import { Scratch } from './app';

// What Terraform is told, as cdktf renders it.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface Rendered {
  readonly depends_on?: readonly string[];
  readonly count?: number;
  readonly lifecycle?: object;
  readonly triggers?: Readonly<Record<string, string>>;
}
interface Json {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Rendered>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly provider?: Readonly<Record<string, readonly object[]>>;
  readonly terraform: object;
}

const synth = (fra: Partition): Json => JSON.parse(Testing.synth(TerraformStack.of(fra), true)) as Json;
const partition = (): Partition => scratch.partition(Testing.app());
const afterOf = (json: Json, device: string): readonly string[] =>
  (json.resource['terraform_data']![`device_fra_${device}`]!.depends_on ?? []).map((other) =>
    other.replace('terraform_data.device_fra_', ''),
  );

test('attributes known at the end of the synthesis may be used in other resources', () => {
  const fra = partition();
  const rack = new Rack(fra, 'rack');
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const ipv4Only = new PrivateNetwork(fra, 'old', { project: 'blue', prefixes: ['10.130.0.0/22'] });
  const machine = new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
  const firewall = new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue, ip: '10.128.0.254' });
  const stack = TerraformStack.of(fra);
  const output = (id: string, value: unknown): TerraformOutput => new TerraformOutput(stack, id, { value });
  output('machine', [machine.ipv4Address, machine.ipv6Address]);
  output('firewall', `ssh ${firewall.ipv4Address}`);
  output('network', { vni: blue.networkVni, prefixes: [blue.ipv4Prefix, blue.ipv6Prefix] });
  output('none', ipv4Only.ipv6Prefix);
  output('function', Fn.cidrhost(blue.ipv4Prefix, 1));
  output('joined', Fn.upper(`at ${machine.ipv6Address}:${blue.networkVni}`));
  new Resource(stack, 'other', { triggers: { address: machine.ipv4Address } });
  new NullProvider(stack, 'null');
  const json = synth(fra);
  expect(json.output).toMatchObject({
    machine: { value: ['10.128.0.1', 'fd00:10:128::1'] },
    firewall: { value: 'ssh 10.128.0.254' },
    network: { value: { vni: 10_001, prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] } },
    none: { value: '' },
    function: { value: '${cidrhost("10.128.0.0/22", 1)}' },
    joined: { value: '${upper("at ${"fd00:10:128::1"}:10001")}' },
  });
  expect(json.resource['null_resource']!['other']!.triggers).toEqual({ address: '10.128.0.1' });
});

test('hosts and networks are outputs of the partition', () => {
  const fra = partition();
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  new Machine(fra, 'blue-1', { rack: new Rack(fra, 'rack'), primaryNetwork: blue });
  expect(synth(fra).output).toEqual({
    fra_networks: { value: { blue: { vni: 10_001, prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'], shared: false } } },
    fra_hosts: { value: { 'blue-1': { network: 'blue', addresses: { blue: ['10.128.0.1', 'fd00:10:128::1'] } } } },
  });
});

describe('devices that stand in for one another are never changed at once', () => {
  let json: Json;
  beforeEach(() => {
    const fra = scratch.partition(Testing.app(), 'fra', { spines: 3 });
    const [rack1, rack2] = [new Rack(fra, 'rack1'), new Rack(fra, 'rack2')];
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new ExternalNetwork(fra, 'internet', {
      prefixes: ['185.1.2.0/24'],
      destinationPrefixes: ['0.0.0.0/0'],
      nat: true,
      routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
    });
    new Machine(fra, 'blue-1', { rack: rack1, primaryNetwork: blue });
    new Machine(fra, 'blue-2', {
      rack: rack2,
      primaryNetwork: blue,
      leaves: rack2.leaves.slice(0, 1),
      interfaces: ['lan0'],
    });
    new Firewall(fra, 'blue-fw', { rack: rack2, primaryNetwork: blue });
    json = synth(fra);
  });

  test.each<[string, string, readonly string[]]>([
    ['the first spine goes first', 'spine1', []],
    ['the next spine waits for it', 'spine2', ['spine1']],
    ['and the last for that one', 'spine3', ['spine2']],
    ['the first leaf of a rack waits for the last spine', 'rack1-leaf1', ['spine3']],
    ['as does that of another rack: racks do not wait for one another', 'rack2-leaf1', ['spine3']],
    ['the second leaf waits for the first one of its rack', 'rack1-leaf2', ['rack1-leaf1']],
    ['the first border leaf waits for the last spine', 'border1', ['spine3']],
    ['the second one for the first', 'border2', ['border1']],
    ['a firewall waits for both of its leaves', 'blue-fw', ['rack2-leaf1', 'rack2-leaf2']],
    ['a machine, too', 'blue-1', ['rack1-leaf1', 'rack1-leaf2']],
    ['with one link, for that leaf', 'blue-2', ['rack2-leaf1']],
  ])('%s', (_, device, expected) => {
    expect(afterOf(json, device)).toEqual(expected);
  });

  test('of every two leaves of a rack one waits for the other', () => {
    const names = Object.keys(json.resource['terraform_data']!).filter((name) => name.startsWith('device_'));
    expect(names.length).toBe(3 + 4 + 2 + 3);
  });
});

describe('the latch of a network', () => {
  const latchOf = (json: Json, name: string): Rendered => json.resource['terraform_data']![`shared_fra_${name}`]!;

  test('is always there: once the network is shared, it has an instance that must not be destroyed', () => {
    const fra = partition();
    new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new PrivateNetwork(fra, 'later', { project: 'blue' }).share({ nat: true });
    new SharedNetwork(fra, 'storage', { project: 'blue', nat: false });
    const json = synth(fra);
    expect(['blue', 'later', 'storage'].map((name) => latchOf(json, name).count)).toEqual([0, 1, 1]);
    for (const name of ['blue', 'later', 'storage'])
      expect(latchOf(json, name).lifecycle).toEqual({ prevent_destroy: true });
  });

  test('and every other resource keep their addresses wherever the constructs move to', () => {
    const addressesOf = (scopeOf: (fra: Partition) => Construct): readonly string[] => {
      const fra = partition();
      const scope = scopeOf(fra);
      const network = new SharedNetwork(scope, 'storage', { project: 'ops', nat: true });
      new Machine(scope, 'nvme-1', { rack: new Rack(scope, 'rack'), primaryNetwork: network });
      return Object.entries(synth(fra).resource).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${type}.${name}`),
      );
    };
    const flat = addressesOf((fra) => fra);
    expect(flat).toContain('terraform_data.shared_fra_storage');
    expect(flat).toContain('terraform_data.device_fra_rack-leaf1');
    expect(addressesOf((fra) => new Construct(new Construct(fra, 'services'), 'of ops'))).toEqual(flat);
  });
});

describe('null_resource', () => {
  test('is the default, with one provider for the stack', () => {
    const stack = new TerraformStack(Testing.app(), 'both');
    const { resourceType: _, ...props } = scratch.props;
    const fra = new Partition(stack, 'fra', props);
    new Partition(stack, 'muc', { ...props, target: Target.directory('muc'), superNetworks: ['10.140.0.0/14'] });
    const json = synth(fra);
    expect(json.provider).toEqual({ null: [{}] });
    expect(Object.keys(json.resource['null_resource']!)).toEqual(
      ['fra_spine1', 'fra_spine2', 'muc_spine1', 'muc_spine2'].map((name) => `device_${name}`),
    );
    expect(json.resource['terraform_data']).toBeUndefined();
  });

  test('uses a provider that the user declared', () => {
    const stack = new TerraformStack(Testing.app(), 'own');
    new NullProvider(stack, 'mine');
    const fra = new Partition(stack, 'fra', { ...scratch.props, resourceType: ResourceType.NULL_RESOURCE });
    expect(synth(fra).provider).toEqual({ null: [{}] });
  });
});

test('terraform_data needs no provider, and a Terraform that has it', () => {
  const json = synth(partition());
  expect(json.provider).toBeUndefined();
  expect(json.terraform).toMatchObject({ required_version: '>= 1.4.0' });
});

test('what a user writes into a target means nothing to Terraform', () => {
  const fra = scratch.partition(Testing.app(), 'fra', {
    target: Target.directory('/tmp/${path.root}/%{if true}$${x}'),
  });
  const text = JSON.stringify(synth(fra));
  expect(text.match(/[$%]*[$%]\{[a-z. ]*/g)!.sort()).toEqual(
    ['spine1', 'spine2']
      .flatMap(() => Array.from({ length: 2 }, () => ['$$${x', '$${path.root', '%%{if true']).flat())
      .sort(),
  );
});

describe('devices are given to cdktf as they will be written', () => {
  const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEeTNDDIFLhjOmpfRT+yk3VsOvx1R3QTAHnMs1BcmFl0';
  const options = { domain: 'fra.example.net', hostKey: HOST_KEY };
  const targets: Readonly<Record<string, (stack: TerraformStack) => Target>> = {
    'in a folder': () => Target.directory('/srv/fabric/${x}'),
    'over SSH, with an agent': () => Target.ssh(options),
    'over SSH, with a key': (stack) =>
      Target.ssh({
        ...options,
        privateKey: new TerraformVariable(stack, 'key', { type: 'string', sensitive: true }).stringValue,
      }),
  };
  const declare = (
    target: (stack: TerraformStack) => Target,
    resourceType = ResourceType.TERRAFORM_DATA,
  ): Partition => {
    const stack = new TerraformStack(Testing.app(), 'fra');
    const fra = new Partition(stack, 'fra', { ...scratch.props, resourceType, target: target(stack) });
    new Machine(fra, 'blue-1', {
      rack: new Rack(fra, 'rack'),
      primaryNetwork: new PrivateNetwork(fra, 'blue', { project: 'blue' }),
    });
    return fra;
  };
  const deviceOf = (fra: Partition, name: string): TerraformResource =>
    TerraformStack.of(fra)
      .node.findAll()
      .filter(TerraformResource.isTerraformResource)
      .find(({ friendlyUniqueId }) => friendlyUniqueId === `device_fra_${name}`)!;

  test.each(
    Object.entries(targets).flatMap(([name, target]) =>
      [ResourceType.NULL_RESOURCE, ResourceType.TERRAFORM_DATA].map((type) => [name, type, target] as const),
    ),
  )('%s, as %s: just as cdktf would have made them', (_, type, target) => {
    const given = synth(declare(target, type));
    const fra = declare(target, type);
    // Where something is merged into resources, cdktf has to make them.
    TerraformStack.of(fra).addOverride('resource.other', {});
    const { other, ...resource } = synth(fra).resource;
    expect(other).toEqual({});
    expect(Object.keys(given.resource[type]!)).toContain('device_fra_blue-1');
    expect({ ...given, resource: given.resource }).toEqual({ ...given, resource });
  });

  test('cdktf does not look into them, unless there may be something to be found', () => {
    const isFinished = (target: (stack: TerraformStack) => Target): boolean => {
      const device = deviceOf(declare(target), 'spine1');
      const { resource } = device.toTerraform() as {
        readonly resource: Record<string, Record<string, Record<string, unknown>>>;
      };
      return Object.values(resource['terraform_data']!['device_fra_spine1']!).every((value) =>
        Tokenization.isResolvable(value),
      );
    };
    expect(Object.values(targets).map(isFinished)).toEqual([true, true, false]);
  });

  test('what is overridden is: of the stack, of a device, and by a reference', () => {
    const fra = declare(targets['in a folder']!);
    const stack = TerraformStack.of(fra);
    const { stringValue } = new TerraformVariable(stack, 'note', { type: 'string' });
    deviceOf(fra, 'spine1').addOverride('input', { note: stringValue });
    deviceOf(fra, 'spine2').addOverride('lifecycle', { prevent_destroy: true });
    const plain = synth(declare(targets['in a folder']!)).resource['terraform_data']!;
    const once = synth(fra).resource['terraform_data']!;
    expect(once['device_fra_spine1']).toEqual({ ...plain['device_fra_spine1'], input: { note: '${var.note}' } });
    expect(once['device_fra_spine2']).toEqual({ ...plain['device_fra_spine2'], lifecycle: { prevent_destroy: true } });
    stack.addOverride('resource.terraform_data.device_fra_blue-1.lifecycle', { prevent_destroy: true });
    const twice = synth(fra).resource['terraform_data']!;
    expect(twice).toEqual({
      ...once,
      'device_fra_blue-1': { ...once['device_fra_blue-1'], lifecycle: { prevent_destroy: true } },
    });
  });
});

test('what another element says of a device is merged into it, whichever was declared first', () => {
  class Fragment extends TerraformElement {
    public override toTerraform(): object {
      return { resource: { terraform_data: { device_fra_spine1: { lifecycle: { prevent_destroy: true } } } } };
    }
  }
  for (const isFirst of [true, false]) {
    const stack = new TerraformStack(Testing.app(), 'fra');
    if (isFirst) new Fragment(stack, 'fragment');
    const fra = new Partition(stack, 'fra', scratch.props);
    if (!isFirst) new Fragment(stack, 'fragment');
    expect(synth(fra).resource['terraform_data']!['device_fra_spine1']).toEqual({
      ...synth(partition()).resource['terraform_data']!['device_fra_spine1'],
      lifecycle: { prevent_destroy: true },
    });
  }
});

describe('a latch of ordered steps', () => {
  const latch = (level: number): Readonly<Record<string, Rendered>> => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    const step = (index: number) => ({ logicalId: `step${index}`, isReached: () => level >= index });
    new Latch(stack, 'Latch', [step(1), step(2), step(3)]);
    return (JSON.parse(Testing.synth(stack)) as Json).resource['terraform_data']!;
  };

  test('has one resource for each, always there: those reached have an instance that must not be destroyed', () => {
    for (const level of [0, 1, 2, 3]) {
      const steps = Object.entries(latch(level)).map(([name, { count, lifecycle }]) => [name, count, lifecycle]);
      expect(steps).toEqual(
        [1, 2, 3].map((index) => [`step${index}`, level >= index ? 1 : 0, { prevent_destroy: true }]),
      );
    }
  });
});
