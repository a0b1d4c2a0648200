import { z } from 'zod';
import { type Manifest, manifestJsonSchema, manifestSchema, sha256 } from '../../lib/manifest';
import { compiled } from '../device/derived';
import {
  attachment,
  connection,
  externalNetwork,
  firewall,
  machine,
  peer,
  privateNetwork,
  router,
  sharedNetwork,
} from '../rules/model';

const fabric = compiled({
  networks: [
    privateNetwork('blue', { prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'] }),
    sharedNetwork('storage', { nat: true, prefixes: ['10.129.0.0/22'] }),
    externalNetwork('internet', {
      routers: [
        router('isp1', { peers: [peer('192.0.2.1/31')] }),
        router('isp2', { peers: [peer('198.51.100.6/29', '198.51.100.2')] }),
      ],
    }),
  ],
  machines: [
    machine('blue-1', 'blue', { attachments: [attachment('internet', ['185.1.2.80'])] }),
    machine('nvme-1', attachment('storage', ['10.129.0.7'])),
  ],
  firewalls: [firewall('blue-fw', 'blue', { connections: [connection('storage'), connection('internet')] })],
});
const parsed = JSON.parse(fabric.manifestText) as Manifest;

/** The schema as it is shipped, read again from its JSON. */
const shipped = z.fromJSONSchema(
  JSON.parse(JSON.stringify(manifestJsonSchema())) as Parameters<typeof z.fromJSONSchema>[0],
);

describe('fabric.json', () => {
  test('is valid by the schema that reads it, and by the JSON schema that is shipped', () => {
    expect(manifestSchema.parse(parsed)).toEqual(parsed);
    expect(shipped.safeParse(parsed).error).toBeUndefined();
  });

  test.each<[string, (manifest: Manifest) => unknown]>([
    ['another version', (manifest) => ({ ...manifest, version: 2 })],
    ['another format', (manifest) => ({ ...manifest, format: 'something' })],
    ['a property too many', (manifest) => ({ ...manifest, extra: true })],
    ['a property too few', ({ devices: _, ...manifest }) => manifest],
    ['a role that there is none', (manifest) => ({ ...manifest, devices: [{ ...manifest.devices[0], role: 'tor' }] })],
    [
      'a hash that is none',
      (manifest) => ({
        ...manifest,
        devices: [{ ...manifest.devices[0], files: [{ name: 'a', path: '/a', sha256: 'A' }] }],
      }),
    ],
    ['a VNI that is a text', (manifest) => ({ ...manifest, networks: [{ ...manifest.networks[0], vni: '7' }] })],
  ])('is refused by both with %s', (_, change) => {
    const changed = change(structuredClone(parsed));
    expect([manifestSchema.safeParse(changed).success, shipped.safeParse(changed).success]).toEqual([false, false]);
  });

  test('names every device with its files, their places on the device, and their hashes', () => {
    for (const { device, files } of fabric.devices) {
      const entry = parsed.devices.find(({ name }) => name === device.name)!;
      expect(entry.files).toEqual(files.map(({ name, path, content }) => ({ name, path, sha256: sha256(content) })));
    }
    expect(parsed.devices.map(({ name, role, rack }) => [name, role, rack])).toEqual([
      ['border1', 'border-leaf', null],
      ['leaf1', 'leaf', 'rack1'],
      ['leaf2', 'leaf', 'rack1'],
      ['spine1', 'spine', null],
      ['blue-fw', 'firewall', 'rack1'],
      ['blue-1', 'machine', 'rack1'],
      ['nvme-1', 'machine', 'rack1'],
    ]);
    expect(parsed.devices.filter(({ loopback }) => loopback === null).map(({ name }) => name)).toEqual([
      'blue-1',
      'nvme-1',
    ]);
  });

  test('has both ends of every cable, each port of a device in one cable only', () => {
    const ends = parsed.links.flatMap(({ a, b }) => [a, b]).filter(({ port }) => port !== '');
    expect(new Set(ends.map(({ device, port }) => `${device} ${port}`)).size).toBe(ends.length);
    const count = (kind: string): number => parsed.links.filter((link) => link.kind === kind).length;
    expect(['fabric', 'firewall', 'machine', 'router'].map(count)).toEqual([3, 2, 4, 2]);
    for (const { device } of ends) expect(parsed.devices.map(({ name }) => name)).toContain(device);
  });

  test('says of each network what it is', () => {
    expect(parsed.networks.map(({ routers: _, ...network }) => network)).toEqual([
      {
        name: 'blue',
        kind: 'private',
        project: 'blue',
        shared: false,
        nat: false,
        vni: 10_000,
        prefixes: ['10.128.0.0/22', 'fd00:10:128::/64'],
        destinationPrefixes: [],
      },
      {
        name: 'internet',
        kind: 'external',
        project: null,
        shared: false,
        nat: true,
        vni: 10_001,
        prefixes: ['185.1.2.0/24'],
        destinationPrefixes: ['0.0.0.0/0'],
      },
      {
        name: 'storage',
        kind: 'private',
        project: 'storage',
        shared: true,
        nat: true,
        vni: 10_002,
        prefixes: ['10.129.0.0/22'],
        destinationPrefixes: [],
      },
    ]);
  });

  test('knows both addresses on the link to a router: the other one of a /31, or the one given', () => {
    expect(parsed.networks[1]!.routers.map(({ name, device, addresses }) => ({ name, device, addresses }))).toEqual([
      { name: 'isp1', device: 'border1', addresses: [{ address: '192.0.2.1', local: '192.0.2.0', length: 31 }] },
      { name: 'isp2', device: 'border1', addresses: [{ address: '198.51.100.6', local: '198.51.100.2', length: 29 }] },
    ]);
  });

  test('has the addresses of every host, by network', () => {
    expect(
      parsed.hosts.map(({ name, kind, project, addresses }) => [
        name,
        kind,
        project,
        addresses.map(({ network, address }) => `${network} ${address}`),
      ]),
    ).toEqual([
      ['blue-1', 'machine', 'blue', ['blue 10.128.0.1', 'blue fd00:10:128::1', 'internet 185.1.2.80']],
      ['nvme-1', 'machine', 'storage', ['storage 10.129.0.7']],
      [
        'blue-fw',
        'firewall',
        'blue',
        ['blue 10.128.0.2', 'blue fd00:10:128::2', 'internet 185.1.2.1', 'storage 10.129.0.1'],
      ],
    ]);
  });

  test('has all promises', () => {
    expect(parsed.promises.length).toBe(fabric.promises.length);
    expect(parsed.promises).toContainEqual({
      from: { kind: 'network', name: 'blue', prefixes: ['10.128.0.0/22'] },
      to: { kind: 'network', name: 'storage', prefixes: ['10.129.0.0/22'] },
      family: 'ipv4',
      protocol: 'any',
      ports: [],
      verdict: 'allowed',
      seenAs: '10.129.0.1',
      via: 'blue-fw',
      because: 'translated by blue-fw',
    });
  });
});
