import { Fn, Lazy, type TerraformStack, Token } from 'cdktf';
import {
  ExternalNetwork,
  Firewall,
  Flow,
  InternetAccess,
  Machine,
  NatPolicy,
  Partition,
  Port,
  PrivateNetwork,
  Rack,
  SharedNetwork,
  Switch,
  SwitchRole,
  Target,
} from 'cdktf-metal-fabric';
import { readTree } from '../examples/files';
import { findingsOf, Scratch } from './app';

// What a program in JavaScript, or one that reads JSON, may give: none of it may end in an error of JavaScript's.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface World {
  readonly fra: Partition;
  readonly rack: Rack;
  readonly blue: PrivateNetwork;
  readonly storage: SharedNetwork;
  readonly internet: ExternalNetwork;
}

/** Anything at all: no type keeps it from where it is given. */
type Js = never;

const EXTERNAL = {
  prefixes: ['185.1.2.0/24'],
  destinationPrefixes: ['0.0.0.0/0'],
  nat: true,
  routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64500 }],
};

function findings(declare: (world: World) => unknown): readonly string[] {
  const app = scratch.app();
  const fra = scratch.partition(app, 'fra');
  const rack = new Rack(fra, 'rack');
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
  const internet = new ExternalNetwork(fra, 'internet', EXTERNAL);
  declare({ fra, rack, blue, storage, internet });
  const found = findingsOf(app);
  if (found.length > 0) expect([...readTree(scratch.folder).keys()]).toEqual([]);
  return found.map((line) => line.replace('fra/fra/', ''));
}

const partition = (world: World, props: object): Partition =>
  new Partition(world.fra.node.scope as TerraformStack, 'muc', {
    ...scratch.propsOf('muc'),
    superNetworks: ['10.140.0.0/14'],
    ...props,
  });
const network = ({ fra }: World, props: object): PrivateNetwork =>
  new PrivateNetwork(fra, 'x', { project: 'x', ...props });
const shared = ({ fra }: World, props: object): SharedNetwork =>
  new SharedNetwork(fra, 'x', { project: 'x', nat: true, ...props });
const external = ({ fra }: World, props: object): ExternalNetwork =>
  new ExternalNetwork(fra, 'x', {
    ...EXTERNAL,
    prefixes: ['185.1.3.0/24'],
    routers: [{ ...EXTERNAL.routers[0], address: '192.0.2.3' }],
    ...props,
  } as Js);
const machine = ({ fra, rack, blue }: World, props: object): Machine =>
  new Machine(fra, 'x', { rack, primaryNetwork: blue, ...props });
const firewall = ({ fra, rack, blue }: World, props: object = {}): Firewall =>
  new Firewall(fra, 'x', { rack, primaryNetwork: blue, ...props });

test('without a wrong value, nothing is found', () => {
  expect(findings((world) => external(world, {}))).toEqual([]);
  expect(findings((world) => machine(world, {}))).toEqual([]);
  expect(findings((world) => firewall(world).connect(world.storage))).toEqual([]);
});

const WELL_FORMED = 'library/values-are-well-formed';

describe('values of a wrong kind are findings', () => {
  test.each<[string, (world: World) => unknown, readonly string[]]>([
    // partition
    [
      'super networks left out',
      (w) => partition(w, { superNetworks: undefined }),
      ['fra/muc partition/super-networks-are-given'],
    ],
    [
      'super networks as a text',
      (w) => partition(w, { superNetworks: '10.140.0.0/14' }),
      [`fra/muc ${WELL_FORMED}: superNetworks: "10.140.0.0/14" is no list`],
    ],
    [
      'super networks as a number',
      (w) => partition(w, { superNetworks: 10 }),
      [`fra/muc ${WELL_FORMED}: superNetworks: "10" is no list`],
    ],
    [
      'a super network that is null',
      (w) => partition(w, { superNetworks: [null] }),
      ['fra/muc network/prefixes-are-canonical: superNetworks[0]: "null" is no text'],
    ],
    [
      'spines as a text',
      (w) => partition(w, { spines: '2' }),
      [`fra/muc ${WELL_FORMED}: spines: "2" is no whole number`],
    ],
    [
      'spines that are no number',
      (w) => partition(w, { spines: NaN }),
      [`fra/muc ${WELL_FORMED}: spines: "NaN" is no whole number`],
    ],
    [
      'half a spine',
      (w) => partition(w, { spines: 1.5 }),
      [`fra/muc ${WELL_FORMED}: spines: "1.5" is no whole number`],
    ],
    [
      'a pool that is a number',
      (w) => partition(w, { vniPool: 100 }),
      [`fra/muc ${WELL_FORMED}: vniPool: "100" is no pool`],
    ],
    [
      'a pool without an end',
      (w) => partition(w, { vlanPool: { first: 1001 } }),
      [`fra/muc ${WELL_FORMED}: vlanPool.last: nothing was given`],
    ],
    [
      'a release as a number',
      (w) => partition(w, { frrVersion: 8.4 }),
      [`fra/muc ${WELL_FORMED}: frrVersion: "8.4" is no text`],
    ],
    [
      'a description that is an object',
      (w) => partition(w, { description: {} }),
      [`fra/muc ${WELL_FORMED}: description: "[object Object]" is no text`],
    ],
    [
      'a frozen ledger as a text',
      (w) => partition(w, { frozenLedger: 'no' }),
      [`fra/muc ${WELL_FORMED}: frozenLedger: "no" is neither true nor false`],
    ],
    [
      'the folder of the ledger as a number',
      (w) => partition(w, { ledgerDirectory: 1 }),
      [`fra/muc ${WELL_FORMED}: ledgerDirectory: "1" is no text`],
    ],
    [
      'a target as a text',
      (w) => partition(w, { target: 'devices' }),
      [`fra/muc ${WELL_FORMED}: target: "devices" is no Target`],
    ],
    [
      'a target of no text',
      (w) => partition(w, { target: Target.directory(7 as Js) }),
      [`fra/muc ${WELL_FORMED}: target: "7" is no text`],
    ],
    [
      'an unknown resource type',
      (w) => partition(w, { resourceType: 'local_file' }),
      [`fra/muc ${WELL_FORMED}: resourceType: "local_file" is no ResourceType`],
    ],
    [
      'no props at all',
      (w) => new Partition(w.fra.node.scope as TerraformStack, 'muc', undefined as Js),
      ['fra/muc partition/super-networks-are-given'],
    ],
    // rack and switch
    [
      'leaves as a text',
      ({ fra }) => new Rack(fra, 'x', { leaves: '2' } as Js),
      [`x ${WELL_FORMED}: leaves: "2" is no whole number`],
    ],
    ['a rack with null for props', ({ fra }) => new Rack(fra, 'x', null as Js), []],
    [
      'an unknown role',
      ({ fra }) => new Switch(fra, 'x', { role: 'tor' } as Js),
      [`x ${WELL_FORMED}: role: "tor" is no SwitchRole`],
    ],
    [
      'a rack that is a name',
      ({ fra }) => new Switch(fra, 'x', { role: SwitchRole.LEAF, rack: 'rack' } as Js),
      [`x ${WELL_FORMED}: rack: "rack" is no construct`],
    ],
    // network
    [
      'a project left out',
      (w) => network(w, { project: undefined }),
      ['x library/names-fit-the-device: project: nothing was given'],
    ],
    [
      'a project that is a number',
      (w) => network(w, { project: 7 }),
      ['x library/names-fit-the-device: project: "7" is no text'],
    ],
    [
      'prefixes as a text',
      (w) => network(w, { prefixes: '10.129.0.0/22' }),
      [`x ${WELL_FORMED}: prefixes: "10.129.0.0/22" is no list`],
    ],
    ['a VNI as a text', (w) => network(w, { vni: '7' }), [`x ${WELL_FORMED}: vni: "7" is no whole number`]],
    ['a VNI that is null', (w) => network(w, { vni: null }), []],
    ['nat left out', (w) => shared(w, { nat: undefined }), [`x ${WELL_FORMED}: nat: nothing was given`]],
    ['nat as a text', (w) => shared(w, { nat: 'false' }), [`x ${WELL_FORMED}: nat: "false" is neither true nor false`]],
    [
      'share without options',
      (w) => network(w, {}).share(undefined as Js),
      [`x ${WELL_FORMED}: nat: nothing was given`],
    ],
    [
      'projects as a list in a list',
      (w) => shared(w, {}).exposedTo(['blue'] as Js),
      ['x library/names-fit-the-device: exposedTo[0]: "blue" is no text'],
    ],
    [
      'no way to the internet',
      (w) => network(w, {}).internetAccess(undefined as Js),
      [`x ${WELL_FORMED}: internetAccess: nothing was given`],
    ],
    [
      'a proxy without an address',
      (w) => network(w, {}).internetAccess(InternetAccess.viaProxy({ port: 80 } as Js)),
      [`x ${WELL_FORMED}: internetAccess.address: nothing was given`],
    ],
    [
      'a proxy without anything',
      (w) => network(w, {}).internetAccess(InternetAccess.viaProxy(undefined as Js)),
      [
        `x ${WELL_FORMED}: internetAccess.address: nothing was given`,
        `x ${WELL_FORMED}: internetAccess.port: nothing was given`,
      ],
    ],
    // external network
    ['routers left out', (w) => external(w, { routers: undefined }), ['x network/external-has-a-router']],
    [
      'routers as one router',
      (w) => external(w, { routers: EXTERNAL.routers[0] }),
      [`x ${WELL_FORMED}: routers: "[object Object]" is no list`],
    ],
    [
      'a router that is null',
      (w) => external(w, { routers: [null] }),
      [`x ${WELL_FORMED}: routers[0]: "null" is no router`],
    ],
    [
      'a router without AS',
      (w) => external(w, { routers: [{ name: 'isp1', address: '192.0.2.3' }] }),
      [`x ${WELL_FORMED}: routers[0].asn: nothing was given`],
    ],
    [
      'a router on a leaf that is a name',
      (w) => external(w, { routers: [{ ...EXTERNAL.routers[0], address: '192.0.2.3', leaf: 'border1' }] }),
      [`x ${WELL_FORMED}: routers[0].leaf: "border1" is no construct`],
    ],
    ['prefixes left out', (w) => external(w, { prefixes: undefined }), ['x network/has-an-address-family']],
    [
      'destinations left out',
      (w) => external(w, { destinationPrefixes: undefined }),
      ['x network/external-leads-somewhere'],
    ],
    [
      'nat of an external network left out',
      (w) => external(w, { nat: undefined }),
      [`x ${WELL_FORMED}: nat: nothing was given`],
    ],
    // host
    ['no rack', (w) => machine(w, { rack: undefined }), ['x host/is-in-a-rack']],
    [
      'a rack that is the name of one',
      (w) => machine(w, { rack: 'rack' }),
      [`x ${WELL_FORMED}: rack: "rack" is no construct`],
    ],
    ['no primary network', (w) => machine(w, { primaryNetwork: null }), ['x machine/has-one-primary-network']],
    [
      'a primary network that is a name',
      (w) => machine(w, { primaryNetwork: 'blue' }),
      [`x ${WELL_FORMED}: primaryNetwork: "blue" is no construct`],
    ],
    ['an address that is a number', (w) => machine(w, { ip: 10 }), [`x ${WELL_FORMED}: ip: "10" is no text`]],
    [
      'autoIp as a text',
      (w) => machine(w, { autoIp: 'yes' }),
      [`x ${WELL_FORMED}: autoIp: "yes" is neither true nor false`],
    ],
    [
      'leaves as one leaf',
      (w) => machine(w, { leaves: w.rack.leaves[0] }),
      [`x ${WELL_FORMED}: leaves: "fra/fra/rack/leaf1" is no list`],
    ],
    [
      'leaves by name',
      (w) => machine(w, { leaves: ['rack-leaf1'] }),
      [`x ${WELL_FORMED}: leaves[0]: "rack-leaf1" is no construct`],
    ],
    [
      'leaf ports as a text',
      (w) => machine(w, { leafPorts: 'swp1' }),
      [`x ${WELL_FORMED}: leafPorts: "swp1" is no list`],
    ],
    [
      'an interface that is a number',
      (w) => machine(w, { interfaces: [1, 'lan1'] }),
      ['x switch/interface-names-fit-the-device: interfaces[0]: "1" is no text'],
    ],
    ['a target that is null', (w) => machine(w, { target: null }), []],
    [
      'a target that is an object',
      (w) => machine(w, { target: {} }),
      [`x ${WELL_FORMED}: target: "[object Object]" is no Target`],
    ],
    [
      'attached to nothing',
      (w) => machine(w, {}).attach(undefined as Js),
      [`x ${WELL_FORMED}: attach: nothing was given`],
    ],
    [
      'attached with null',
      (w) => machine(w, {}).attach(w.storage, null as Js),
      ['x machine/stays-out-of-further-shared-networks'],
    ],
    // firewall
    [
      'connected to a name',
      (w) => firewall(w).connect('storage' as Js),
      [`x ${WELL_FORMED}: connect: "storage" is no construct`],
    ],
    [
      'a policy that is a text',
      (w) => firewall(w).connect(w.storage, { nat: 'none' } as Js),
      [`x ${WELL_FORMED}: nat: "none" is no NatPolicy`],
    ],
    [
      'a policy that is true',
      (w) => firewall(w).connect(w.storage, { nat: true } as Js),
      [`x ${WELL_FORMED}: nat: "true" is no NatPolicy`],
    ],
    [
      'kept destinations as a text',
      (w) => firewall(w).connect(w.internet, { nat: NatPolicy.masquerade({ keep: '10.0.0.0/8' as Js }) }),
      [`x ${WELL_FORMED}: nat.keep: "10.0.0.0/8" is no list`],
    ],
    [
      'flows as one flow',
      (w) => firewall(w).connect(w.internet, { allow: Flow.to('0.0.0.0/0') as Js }),
      [`x ${WELL_FORMED}: allow: "[object Object]" is no list`],
    ],
    [
      'a flow that is a text',
      (w) => firewall(w).connect(w.internet, { allow: ['tcp/443'] as Js }),
      [`x ${WELL_FORMED}: allow[0]: "tcp/443" is no Flow`],
    ],
    [
      'a flow to nowhere',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to(undefined as Js)] }),
      ['x network/prefixes-are-canonical: allow[0]: nothing was given'],
    ],
    [
      'a flow to no network',
      (w) => firewall(w).connect(w.storage, { allow: [Flow.toNetwork(undefined as Js)] }),
      [`x ${WELL_FORMED}: allow[0]: nothing was given`],
    ],
    [
      'a flow to the name of a network',
      (w) => firewall(w).connect(w.storage, { allow: [Flow.toNetwork('storage' as Js)] }),
      [`x ${WELL_FORMED}: allow[0]: "storage" is no construct`],
    ],
    [
      'a port as a text',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to('0.0.0.0/0').tcp('443' as Js)] }),
      [`x ${WELL_FORMED}: allow[0]: "443" is no whole number`],
    ],
    [
      'a port that is undefined',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to('0.0.0.0/0').tcp(undefined as Js)] }),
      [`x ${WELL_FORMED}: allow[0]: nothing was given`],
    ],
    [
      'a flow on what is no port',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to('0.0.0.0/0').on(443 as Js)] }),
      [`x ${WELL_FORMED}: allow[0]: "443" is no Port`],
    ],
    [
      'a comment that is a number',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to('0.0.0.0/0').comment(5 as Js)] }),
      [`x ${WELL_FORMED}: allow[0].comment: "5" is no text`],
    ],
  ])('%s', (_, declare, expected) => {
    // Where a rule is named without words, those are its own test's. What follows from a refused value may be found, too.
    const found = findings(declare);
    const said = (line: string): string => (expected.includes(line) ? line : line.replace(/:.*/, ''));
    expect(found.map(said)).toEqual(expected.length === 0 ? [] : expect.arrayContaining(expected));
    expect(new Set(found.map((line) => line.split(' ')[0])).size).toBeLessThanOrEqual(1);
  });
});

describe('a token where a value must be known is a finding', () => {
  const text = () => Lazy.stringValue({ produce: () => 'blue' });
  const number = () => Lazy.numberValue({ produce: () => 7 });
  const list = () => Lazy.listValue({ produce: () => ['10.129.0.0/22'] });
  const later = 'a token was given, which has its value only when Terraform runs';

  test.each<[string, (world: World) => unknown, string]>([
    ['the name of a network', (w) => network(w, { name: text() }), 'x library/identity-is-known-at-synth: name'],
    [
      'a project',
      (w) => network(w, { project: Fn.join('-', ['a', text()]) }),
      'x library/identity-is-known-at-synth: project',
    ],
    ['a VNI', (w) => network(w, { vni: number() }), 'x library/identity-is-known-at-synth: vni'],
    ['a prefix', (w) => network(w, { prefixes: [text()] }), 'x library/identity-is-known-at-synth: prefixes[0]'],
    ['prefixes', (w) => network(w, { prefixes: list() }), 'x library/identity-is-known-at-synth: prefixes'],
    [
      'super networks',
      (w) => partition(w, { superNetworks: list() }),
      'fra/muc library/identity-is-known-at-synth: superNetworks',
    ],
    [
      'the number of spines',
      (w) => partition(w, { spines: number() }),
      'fra/muc library/identity-is-known-at-synth: spines',
    ],
    [
      'an end of a pool',
      (w) => partition(w, { asnPool: { first: number(), last: 4_294_967_294 } }),
      'fra/muc library/identity-is-known-at-synth: asnPool.first',
    ],
    [
      'the release of FRR',
      (w) => partition(w, { frrVersion: text() }),
      'fra/muc library/identity-is-known-at-synth: frrVersion',
    ],
    [
      'the name of a partition',
      (w) => partition(w, { name: text() }),
      'fra/muc library/identity-is-known-at-synth: name',
    ],
    [
      'the folder of the ledger',
      (w) => partition(w, { ledgerDirectory: text() }),
      'fra/muc library/identity-is-known-at-synth: ledgerDirectory',
    ],
    [
      'a description',
      (w) => partition(w, { description: text() }),
      'fra/muc library/identity-is-known-at-synth: description',
    ],
    [
      'a target',
      (w) => machine(w, { target: Target.directory(text()) }),
      'x library/identity-is-known-at-synth: target',
    ],
    ['an address', (w) => machine(w, { ip: text() }), 'x library/identity-is-known-at-synth: ip'],
    [
      'a port of a leaf',
      (w) => machine(w, { leafPorts: [text(), 'swp1'] }),
      'x library/identity-is-known-at-synth: leafPorts[0]',
    ],
    [
      'whether NAT is asked for',
      (w) => shared(w, { nat: Token.asAny(Fn.tobool('true')) }),
      'x library/identity-is-known-at-synth: nat',
    ],
    [
      'the prefix of a flow',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to(text())] }),
      'x library/identity-is-known-at-synth: allow[0]',
    ],
    [
      'a port of a flow',
      (w) => firewall(w).connect(w.internet, { allow: [Flow.to('0.0.0.0/0').on(Port.tcp(number()))] }),
      'x library/identity-is-known-at-synth: allow[0]',
    ],
    [
      'the address of a router',
      (w) => external(w, { routers: [{ ...EXTERNAL.routers[0], address: text() }] }),
      'x library/identity-is-known-at-synth: routers[0].address',
    ],
  ])('%s', (_, declare, expected) => {
    expect(findings(declare).filter((line) => line.includes('known-at-synth'))).toEqual([`${expected}: ${later}`]);
  });

  test('also the address of another machine of ours, which is given later', () => {
    const declare = (world: World): unknown =>
      machine(world, {
        ip: new Machine(world.fra, 'first', { rack: world.rack, primaryNetwork: world.blue }).ipv4Address,
      });
    expect(findings(declare)).toEqual([`x library/identity-is-known-at-synth: ip: ${later}`]);
  });
});
