import { join } from 'node:path';
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
import type { Manifest } from '../../lib/manifest';
import { readOutput } from '../../lib/output';
import { findingsOf, Scratch } from '../constructs/app';

// Shapes of declarations for which promises and devices once differed: what is kept from translation may be all that a firewall leads to, flows may
// name what lies around the network they leave by, and firewalls may have several addresses.

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

/** What the synthesis has written. */
const promised = (): Manifest['promises'] =>
  readOutput(join(scratch.out, 'stacks', 'fra', 'fabric', 'fra')).manifest.promises;

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

test('a flow to a network with what lies around it leads to no machine that another tenant has there', () => {
  const { app, fra, rack, outside, firewall } = outsideOf('0.0.0.0/0');
  firewall.connect(outside, { allow: [Flow.to('185.1.0.0/16')] });
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

test('through a DMZ, firewalls answer only where no other network leads to them by a longer prefix', () => {
  const { app, fra, rack, outside, firewall } = outsideOf('0.0.0.0/0');
  const dmz = new SharedNetwork(fra, 'dmz', { project: 'dmz', nat: true, destinationPrefixes: ['0.0.0.0/0'] });
  new Firewall(fra, 'dmz-fw', { rack, primaryNetwork: dmz }).connect(outside);
  const wan = new ExternalNetwork(fra, 'wan', {
    prefixes: ['198.51.100.0/24'],
    destinationPrefixes: ['185.1.0.0/16'],
    nat: true,
    routers: [{ name: 'wan1', address: '192.0.2.3', asn: 64_501 }],
  });
  firewall.connect(dmz).connect(wan);
  const green = new PrivateNetwork(fra, 'green', { project: 'green' });
  new Machine(fra, 'green-1', { rack, primaryNetwork: green });
  new Firewall(fra, 'green-fw', { rack, primaryNetwork: green }).connect(outside);
  expect(findingsOf(app)).toEqual([]);
});

describe('an address of an external network that a machine has', () => {
  const DUAL = {
    prefixes: ['185.1.2.0/24', '2a02:c00:20::/64'],
    destinationPrefixes: ['0.0.0.0/0', '::/0'],
    nat: true,
    routers: [{ name: 'isp1', address: '192.0.2.1', ipv6Address: '2a02:c00:ff::1', asn: 64_500 }],
  };

  test.each([
    ['unique local addresses', ['10.130.0.0/24', 'fd00:10:128:9::/64']],
    ['IPv4 only', ['10.130.0.0/24']],
  ])('over IPv6, in a network of %s, reaches the world, and its neighbors do not', (_, prefixes) => {
    const app = scratch.app();
    const fra = scratch.partition(app);
    const rack = new Rack(fra, 'rack1');
    const blue = new PrivateNetwork(fra, 'blue', { project: 'blue', prefixes });
    const internet = new ExternalNetwork(fra, 'internet', DUAL);
    for (const name of ['blue-1', 'blue-2']) new Machine(fra, name, { rack, primaryNetwork: blue }).attach(internet);
    new Machine(fra, 'blue-3', { rack, primaryNetwork: blue });
    new Firewall(fra, 'blue-fw', { rack, primaryNetwork: blue }).connect(internet);
    expect(findingsOf(app)).toEqual([]);
    const callers = promised().filter(({ family, to }) => family === 'ipv6' && to.kind === 'beyond');
    expect(callers.map(({ from }) => from.name)).toEqual(['blue-1', 'blue-2']);
    // Without prefixes, a party would stand for nobody, or for all.
    const nobody = promised().filter(({ from, to }) => [from, to].some(({ prefixes }) => prefixes.length === 0));
    expect(nobody.filter(({ to }) => to.kind !== 'anything-else')).toEqual([]);
  });

  test.each([
    ['as one of the whole world', ['0.0.0.0/0'], []],
    ['as one within its destinations', ['185.1.0.0/16', '198.51.100.0/24'], ['blue-fw']],
    ['as none of its destinations', ['198.51.100.0/24'], []],
  ])('in a DMZ is known to consumers %s', (_, destinationPrefixes, via) => {
    const { app, fra, rack, outside, firewall } = outsideOf(...destinationPrefixes);
    const dmz = new SharedNetwork(fra, 'dmz', { project: 'dmz', nat: true, destinationPrefixes });
    new Machine(fra, 'dmz-1', { rack, primaryNetwork: dmz }).attach(outside, { ip: '185.1.2.77' });
    new Firewall(fra, 'dmz-fw', { rack, primaryNetwork: dmz }).connect(outside);
    firewall.connect(dmz);
    expect(findingsOf(app)).toEqual([]);
    const found = promised().filter(({ from, to }) => from.name === 'blue' && to.name === 'dmz-1');
    expect(found.map((promise) => promise.via)).toEqual(via);
  });
});
