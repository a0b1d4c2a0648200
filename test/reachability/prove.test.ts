import { deriveDevices, type DeviceConfig } from '../../lib/device';
import { knownOf, printFault, prove, Reachability, snapshotOf } from '../../lib/reachability';
import { compiled } from '../device/derived';
import {
  connection,
  externalNetwork,
  firewall,
  type FabricCase,
  machine,
  privateNetwork,
  sharedNetwork,
} from '../rules/model';
import { KINDS } from './mutations';

const FABRIC: FabricCase = {
  networks: [
    externalNetwork('internet'),
    sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] }),
    sharedNetwork('metrics', { nat: true, prefixes: ['10.128.1.0/24'] }),
    privateNetwork('blue', { prefixes: ['10.128.2.0/24'] }),
    privateNetwork('red', { prefixes: ['10.128.3.0/24'] }),
  ],
  machines: [
    machine('nvme', 'storage'),
    machine('meter', 'metrics'),
    machine('blue-1', 'blue'),
    machine('red-1', 'red'),
  ],
  firewalls: [
    firewall('blue-fw', 'blue', {
      connections: [connection('storage'), connection('metrics'), connection('internet')],
    }),
    firewall('red-fw', 'red', { connections: [connection('storage')] }),
  ],
};

const { plan, promises } = compiled(FABRIC);
const devices = deriveDevices(plan);

const proofOf = (changed: readonly DeviceConfig[]): Reachability =>
  new Reachability(() => snapshotOf(plan, changed), knownOf(plan), promises);

/** The devices with the first mistake of a kind on a device. */
function mistaken(kind: string, device: string, what = ''): readonly DeviceConfig[] {
  return devices.map((config) => {
    if (config.device.name !== device) return config;
    const found = KINDS[kind]!(config).find(([text]) => text.includes(what));
    if (found === undefined) throw new Error(`${device} has no place for "${kind}"`);
    return found[1];
  });
}

test('what is derived is what is promised', () => {
  expect([...proofOf(devices).faults()]).toEqual([]);
  expect(() => prove(proofOf(devices), 'par1')).not.toThrow();
});

test('a mistake of the library fails the synthesis, with a packet, the device and the line', () => {
  const proof = proofOf(mistaken('translation is missing', 'blue-fw'));
  expect(() => prove(proof, 'par1')).toThrow(
    /^invariant: the devices derived for par1 do not keep what is promised; nothing was written:\n/,
  );
  const [fault] = proof.faults();
  expect(printFault(fault!).split('\n').slice(0, 5)).toEqual([
    'blue-1 (10.128.2.1) → meter (10.128.1.2) icmp',
    '    promised: arrives as 10.128.1.1 through blue-fw and is answered: translated by blue-fw',
    '    found:    does not arrive',
    '    because:  leaf1 nftables.conf, chain anti-spoofing: iifname "swp2" udp dport 4789 @th,96,24 10002 @th,224,16 0x0800 @th,336,32 != 0xa800101 counter drop',
    '    broken:   What is promised arrives, is seen as promised, and is answered.',
  ]);
});

test('a path between two consumers is found, and the line that opens it', () => {
  const open = devices.map((config): DeviceConfig => {
    if (config.role !== 'firewall' || config.nftables === undefined) return config;
    const chains = config.nftables.chains.map((chain) =>
      chain.hook?.hook === 'forward' || chain.hook?.hook === 'prerouting'
        ? { ...chain, hook: { ...chain.hook, policy: 'accept' as const }, rules: [] }
        : chain,
    );
    const leaks = config.frr.routeMaps.map((map) =>
      map.name.startsWith('import-')
        ? {
            ...map,
            entries: map.entries.map((entry) => ({
              ...entry,
              matches: entry.matches.filter(({ kind }) => kind !== 'prefix-list'),
            })),
          }
        : map,
    );
    return { ...config, frr: { ...config.frr, routeMaps: leaks }, nftables: { ...config.nftables, chains } };
  });
  const unguarded = open.map((config): DeviceConfig =>
    config.role !== 'leaf'
      ? config
      : {
          ...config,
          nftables: undefined,
          frr: {
            ...config.frr,
            bgp: config.frr.bgp.map((bgp) => ({
              ...bgp,
              evpn: bgp.evpn && {
                ...bgp.evpn,
                neighbors: bgp.evpn.neighbors.map((one) => ({ ...one, routeMapIn: undefined, routeMapOut: undefined })),
              },
            })),
          },
        },
  );
  const found = [...proofOf(unguarded).differences()].filter(
    ({ from, to }) => from.name === 'blue-1' && to.name === 'red-1',
  );
  expect(found[0]).toMatchObject({
    statement: 'There is no path between two consumers, nor from a network that sees its consumers translated.',
    promised: 'does not arrive: nothing else is promised',
    found: 'arrives as 10.128.2.1 through blue-fw, red-fw and is answered',
    device: 'red-fw',
  });
});

test('what a leaf lets in of somebody else is found', () => {
  const open = devices.map((config): DeviceConfig =>
    config.device.name === 'leaf2' ? { ...config, nftables: undefined } : config,
  );
  const texts = [...proofOf(open).faults()].map(({ packet, found }) => `${packet}: ${found}`);
  expect(texts).toContainEqual(expect.stringMatching(/^blue-1 as 0\.0\.0\.0: let in by swp\d+ of leaf2$/));
  expect(texts).toContainEqual(
    expect.stringMatching(/^blue-fw as 0\.0\.0\.0 in a tunnel of VNI \d+: let in by swp\d+ of leaf2$/),
  );
});

test('internet-bound traffic of a shared network goes through its own firewall', () => {
  const own = compiled({
    networks: [externalNetwork('internet'), sharedNetwork('storage', { prefixes: ['10.128.0.0/24'] })],
    machines: [machine('nvme', 'storage')],
    firewalls: [firewall('storage-fw', 'storage', { connections: [connection('internet')] })],
  });
  const flows = own.promises.filter(({ to }) => to.kind === 'beyond');
  expect(flows.map(({ from, via }) => [from.name, via])).toEqual([['storage', 'storage-fw']]);
  // Promised is a way through that firewall; another one would be a difference.
  expect([...own.reachability.faults()]).toEqual([]);
});
