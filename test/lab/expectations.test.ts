import { Address } from '../../lib/net';
import type { Manifest } from '../../lib/manifest';
import { agrees, describePromise, matrixOf, type Seen } from '../../lib/lab';
import type { Endpoint } from '../../lib/lab/endpoints';
import { ANY_PORT, expectationsOf } from '../../lib/lab/expectations';
import { parseRoutes } from '../../lib/lab/routes-check';

type Promised = Manifest['promises'][number];

const endpoint = (kind: Endpoint['kind'], name: string, network: string, address: string): Endpoint => ({
  kind,
  name,
  network,
  family: address.includes(':') ? 'ipv6' : 'ipv4',
  address: Address.parse(address),
  node: name,
});

const blue1 = endpoint('machine', 'blue-1', 'blue', '10.0.0.1');
const green1 = endpoint('machine', 'green-1', 'green', '10.0.1.1');
const store1 = endpoint('machine', 'store-1', 'store', '10.0.2.1');
const ownFirewall = endpoint('firewall', 'blue-fw', 'store', '10.0.2.250');
const otherFirewall = endpoint('firewall', 'green-fw', 'store', '10.0.2.251');
const world = endpoint('beyond', 'internet', 'internet', '198.51.100.10');

const NETWORK = { kind: 'network', name: 'blue', prefixes: ['10.0.0.0/24'] } as const;
const promised = (given: Partial<Promised>): Promised => ({
  from: { ...NETWORK, prefixes: [...NETWORK.prefixes] },
  to: { kind: 'network', name: 'store', prefixes: ['10.0.2.0/24'] },
  family: 'ipv4',
  protocol: 'any',
  ports: [],
  verdict: 'allowed',
  seenAs: 'original',
  via: 'blue-fw',
  because: 'promised',
  ...given,
});

const PROMISES: readonly Promised[] = [
  promised({ seenAs: '10.0.2.250' }),
  promised({
    to: { kind: 'beyond', name: 'internet', prefixes: ['0.0.0.0/0'] },
    protocol: 'tcp',
    ports: ['80', '8000-8009'],
    seenAs: '185.1.2.1',
  }),
  promised({
    to: { kind: 'firewalls', name: 'store', prefixes: ['10.0.2.0/24'] },
    protocol: 'icmp',
    seenAs: '10.0.2.250',
  }),
  promised({ to: { kind: 'anything-else', name: '', prefixes: [] }, verdict: 'denied', seenAs: null, via: null }),
];

const everyone = [blue1, green1, store1, ownFirewall, otherFirewall, world];

/** Flows from blue-1, as `<to> <protocol>/<port>: <seen as>`, those that are allowed. */
function allowedFromBlue(promises: readonly Promised[] = PROMISES): readonly string[] {
  return expectationsOf(promises, everyone)
    .filter(({ from, allowed }) => from === blue1 && allowed)
    .map(({ to, protocol, port, seenAs }) => `${to.name} ${protocol}/${port}: ${seenAs ?? ''}`);
}

test('what no promise names is denied, and a network means its machines only', () => {
  expect(allowedFromBlue()).toEqual([
    'store-1 icmp/0: 10.0.2.250',
    `store-1 tcp/${ANY_PORT}: 10.0.2.250`,
    `store-1 udp/${ANY_PORT}: 10.0.2.250`,
    'green-fw icmp/0: 10.0.2.250',
    'internet tcp/80: 185.1.2.1',
    'internet tcp/8000: 185.1.2.1',
    'internet tcp/8009: 185.1.2.1',
  ]);
  expect(expectationsOf([], everyone).some(({ allowed }) => allowed)).toBe(false);
});

test('the ports at both ends of a range are tried, and the one after it', () => {
  const tried = expectationsOf(PROMISES, everyone).filter(({ from, to }) => from === blue1 && to === world);
  expect(tried.filter(({ protocol }) => protocol === 'tcp').map(({ port, allowed }) => [port, allowed])).toEqual([
    [ANY_PORT, false],
    [80, true],
    [81, false],
    [8000, true],
    [8009, true],
    [8010, false],
  ]);
});

test('firewalls open nothing, nobody speaks to himself, and what lies beyond does not speak to what lies beyond', () => {
  const all = expectationsOf(PROMISES, everyone);
  expect(all.some(({ from }) => from.kind === 'firewall')).toBe(false);
  expect(all.some(({ from, to }) => from.name === to.name)).toBe(false);
  expect(all.length).toBeGreaterThan(0);
});

test('a host outweighs its network, and a longer prefix a shorter one', () => {
  const refused = promised({
    to: { kind: 'host', name: 'store-1', prefixes: ['10.0.2.1/32'] },
    verdict: 'denied',
    seenAs: null,
  });
  expect(allowedFromBlue([refused, ...PROMISES]).filter((line) => line.startsWith('store-1'))).toEqual([]);
  const kept = promised({ to: { kind: 'network', name: 'store', prefixes: ['10.0.2.0/30'] } });
  expect(allowedFromBlue([...PROMISES, kept])).toContain('store-1 icmp/0: 10.0.0.1');
});

describe('what was seen', () => {
  const [allowed] = expectationsOf(PROMISES, [blue1, store1]).filter((one) => one.allowed);
  const [denied] = expectationsOf([], [blue1, store1]);
  const seen = (given: Partial<Seen>): Seen => ({
    expectation: allowed!,
    sent: 1,
    arrivals: [{ node: 'store-1', source: '10.0.2.250' }],
    answered: true,
    error: undefined,
    ...given,
  });

  test.each<[string, boolean, Partial<Seen>]>([
    ['an allowed flow that arrived as promised and was answered', true, {}],
    ['one that was not answered', false, { answered: false }],
    ['one that arrived as somebody else', false, { arrivals: [{ node: 'store-1', source: '10.0.0.1' }] }],
    ['one that arrived elsewhere', false, { arrivals: [{ node: 'green-1', source: '10.0.2.250' }] }],
    ['a denied flow that did not arrive', true, { expectation: denied!, arrivals: [], answered: false }],
    ['a denied flow that was never sent', false, { expectation: denied!, sent: 0, arrivals: [], answered: false }],
    ['a denied flow that arrived, unanswered', false, { expectation: denied!, answered: false }],
  ])('%s: %s', (_, expected, given) => expect(agrees(seen(given))).toBe(expected));

  test('is summed up by groups', () => {
    expect(matrixOf([seen({}), seen({ answered: false })])).toEqual([
      { from: 'blue', to: 'store', promised: 'all translated', tried: 2, asPromised: 1 },
    ]);
    expect(describePromise(denied!)).toBe('denied (nothing is promised)');
  });
});

test('routes of a spine are read with their VNI and the devices that announce them', () => {
  const path = (vni: number, ip: string) => ({
    extendedCommunity: { string: `RT:65000:${vni} ET:8 Rmac:02:00:0a:ff:00:01` },
    nexthops: [{ ip }],
  });
  const table = {
    '10.255.0.1:1001': {
      rd: '10.255.0.1:1001',
      '[5]:[0]:[32]:[10.0.0.1]': { paths: [[path(10_001, '10.255.0.1')], [path(10_001, '10.255.0.2')]] },
      '[5]:[0]:[0]:[::]': { paths: [[path(10_002, '10.255.0.1')]] },
    },
    numPrefix: 2,
  };
  expect(
    parseRoutes(JSON.stringify(table)).map(({ vni, prefix, nextHops }) => [vni, prefix.toString(), nextHops]),
  ).toEqual([
    [10_001, '10.0.0.1/32', ['10.255.0.1', '10.255.0.2']],
    [10_002, '::/0', ['10.255.0.1']],
  ]);
});
