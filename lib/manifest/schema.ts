import { z } from 'zod';

/** The version of `fabric.json`: raised when a reader of the old one would go wrong. */
export const MANIFEST_VERSION = 1;

const prefix = z.string().describe('A prefix in canonical form, like 10.128.0.0/22 or fd00:10:128::/64.');
const address = z.string().describe('An IPv4 or IPv6 address.');
const family = z.enum(['ipv4', 'ipv6']);

const linkEnd = z.strictObject({
  device: z.string().describe('A device, or the router of somebody else, as `<network>/<router>`.'),
  port: z.string().describe('The name of the interface; empty on a router.'),
});

const party = z.strictObject({
  kind: z.enum(['network', 'firewalls', 'host', 'beyond', 'anything-else']),
  name: z.string(),
  prefixes: z.array(prefix.or(address)),
});

const port = z.int().min(1).max(65_535);
const seconds = z.int().min(1);
const hostKey = z
  .string()
  .nullable()
  .describe('The public key of the host, or of the CA that signed it, as `<type> <key>`; null if any will do.');

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('directory'),
    path: z.string().describe('The folder of the device, relative to the one that the app is run in.'),
  }),
  z.strictObject({
    kind: z.literal('ssh'),
    host: z.string().describe('An address, or a host name.'),
    port,
    user: z.string(),
    become: z.enum(['none', 'sudo', 'doas']).describe('How the user becomes root.'),
    hostKey,
    bastion: z.strictObject({ host: z.string(), port, user: z.string(), hostKey }).nullable(),
    connectTimeout: seconds,
    healthTimeout: seconds,
    confirmTimeout: seconds,
  }),
]);

/** What stands in `fabric.json`, beside the configurations: the only thing that tools read. */
export const manifestSchema = z.strictObject({
  format: z.literal('cdktf-metal-fabric/fabric'),
  version: z.literal(MANIFEST_VERSION),
  partition: z.string(),
  frr: z.string().describe('The release of FRR the configurations are written for, like 8.4.'),
  devices: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['spine', 'leaf', 'border-leaf', 'firewall', 'machine']),
      rack: z.string().nullable(),
      asn: z.int(),
      routerId: address,
      loopback: address.nullable().describe('The end of its VXLAN tunnels; null on machines.'),
      management: z.strictObject({ interface: z.string(), address: address.nullable() }),
      target: target.describe('Where the configuration is applied to. No secret stands here.'),
      files: z.array(
        z.strictObject({
          name: z.string().describe('The file in the folder of the device.'),
          path: z.string().describe('Where it belongs on the device.'),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
        }),
      ),
    }),
  ),
  links: z.array(z.strictObject({ kind: z.enum(['fabric', 'firewall', 'machine', 'router']), a: linkEnd, b: linkEnd })),
  networks: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['private', 'external']),
      project: z.string().nullable(),
      shared: z.boolean(),
      nat: z.boolean().describe('Whether consumers are hidden behind an address of this network.'),
      vni: z.int(),
      prefixes: z.array(prefix),
      destinationPrefixes: z.array(prefix),
      routers: z.array(
        z.strictObject({
          name: z.string(),
          asn: z.int(),
          device: z.string(),
          port: z.string(),
          addresses: z.array(z.strictObject({ address, local: address, length: z.int() })),
        }),
      ),
    }),
  ),
  hosts: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['machine', 'firewall']),
      project: z.string().nullable(),
      network: z.string().describe('The primary network.'),
      addresses: z.array(z.strictObject({ network: z.string(), family, address })),
    }),
  ),
  promises: z.array(
    z.strictObject({
      from: party,
      to: party,
      family,
      protocol: z.enum(['any', 'icmp', 'tcp', 'udp']),
      ports: z.array(z.string()).describe('Like 443 or 30000-32767; empty for every port.'),
      verdict: z.enum(['allowed', 'denied']),
      seenAs: z.string().nullable().describe('`original`, an address, or null where nothing arrives.'),
      via: z.string().nullable().describe('The firewalls on the way, or null.'),
      because: z.string(),
    }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The JSON schema of `fabric.json` (draft 2020-12). */
export function manifestJsonSchema(): object {
  return {
    ...z.toJSONSchema(manifestSchema),
    title: 'fabric.json of cdktf-metal-fabric',
  };
}
