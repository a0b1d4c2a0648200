import { type Family } from '../../net';
import { file, indent, lines, type Text } from '../text';
import type {
  AsPathList,
  BgpInstance,
  CommunityList,
  EvpnFamily,
  ExtendedCommunityList,
  FrrConfig,
  FrrVrf,
  Neighbor,
  NeighborPolicy,
  PrefixList,
  PrefixListEntry,
  RouteMap,
  RouteMapAction,
  RouteMapEntry,
  RouteMapMatch,
  UnicastFamily,
} from './config';

/** Seconds between keepalives, and until a silent neighbor is given up. */
const TIMERS = '2 8';

/** The `frr.conf` of the tree. */
export function printFrr(config: FrrConfig): string {
  return file(
    config.remarks.map((remark) => `! ${remark}`),
    `frr version ${config.version}`,
    'frr defaults datacenter',
    `hostname ${config.hostname}`,
    'log syslog informational',
    'service integrated-vtysh-config',
    '!',
    config.prefixLists.map(printPrefixList),
    config.communityLists.map(printCommunityList),
    config.extendedCommunityLists.map(printExtendedCommunityList),
    config.asPathLists.map(printAsPathList),
    config.routeMaps.map(printRouteMap),
    config.vrfs.map(printVrf),
    printDeclarations(config.bgp),
    config.bgp.map(printBgp),
  );
}

const KEYWORD: Readonly<Record<Family, 'ip' | 'ipv6'>> = { ipv4: 'ip', ipv6: 'ipv6' };

const printPrefixList = (list: PrefixList): Text =>
  lines(
    list.entries.map((entry) => printPrefixListLine(list, entry)),
    '!',
  );

/** The line of one entry. */
export const printPrefixListLine = (
  { name, family }: Pick<PrefixList, 'name' | 'family'>,
  entry: PrefixListEntry,
): string => `${KEYWORD[family]} prefix-list ${name} ${printPrefixListEntry(entry)}`;

const printPrefixListEntry = ({ sequence, action, prefix, le }: PrefixListEntry): string =>
  `seq ${sequence} ${action} ${prefix.toString()}${le === undefined ? '' : ` le ${le}`}`;

const printCommunityList = ({ name, community }: CommunityList): Text =>
  lines(`bgp community-list standard ${name} seq 5 permit ${community}`, '!');

const printExtendedCommunityList = ({ name, pattern }: ExtendedCommunityList): Text =>
  lines(`bgp extcommunity-list expanded ${name} seq 5 permit ${pattern}`, '!');

const printAsPathList = ({ name, pattern }: AsPathList): Text =>
  lines(`bgp as-path access-list ${name} seq 5 permit ${pattern}`, '!');

const printRouteMap = ({ name, entries }: RouteMap): Text => entries.map((entry) => printRouteMapEntry(name, entry));

const printRouteMapEntry = (name: string, { sequence, action, matches, actions }: RouteMapEntry): Text =>
  lines(
    `route-map ${name} ${action} ${sequence}`,
    indent(
      matches.map((match) => `match ${printMatch(match)}`),
      actions.map((change) => `set ${printAction(change)}`),
    ),
    'exit',
    '!',
  );

function printMatch(match: RouteMapMatch): string {
  switch (match.kind) {
    case 'prefix-list':
      return `${KEYWORD[match.family]} address prefix-list ${match.list}`;
    case 'source-vrf':
      return `source-vrf ${match.vrf}`;
    case 'interface':
      return `interface ${match.name}`;
    case 'as-path':
      return `as-path ${match.list}`;
    case 'evpn-vni':
      return `evpn vni ${match.vni}`;
    case 'evpn-prefix-route':
      return 'evpn route-type prefix';
    case 'evpn-default-route':
      return 'evpn default-route';
    case 'community':
      return `community ${match.list}`;
    case 'extended-community':
      return `extcommunity ${match.list}`;
  }
}

function printAction(action: RouteMapAction): string {
  switch (action.kind) {
    case 'no-export':
      return 'community no-export additive';
    case 'community':
      return `community ${action.community}`;
    case 'local-preference':
      return `local-preference ${action.preference}`;
  }
}

const printVrf = ({ name, vni, blackholes }: FrrVrf): Text =>
  lines(
    `vrf ${name}`,
    indent(
      blackholes.map((prefix) => `${KEYWORD[prefix.family]} route ${prefix.toString()} blackhole`),
      `vni ${vni}`,
    ),
    'exit-vrf',
    '!',
  );

/**
 * Instances that others import from are there before they are named: FRR 10 makes up a missing one, with another AS, and
 * keeps the route target that it derives from that beside the right one.
 */
function printDeclarations(instances: readonly BgpInstance[]): Text {
  const imports = instances.some(({ unicast }) => unicast.some(({ importVrfs }) => importVrfs.length > 0));
  return imports ? instances.map((bgp) => [printBgpHead(bgp), 'exit', '!']) : undefined;
}

const printBgpHead = ({ asn, vrf }: BgpInstance): string =>
  `router bgp ${asn}${vrf === undefined ? '' : ` vrf ${vrf}`}`;

const printBgp = (bgp: BgpInstance): Text =>
  lines(
    printBgpHead(bgp),
    indent(
      `bgp router-id ${bgp.routerId.toString()}`,
      'bgp bestpath as-path multipath-relax',
      bgp.enforceFirstAs === false ? 'no bgp enforce-first-as' : undefined,
      bgp.peerGroups.map(({ name }) => [
        `neighbor ${name} peer-group`,
        `neighbor ${name} remote-as external`,
        `neighbor ${name} timers ${TIMERS}`,
      ]),
      bgp.neighbors.map(printNeighbor),
      '!',
      bgp.unicast.map((family) => [printUnicast(family), '!']),
      bgp.evpn === undefined ? undefined : [printEvpn(bgp.evpn), '!'],
    ),
    'exit',
    '!',
  );

function printNeighbor(neighbor: Neighbor): Text {
  switch (neighbor.kind) {
    case 'unnumbered':
      return `neighbor ${neighbor.interface} interface peer-group ${neighbor.peerGroup}`;
    case 'numbered': {
      const address = neighbor.address.toString();
      return [`neighbor ${address} remote-as ${neighbor.asn}`, `neighbor ${address} timers ${TIMERS}`];
    }
  }
}

const printUnicast = (unicast: UnicastFamily): Text =>
  lines(
    `address-family ${unicast.family} unicast`,
    indent(
      unicast.networks.map((prefix) => `network ${prefix.toString()}`),
      printRedistribution(unicast),
      unicast.neighbors.map(printPolicy),
      // The filter first: frr-reload sends lines in this order, and nothing is to be imported unfiltered for a moment.
      unicast.importMap === undefined ? undefined : `import vrf route-map ${unicast.importMap}`,
      unicast.importVrfs.map((vrf) => `import vrf ${vrf}`),
    ),
    'exit-address-family',
  );

const printRedistribution = ({ redistributeConnected: redistribution }: UnicastFamily): Text =>
  redistribution === undefined
    ? undefined
    : `redistribute connected${redistribution.routeMap === undefined ? '' : ` route-map ${redistribution.routeMap}`}`;

const printPolicy = ({ neighbor, activate, allowasIn, routeMapIn, routeMapOut }: NeighborPolicy): Text => [
  activate ? `neighbor ${neighbor} activate` : `no neighbor ${neighbor} activate`,
  allowasIn === undefined ? undefined : `neighbor ${neighbor} allowas-in ${allowasIn}`,
  routeMapIn === undefined ? undefined : `neighbor ${neighbor} route-map ${routeMapIn} in`,
  routeMapOut === undefined ? undefined : `neighbor ${neighbor} route-map ${routeMapOut} out`,
];

const printEvpn = (evpn: EvpnFamily): Text =>
  lines(
    'address-family l2vpn evpn',
    indent(
      evpn.neighbors.map(printPolicy),
      evpn.advertiseAllVni ? 'advertise-all-vni' : undefined,
      evpn.advertise.map((family) => `advertise ${family} unicast`),
      evpn.routeDistinguisher === undefined ? undefined : `rd ${evpn.routeDistinguisher}`,
      // Not "both": FRR keeps it as two lines, and frr-reload would take these away and put them back at every change.
      evpn.routeTarget === undefined
        ? undefined
        : ['import', 'export'].map((way) => `route-target ${way} ${evpn.routeTarget ?? ''}`),
    ),
    'exit-address-family',
  );
