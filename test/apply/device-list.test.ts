import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printDeviceList, versionOf } from '../../lib/apply';
import { type Manifest, manifestSchema, sessionsOf } from '../../lib/manifest';
import { readTree } from '../examples/files';
import { GOLDEN } from '../examples/golden';

const FABRIC = 'fra-equ01/fabric/fra-equ01';

interface Kept {
  readonly manifest: Manifest;
  readonly textOf: (device: string, file: string) => string;
}

/** Every fabric that is kept as golden. */
const fabrics = readdirSync(GOLDEN)
  .map((name) => [name, readTree(join(GOLDEN, name))] as const)
  .flatMap(([name, tree]): (readonly [string, Kept])[] => {
    const text = tree.get(`${FABRIC}/fabric.json`);
    if (text === undefined) return [];
    const manifest = manifestSchema.parse(JSON.parse(text));
    return [[name, { manifest, textOf: (device, file) => tree.get(`${FABRIC}/${device}/${file}`) ?? '' }]];
  });

/** Neighbors as FRR is told of them: `<vrf> <neighbor>`; peer groups are none. */
function neighborsIn(conf: string): readonly string[] {
  let vrf = 'default';
  return conf.split('\n').flatMap((line) => {
    const [, instance] = /^router bgp \d+(?: vrf (\S+))?$/.exec(line) ?? [line];
    if (line.startsWith('router bgp')) vrf = instance ?? 'default';
    const [, neighbor] = /^ neighbor (\S+) (?:interface |remote-as \d+$)/.exec(line) ?? [];
    return neighbor === undefined ? [] : [`${vrf} ${neighbor}`];
  });
}

test('there are fabrics to look at', () => {
  expect(fabrics.length).toBeGreaterThanOrEqual(5);
});

describe.each(fabrics)('the sessions of %s', (_, { manifest, textOf }) => {
  test('are those that FRR is told of, on every device', () => {
    let sessions = 0;
    for (const { name } of manifest.devices) {
      const derived = (sessionsOf(manifest).get(name) ?? []).map(({ vrf, neighbor }) => `${vrf} ${neighbor}`);
      expect([name, [...derived].sort()]).toEqual([name, [...neighborsIn(textOf(name, 'frr.conf'))].sort()]);
      sessions += derived.length;
    }
    expect(sessions).toBeGreaterThan(2 * manifest.devices.length);
  });

  test('stand in device.list, with the hash of every file', () => {
    for (const device of manifest.devices) {
      expect(textOf(device.name, 'device.list')).toBe(printDeviceList(manifest, device));
    }
  });
});

describe('device.list', () => {
  const [, { manifest }] = fabrics.find(([name]) => name === 'internet-access')!;
  const device = manifest.devices.find(({ name }) => name === 'border1')!;

  test('is read by a shell, line by line', () => {
    const hash = (name: string): string => device.files.find((file) => file.name === name)!.sha256;
    expect(printDeviceList(manifest, device).split('\n')).toEqual([
      'metal-fabric-device 1',
      'device border1',
      'role border-leaf',
      'frr 10.3',
      'management eth0',
      'session default swp2',
      'session default swp3',
      'session vrf10003 192.0.2.1',
      `file ${hash('daemons')} daemons /etc/frr/daemons`,
      `file ${hash('frr.conf')} frr.conf /etc/frr/frr.conf`,
      `file ${hash('interfaces')} interfaces /etc/network/interfaces.d/metal-fabric`,
      `file ${hash('nftables.conf')} nftables.conf /etc/nftables.conf`,
      `file ${hash('sysctl.conf')} sysctl.conf /etc/sysctl.d/90-metal-fabric.conf`,
      '',
    ]);
  });

  test('has another version as soon as any file has', () => {
    const files = device.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }));
    const versions = [
      device,
      ...device.files.map((file) => ({ ...device, files: files.filter((one) => one.name !== file.name) })),
    ].map((one) => versionOf(printDeviceList(manifest, one)));
    expect(new Set(versions).size).toBe(versions.length);
    for (const version of versions) expect(version).toMatch(/^[0-9a-f]{64}$/);
  });
});
