import {
  ExternalNetwork,
  Firewall,
  Flow,
  Machine,
  NatPolicy,
  PrivateNetwork,
  Rack,
  SharedNetwork,
} from 'cdktf-metal-fabric';
import { findingsOf, Scratch } from '../constructs/app';

// Shapes of declarations for which promises and devices once differed: what is kept from translation may be all that a firewall leads to, flows may
// name the network they leave by, and firewalls may have several addresses.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

function outsideOf(...destinationPrefixes: string[]) {
  const app = scratch.app();
  const fra = scratch.partition(app);
  const rack = new Rack(fra, 'rack1');
  const blue = new PrivateNetwork(fra, 'blue', { project: 'blue' });
  const outside = new ExternalNetwork(fra, 'outside', {
    prefixes: ['185.1.2.0/24'],
    destinationPrefixes,
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', asn: 64_500 }],
  });
  new Machine(fra, 'blue-1', { rack, primaryNetwork: blue });
  return { app, fra, rack, blue, outside, firewall: new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }) };
}

test.each([
  ['all', ['198.51.100.0/24'], ['198.51.100.0/24']],
  ['a part', ['198.51.100.0/24'], ['198.51.100.0/25']],
  ['one of two', ['198.51.100.0/24', '203.0.113.0/24'], ['203.0.113.0/24']],
  ['the whole world', ['0.0.0.0/0'], ['0.0.0.0/0']],
])('%s of the destinations', (_, destinations, keep) => {
  const { app, outside, firewall } = outsideOf(...destinations);
  firewall.connect(outside, { nat: NatPolicy.masquerade({ keep }) });
  expect(findingsOf(app)).toEqual([]);
});

test('all that a flow leads to', () => {
  const { app, outside, firewall } = outsideOf('0.0.0.0/0');
  const allow = [Flow.to('198.51.100.0/25').tcp(443), Flow.to('203.0.113.0/24').udp(53)];
  firewall.connect(outside, { nat: NatPolicy.masquerade({ keep: ['198.51.100.0/24'] }), allow });
  expect(findingsOf(app)).toEqual([]);
});

test('all of a shared network', () => {
  const { app, fra, rack, firewall } = outsideOf('0.0.0.0/0');
  const storage = new SharedNetwork(fra, 'storage', { project: 's', nat: false, prefixes: ['10.128.0.0/24'] });
  new Machine(fra, 'nvme-1', { rack, primaryNetwork: storage });
  firewall.connect(storage, { nat: NatPolicy.masquerade({ keep: ['10.128.0.0/24'] }) });
  expect(findingsOf(app)).toEqual([]);
});

test.each([
  ['the network itself', (outside: ExternalNetwork) => Flow.toNetwork(outside)],
  ['a part of its prefix', () => Flow.to('185.1.2.0/25')],
])('a flow to %s leads to no machine that another tenant has there', (_, flow) => {
  const { app, fra, rack, outside, firewall } = outsideOf('0.0.0.0/0');
  firewall.connect(outside, { allow: [flow(outside)] });
  const green = new PrivateNetwork(fra, 'green', { project: 'green' });
  new Machine(fra, 'green-1', { rack, primaryNetwork: green }).attach(outside);
  new Firewall(fra, 'green-fw', { rack, primaryNetwork: green }).connect(outside);
  expect(findingsOf(app)).toEqual([]);
});

test('a firewall with an address of its own to translate to answers at both', () => {
  const { app, fra, rack, blue, outside, firewall } = outsideOf('0.0.0.0/0');
  new Machine(fra, 'blue-2', { rack, primaryNetwork: blue }).attach(outside);
  firewall.connect(outside, { nat: NatPolicy.translate({ to: '185.1.2.77' }) });
  expect(findingsOf(app)).toEqual([]);
});
