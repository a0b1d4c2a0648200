import { prefixesAreUnicast } from '../../../lib/rules/network/prefixes-are-unicast';
import { externalNetwork, peer, privateNetwork, router, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const network = (...prefixes: readonly string[]) => ({ networks: [privateNetwork('red', { prefixes })] });
const leading = (...destinationPrefixes: readonly string[]) => ({
  networks: [externalNetwork('internet', { destinationPrefixes })],
});
const broken = (range: string, use: string, ...prefixes: readonly string[]) => ({
  ...network(...prefixes),
  findings: { 'par1/red': prefixes.map((prefix) => `prefix ${prefix} overlaps ${range}, which is ${use}`) },
});

testRule(prefixesAreUnicast, {
  holds: {
    'for neighbours of reserved IPv4 addresses': network(
      ...['1.0.0.0/24', '126.255.255.0/24', '128.0.0.0/24', '169.253.255.0/24', '169.255.0.0/24', '223.255.255.0/24'],
    ),
    'for neighbours of reserved IPv6 addresses': network(
      ...['::2/128', '::fffe:ffff:ffff/128', '::1:0:0:0/96', 'fe7f:ffff::/32', 'fec0::/32', 'feff:ffff::/32'],
    ),
    'for default routes, and for halves of one': leading(
      '0.0.0.0/0',
      '0.0.0.0/1',
      '128.0.0.0/1',
      '::/0',
      '::/1',
      '8000::/1',
    ),
    'for the underlay network, whose prefix is that of the partition': {
      networks: [underlayNetwork('underlay', { prefixes: ['127.0.0.0/8'] })],
    },
    'without an underlay': { underlay: undefined },
  },
  breaks: {
    'by a network of loopbacks': broken('127.0.0.0/8', 'for loopbacks', '127.0.0.0/24', '127.255.255.0/24'),
    'by addresses of no host yet': broken('0.0.0.0/8', 'for hosts without an address', '0.0.0.0/24', '0.255.255.0/24'),
    'by link-local addresses': broken('169.254.0.0/16', 'link-local', '169.254.0.0/24', '169.254.255.0/24'),
    'by multicast groups': broken('224.0.0.0/4', 'for multicast', '224.0.0.0/24', '239.255.255.0/24'),
    'by reserved addresses, and by those of broadcast': broken(
      '240.0.0.0/4',
      'reserved',
      '240.0.0.0/24',
      '255.255.255.0/24',
    ),
    'by more than such addresses': broken('127.0.0.0/8', 'for loopbacks', '126.0.0.0/7', '127.9.0.0/16'),
    'by the IPv6 loopback': {
      ...network('::1/128'),
      findings: { 'par1/red': 'prefix ::1/128 overlaps ::1/128, which is for loopbacks' },
    },
    'by no IPv6 address': broken('::/128', 'for hosts without an address', '::/127', '::/128'),
    'by link-local addresses of IPv6': broken('fe80::/10', 'link-local', 'fe80::/64', 'febf:ffff:ffff:ffff::/64'),
    'by multicast groups of IPv6': broken('ff00::/8', 'for multicast', 'ff00::/64', 'ffff:ffff:ffff:ffff::/64'),
    'by IPv4 in the form of IPv6': broken(
      '::ffff:0:0/96',
      'for IPv4 in the form of IPv6',
      '::ffff:0:0/112',
      '::ffff:ffff:0/112',
    ),
    'by a destination': {
      ...leading('224.0.0.0/4', 'fe80::/64'),
      findings: {
        'par1/internet': [
          'destination 224.0.0.0/4 lies in 224.0.0.0/4, which is for multicast',
          'destination fe80::/64 lies in fe80::/10, which is link-local',
        ],
      },
    },
    'by a super network and the underlay': {
      superNetworks: ['126.0.0.0/7', 'fd00:10:128::/48'],
      underlay: '169.254.0.0/16',
      findings: {
        par1: [
          'super network 126.0.0.0/7 overlaps 127.0.0.0/8, which is for loopbacks',
          'underlay 169.254.0.0/16 overlaps 169.254.0.0/16, which is link-local',
        ],
      },
      fixes: ['choose addresses outside 127.0.0.0/8', 'choose addresses outside 169.254.0.0/16'],
    },
    'by a router, or the leaf at it': {
      networks: [
        externalNetwork('internet', {
          routers: [router('isp1', { peers: [peer('169.254.0.1/24', '169.254.0.2'), peer('fe80::1/127')] })],
        }),
      ],
      findings: {
        'par1/internet': [
          'address 169.254.0.1 of router "isp1" lies in 169.254.0.0/16, which is link-local',
          'address 169.254.0.2 of the leaf at router "isp1" lies in 169.254.0.0/16, which is link-local',
          'address fe80::1 of router "isp1" lies in fe80::/10, which is link-local',
        ],
      },
    },
  },
});
