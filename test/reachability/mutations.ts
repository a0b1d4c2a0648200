import type { DeviceConfig } from '../../lib/device';
import type { BgpInstance, FrrConfig, NeighborPolicy, RouteMapEntry } from '../../lib/language/frr';
import type { NftChain, NftRule } from '../../lib/language/nftables';
import { Address } from '../../lib/net';

// Mistakes that a derivation might make, one at a time.

export interface Mutation {
  readonly kind: string;
  readonly what: string;
  readonly devices: readonly DeviceConfig[];
}

type Variants = (config: DeviceConfig) => readonly (readonly [what: string, changed: DeviceConfig])[];

const frr = (config: DeviceConfig, changed: Partial<FrrConfig>): DeviceConfig => ({
  ...config,
  frr: { ...config.frr, ...changed },
});

const without = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_, at) => at !== index);
const replaced = <T>(all: readonly T[], index: number, by: T): readonly T[] =>
  all.map((one, at) => (at === index ? by : one));

/** Every prefix list of which an entry of the action can be left out. */
const dropEntry =
  (action: 'permit' | 'deny'): Variants =>
  (config) =>
    config.frr.prefixLists.flatMap((list, at) =>
      list.entries.flatMap((entry, index) =>
        entry.action === action
          ? [
              [
                `${list.name} ${entry.prefix.toString()}`,
                frr(config, {
                  prefixLists: replaced(config.frr.prefixLists, at, { ...list, entries: without(list.entries, index) }),
                }),
              ] as const,
            ]
          : [],
      ),
    );

function editMaps(
  config: DeviceConfig,
  edit: (entry: RouteMapEntry) => RouteMapEntry | undefined,
): readonly (readonly [string, DeviceConfig])[] {
  const { routeMaps } = config.frr;
  return routeMaps.flatMap((map, at) =>
    map.entries.flatMap((entry, index) => {
      const edited = edit(entry);
      if (edited === undefined) return [];
      const entries = replaced(map.entries, index, edited);
      return [
        [
          `${map.name} ${entry.sequence}`,
          frr(config, { routeMaps: replaced(routeMaps, at, { ...map, entries }) }),
        ] as const,
      ];
    }),
  );
}

function editInstances(
  config: DeviceConfig,
  edit: (bgp: BgpInstance) => readonly (readonly [string, BgpInstance])[],
): readonly (readonly [string, DeviceConfig])[] {
  return config.frr.bgp.flatMap((bgp, at) =>
    edit(bgp).map(
      ([what, changed]) =>
        [`${bgp.vrf ?? 'default'} ${what}`, frr(config, { bgp: replaced(config.frr.bgp, at, changed) })] as const,
    ),
  );
}

/** Each rule of the device's chains, in place of which there is another one, or none. */
function editRules(
  config: DeviceConfig,
  edit: (rule: NftRule, chain: NftChain) => NftRule | 'gone' | undefined,
): readonly (readonly [string, DeviceConfig])[] {
  const { nftables } = config;
  if (nftables === undefined) return [];
  return nftables.chains.flatMap((chain, at) =>
    chain.rules.flatMap((rule, index) => {
      const edited = edit(rule, chain);
      if (edited === undefined) return [];
      const rules = edited === 'gone' ? without(chain.rules, index) : replaced(chain.rules, index, edited);
      return [
        [
          `${chain.name} rule ${index}`,
          { ...config, nftables: { ...nftables, chains: replaced(nftables.chains, at, { ...chain, rules }) } },
        ] as const,
      ];
    }),
  );
}

const editChains = (
  config: DeviceConfig,
  edit: (chain: NftChain) => NftChain | 'gone' | undefined,
): readonly (readonly [string, DeviceConfig])[] => {
  const { nftables } = config;
  if (nftables === undefined) return [];
  return nftables.chains.flatMap((chain, at) => {
    const edited = edit(chain);
    if (edited === undefined) return [];
    const chains = edited === 'gone' ? without(nftables.chains, at) : replaced(nftables.chains, at, edited);
    return [[chain.name, { ...config, nftables: { ...nftables, chains } }] as const];
  });
};

const policies =
  (family: 'unicast' | 'evpn', edit: (policy: NeighborPolicy) => NeighborPolicy | undefined): Variants =>
  (config) =>
    editInstances(config, (bgp) => {
      if (family === 'evpn') {
        const { evpn } = bgp;
        return (evpn?.neighbors ?? []).flatMap((policy, at) => {
          const edited = edit(policy);
          if (edited === undefined || evpn === undefined) return [];
          return [
            [policy.neighbor, { ...bgp, evpn: { ...evpn, neighbors: replaced(evpn.neighbors, at, edited) } }] as const,
          ];
        });
      }
      return bgp.unicast.flatMap((unicast, index) =>
        unicast.neighbors.flatMap((policy, at) => {
          const edited = edit(policy);
          if (edited === undefined) return [];
          const changed = { ...unicast, neighbors: replaced(unicast.neighbors, at, edited) };
          return [
            [
              `${unicast.family} ${policy.neighbor}`,
              { ...bgp, unicast: replaced(bgp.unicast, index, changed) },
            ] as const,
          ];
        }),
      );
    });

const isFirewall = ({ role }: DeviceConfig): boolean => role === 'firewall';
const onFirewalls =
  (variants: Variants): Variants =>
  (config) =>
    isFirewall(config) ? variants(config) : [];
const onLeaves =
  (variants: Variants): Variants =>
  (config) =>
    config.role === 'leaf' ? variants(config) : [];

const drops = ({ verdict }: NftRule): boolean => verdict.kind === 'drop';

/** The kinds of mistakes. Those of `guards` change nothing until somebody attacks. */
export const KINDS: Readonly<Record<string, Variants>> = {
  'a prefix is missing in what a firewall leaks': onFirewalls(dropEntry('permit')),
  'a prefix is missing in what a leaf takes': onLeaves(dropEntry('permit')),
  'a denial of an own address is missing': onFirewalls(dropEntry('deny')),
  'no-export is missing': (config) =>
    editMaps(config, (entry) =>
      entry.actions.some(({ kind }) => kind === 'no-export') ? { ...entry, actions: [] } : undefined,
    ),
  'a leak asks for no prefixes': onFirewalls((config) =>
    editMaps(config, (entry) =>
      entry.matches.some(({ kind }) => kind === 'source-vrf')
        ? { ...entry, matches: entry.matches.filter(({ kind }) => kind !== 'prefix-list') }
        : undefined,
    ),
  ),
  'a leak asks for another VRF': onFirewalls((config) =>
    editMaps(config, (entry) => {
      const other = config.frr.vrfs.find(({ name }) =>
        entry.matches.every((match) => match.kind !== 'source-vrf' || match.vrf !== name),
      );
      if (other === undefined || !entry.matches.some(({ kind }) => kind === 'source-vrf')) return undefined;
      return {
        ...entry,
        matches: entry.matches.map((match) => (match.kind === 'source-vrf' ? { ...match, vrf: other.name } : match)),
      };
    }),
  ),
  'one more VRF is leaked': onFirewalls((config) =>
    editInstances(config, (bgp) =>
      bgp.unicast.flatMap((unicast, at) => {
        const more = config.frr.vrfs.find(({ name }) => name !== bgp.vrf && !unicast.importVrfs.includes(name));
        if (bgp.vrf === undefined || more === undefined) return [];
        const changed = { ...unicast, importVrfs: [...unicast.importVrfs, more.name], importMap: undefined };
        return [[`${unicast.family} ${more.name}`, { ...bgp, unicast: replaced(bgp.unicast, at, changed) }] as const];
      }),
    ),
  ),
  'a VRF is not leaked': onFirewalls((config) =>
    editInstances(config, (bgp) =>
      bgp.unicast.flatMap((unicast, at) =>
        unicast.importVrfs.map((vrf, index) => {
          const changed = { ...unicast, importVrfs: without(unicast.importVrfs, index) };
          return [`${unicast.family} ${vrf}`, { ...bgp, unicast: replaced(bgp.unicast, at, changed) }] as const;
        }),
      ),
    ),
  ),
  'a route target is that of another network': (config) =>
    editInstances(config, (bgp) => {
      const other = config.frr.bgp.find((one) => one.vrf !== undefined && one.vrf !== bgp.vrf)?.evpn?.routeTarget;
      if (bgp.vrf === undefined || bgp.evpn === undefined || other === undefined) return [];
      return [['target', { ...bgp, evpn: { ...bgp.evpn, routeTarget: other } }] as const];
    }),
  'a family is not advertised': onFirewalls((config) =>
    editInstances(config, (bgp) =>
      (bgp.evpn?.advertise ?? []).flatMap((family, at) =>
        bgp.evpn === undefined
          ? []
          : [[family, { ...bgp, evpn: { ...bgp.evpn, advertise: without(bgp.evpn.advertise, at) } }] as const],
      ),
    ),
  ),
  'connected addresses are not told': onFirewalls((config) =>
    editInstances(config, (bgp) =>
      bgp.vrf === undefined
        ? []
        : [
            [
              'connected',
              { ...bgp, unicast: bgp.unicast.map((unicast) => ({ ...unicast, redistributeConnected: undefined })) },
            ] as const,
          ],
    ),
  ),
  'a drop is missing': onFirewalls((config) => editRules(config, (rule) => (drops(rule) ? 'gone' : undefined))),
  'an accept is missing': onFirewalls((config) =>
    editRules(config, ({ verdict }) => (verdict.kind === 'accept' ? 'gone' : undefined)),
  ),
  'iif and oif are swapped': onFirewalls((config) =>
    editRules(config, (rule) => {
      const [iif, oif] = [
        rule.matches.find((one) => one.kind === 'iif'),
        rule.matches.find((one) => one.kind === 'oif'),
      ];
      if (iif?.kind !== 'iif' || oif?.kind !== 'oif') return undefined;
      const rest = rule.matches.filter(({ kind }) => kind !== 'iif' && kind !== 'oif');
      return { ...rule, matches: [{ ...iif, names: oif.names }, { kind: 'oif', names: iif.names }, ...rest] };
    }),
  ),
  'the SVI is named where the VRF must be': onFirewalls((config) =>
    editRules(config, (rule, { hook }) => {
      const iif = rule.matches.find((one) => one.kind === 'iif');
      if (iif?.kind !== 'iif' || hook?.hook !== 'forward') return undefined;
      const names = iif.names.map((name) => name.replace('vrf', 'vlan'));
      return { ...rule, matches: rule.matches.map((one) => (one === iif ? { ...iif, names } : one)) };
    }),
  ),
  'a destination is missing in what is let through': onFirewalls((config) =>
    editRules(config, (rule) =>
      rule.verdict.kind === 'accept' && rule.matches.some(({ kind }) => kind === 'destination')
        ? { ...rule, matches: rule.matches.filter(({ kind }) => kind !== 'destination') }
        : undefined,
    ),
  ),
  'ports are missing in what is let through': onFirewalls((config) =>
    editRules(config, (rule) =>
      rule.verdict.kind === 'accept' && rule.matches.some(({ kind }) => kind === 'ports')
        ? { ...rule, matches: rule.matches.filter(({ kind }) => kind !== 'ports') }
        : undefined,
    ),
  ),
  'a chain accepts what no rule names': onFirewalls((config) =>
    editChains(config, (chain) =>
      chain.hook?.policy === 'drop'
        ? {
            ...chain,
            hook: { ...chain.hook, policy: 'accept' },
            rules: chain.rules.filter(({ matches, verdict }) => matches.length > 0 || verdict.kind !== 'drop'),
          }
        : undefined,
    ),
  ),
  'translation is missing': onFirewalls((config) =>
    editChains(config, (chain) => (chain.hook?.type === 'nat' ? 'gone' : undefined)),
  ),
  'translation gives another address': onFirewalls((config) =>
    editRules(config, (rule) =>
      rule.verdict.kind === 'snat'
        ? { ...rule, verdict: { kind: 'snat', address: Address.of('ipv4', rule.verdict.address.value + 77n) } }
        : undefined,
    ),
  ),
  'translation leaves nobody out': onFirewalls((config) =>
    editRules(config, ({ matches, verdict }, { name }) =>
      name.startsWith('nat-') && verdict.kind === 'accept' && matches.length > 0 ? 'gone' : undefined,
    ),
  ),
  'a session does not come up on any leaf': onFirewalls(policies('evpn', (policy) => ({ ...policy, activate: false }))),
  'a machine is in another VRF': onLeaves((config) => {
    const { stanzas } = config.interfaces;
    return stanzas.flatMap((stanza, at) => {
      const own = stanza.attributes.find(({ keyword }) => keyword === 'vrf');
      const other = config.frr.vrfs.find(({ name }) => name !== own?.value);
      if (own === undefined || other === undefined || !stanza.name.startsWith('swp')) return [];
      const attributes = stanza.attributes.map((one) => (one === own ? { ...one, value: other.name } : one));
      return [
        [
          stanza.name,
          {
            ...config,
            interfaces: { ...config.interfaces, stanzas: replaced(stanzas, at, { ...stanza, attributes }) },
          },
        ] as const,
      ];
    });
  }),
};

/** Mistakes in what only an attack shows. */
export const GUARDS: Readonly<Record<string, Variants>> = {
  'a leaf takes any route of a machine': onLeaves(
    policies('unicast', (policy) =>
      policy.routeMapIn === undefined ? undefined : { ...policy, routeMapIn: undefined },
    ),
  ),
  'a leaf takes any route of a firewall': onLeaves(
    policies('evpn', (policy) =>
      policy.routeMapIn?.endsWith('-evpn-in') === true ? { ...policy, routeMapIn: undefined } : undefined,
    ),
  ),
  'a leaf takes any source': onLeaves((config) =>
    editRules(config, (rule, { hook }) => (hook?.hook === 'prerouting' && drops(rule) ? 'gone' : undefined)),
  ),
};

/** All single mistakes of the kinds, spread over the devices: at most so many of each kind. */
export function mutationsOf(
  devices: readonly DeviceConfig[],
  kinds: Readonly<Record<string, Variants>>,
  most: number,
): readonly Mutation[] {
  return Object.entries(kinds).flatMap(([kind, variants]) => {
    const all = devices.flatMap((config, at) =>
      variants(config).map(([what, changed]): Mutation => ({
        kind,
        what: `${config.device.name} ${what}`,
        devices: replaced(devices, at, changed),
      })),
    );
    const count = Math.min(most, all.length);
    return Array.from({ length: count }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)]!);
  });
}
