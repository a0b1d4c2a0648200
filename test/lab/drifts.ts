import type { Site } from './applied';

/** Something that is changed by hand, and how it must be told. */
export interface Drift {
  readonly what: string;
  readonly device: string;
  readonly command: string;
  readonly kind: string;
  readonly told: RegExp;
}

const configure = (...lines: readonly string[]): string =>
  `vtysh ${['configure', ...lines].map((line) => `-c '${line}'`).join(' ')}`;

/** Ten kinds, on switches and a firewall. */
export const DRIFTS: readonly Drift[] = [
  {
    what: 'a route filter is opened',
    device: 'rack1-leaf1',
    command: configure('ip prefix-list swp1-in seq 7 permit 0.0.0.0/0 le 32'),
    kind: 'frr',
    told: /^not applied: ip prefix-list swp1-in seq 7 permit 0\.0\.0\.0\/0 le 32$/,
  },
  {
    what: 'a session is shut',
    device: 'rack1-leaf2',
    command: `asn=$(vtysh -c 'show running-config' | sed -n 's/^router bgp \\([0-9]*\\)$/\\1/p'); vtysh -c configure -c "router bgp $asn" -c 'neighbor fabric shutdown'`,
    kind: 'frr',
    told: /^not applied: router bgp \d+: +neighbor fabric shutdown$/,
  },
  {
    what: 'a rule is added to the packet filter',
    device: 'rack1-leaf1',
    command: 'nft insert rule inet fabric to-device tcp dport 8080 accept',
    kind: 'nftables',
    told: /^not applied: inet fabric .*to-device: tcp dport 8080 accept$/,
  },
  {
    what: 'a chain is emptied',
    device: 'blue-fw',
    command: 'nft flush chain inet fabric through-device',
    kind: 'nftables',
    told: /^missing: inet fabric .*through-device: counter drop$/,
  },
  {
    what: 'an MTU is lowered',
    device: 'rack2-leaf1',
    command: 'ip link set swp2 mtu 1500',
    kind: 'interfaces',
    told: /^not applied: swp2 up mtu 1500/,
  },
  {
    what: 'an address is added',
    device: 'rack2-leaf1',
    command: 'ip address add 192.0.2.99/24 dev swp2',
    kind: 'addresses',
    told: /^not applied: swp2 192\.0\.2\.99\/24$/,
  },
  {
    what: 'a static route is added',
    device: 'blue-fw',
    command: 'ip route add 203.0.113.0/24 dev lan0',
    kind: 'routes',
    told: /^not applied: 4 203\.0\.113\.0\/24 dev lan0 /,
  },
  {
    what: 'a rule of the routing policy is added',
    device: 'blue-fw',
    command: 'ip rule add pref 100 to 10.0.0.0/8 table 7',
    kind: 'rules',
    told: /^not applied: 4 pref 100 from all to 10\.0\.0\.0\/8 lookup 7$/,
  },
  {
    what: 'forwarding is switched off',
    device: 'rack1-leaf1',
    command: 'sysctl -qw net.ipv4.ip_forward=0',
    kind: 'sysctl',
    told: /^not applied: net\.ipv4\.ip_forward = 0$/,
  },
  {
    what: 'a file is edited',
    device: 'rack1-leaf2',
    command: "echo '# by hand' >>/etc/network/interfaces.d/metal-fabric",
    kind: 'file',
    told: /^\/etc\/network\/interfaces\.d\/metal-fabric was edited$/,
  },
];

/** What `metal-fabric drift --json` says, as far as it is asked here. */
export interface DriftReport {
  readonly devices: readonly {
    readonly device: string;
    readonly result: string;
    readonly differences: readonly { readonly kind: string; readonly what: string }[];
  }[];
}

export async function reportOf(site: Site, output: string, ...words: readonly string[]): Promise<DriftReport> {
  const { out } = await site.command('drift', output, '--identity', site.management.privateKeyFile, '--json', ...words);
  return JSON.parse(out) as DriftReport;
}
