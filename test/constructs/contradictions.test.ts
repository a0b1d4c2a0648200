import {
  ExternalNetwork,
  Firewall,
  Flow,
  InternetAccess,
  Machine,
  type Partition,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { findingsOf, Scratch } from './app';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** What is found in a partition "fra" in which all that is given was declared. */
function found(declare: (fra: Partition) => void): readonly string[] {
  const app = scratch.app();
  declare(scratch.partition(app, 'fra'));
  return findingsOf(app);
}

describe('a list of consumers', () => {
  const consumedByBlue = (name: (storage: PrivateNetwork) => void) => (fra: Partition) => {
    const storage = new PrivateNetwork(fra, 'storage', { project: 'storage' });
    name(storage);
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Firewall(fra, 'blue-fw', { rack: new Rack(fra, 'rack1'), primaryNetwork: blue }).connect(storage);
  };
  const refused = [expect.stringContaining('network/is-consumed-by-projects-it-is-exposed-to')];

  test('holds whether the network is shared before or after it', () => {
    expect(found(consumedByBlue((storage) => storage.share({ nat: false }).exposedTo('green')))).toEqual(refused);
    scratch.remove();
    scratch = new Scratch();
    expect(
      found(
        consumedByBlue((storage) => {
          storage.exposedTo('green');
          storage.share({ nat: false });
        }),
      ),
    ).toEqual(refused);
  });

  test('of a network that is not shared is a finding', () => {
    expect(found((fra) => new PrivateNetwork(fra, 'blue', { project: 'blue' }).exposedTo('green'))).toEqual([
      expect.stringContaining('exposedTo: names green, and the network is not shared'),
    ]);
  });
});

describe('the way to the internet', () => {
  test.each([
    [InternetAccess.none(), InternetAccess.viaFirewall()],
    [InternetAccess.viaFirewall(), InternetAccess.none()],
  ])('declared in two ways is a finding, in either order', (first, second) => {
    const findings = found((fra) => {
      new PrivateNetwork(fra, 'blue', { project: 'blue' }).internetAccess(first).internetAccess(second);
    });
    expect(findings.filter((finding) => finding.includes('internetAccess: is declared as'))).toHaveLength(1);
  });

  test('declared twice in one way is none', () => {
    const none = InternetAccess.none();
    expect(
      found((fra) => new PrivateNetwork(fra, 'blue', { project: 'blue' }).internetAccess(none).internetAccess(none)),
    ).toEqual([]);
  });
});

test('shared twice with the same destinations in another order is no contradiction', () => {
  const findings = found((fra) => {
    const rack = new Rack(fra, 'rack1');
    const [a, b] = ['198.18.0.0/16', '198.19.0.0/16'] as const;
    const dmz = new SharedNetwork(fra, 'dmz', { project: 'ops', nat: true, destinationPrefixes: [a, b] });
    dmz.share({ nat: true, destinationPrefixes: [b, a] });
    const mpls = new ExternalNetwork(fra, 'mpls', {
      prefixes: ['203.0.113.0/24'],
      destinationPrefixes: [a, b],
      nat: true,
      routers: [{ name: 'pe1', address: '192.0.2.1', asn: 64500 }],
    });
    new Firewall(fra, 'dmz-fw', { rack, primaryNetwork: dmz }).connect(mpls);
  });
  expect(findings).toEqual([]);
});

const NO_PORTS: number[] = [];

test.each<[string, (flow: Flow) => Flow]>([
  ['no protocol', (flow) => flow.on()],
  ['no port of TCP', (flow) => flow.tcp(...NO_PORTS)],
  ['no port of UDP', (flow) => flow.udp(...NO_PORTS)],
])('a flow that names %s is a finding, and lets through neither all nor nothing', (_, narrow) => {
  const findings = found((fra) => {
    const storage = new SharedNetwork(fra, 'storage', { project: 'storage', nat: false });
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    const rack = new Rack(fra, 'rack1');
    new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(storage, {
      allow: [narrow(Flow.toNetwork(storage))],
    });
  });
  expect(findings).toEqual([expect.stringContaining('allow[0]: names no protocol or port')]);
});

test.each([
  ['spines', -1],
  ['spines', 65],
  ['borderLeaves', -1],
  ['borderLeaves', 65],
])('%s: %d is a finding', (property, count) => {
  const app = scratch.app();
  scratch.partition(app, 'fra', { [property]: count });
  expect(findingsOf(app)).toEqual([expect.stringContaining(`${property}: ${count} is outside 0–64`)]);
});

test('an address of the other family is a finding', () => {
  const findings = found((fra) => {
    const primaryNetwork = new PrivateNetwork(fra, 'blue', { project: 'blue' });
    new Machine(fra, 'blue-1', { rack: new Rack(fra, 'rack1'), primaryNetwork, ip: 'fd00::1', ipv6: '10.128.0.5' });
  });
  expect(findings).toEqual([
    expect.stringContaining('ip: "fd00::1" is no IPv4 address'),
    expect.stringContaining('ipv6: "10.128.0.5" is no IPv6 address'),
  ]);
});
