import { routerAddressesFit } from '../../../lib/rules/network/router-addresses-fit';
import type { RouterAddress } from '../../../lib/model';
import { externalNetwork, peer, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

const peers = (...addresses: readonly RouterAddress[]) => ({
  networks: [externalNetwork('internet', { routers: [router('isp1', { peers: addresses })] })],
});

testRule(routerAddressesFit, {
  holds: {
    'for both ends of a /31 and a /127': peers(peer('192.0.2.0/31'), peer('2001:db8::1/127')),
    'for the first and the last host of a wider link': peers(
      peer('192.0.2.1/29', '192.0.2.6'),
      peer('2001:db8::1/64', '2001:db8::2'),
    ),
    'for a /31 with both addresses given': peers(peer('192.0.2.0/31', '192.0.2.1')),
    'for a length that was refused, which is reported already': peers(peer('192.0.2.1/NaN')),
    'for networks without routers': { networks: [privateNetwork('red')] },
  },
  breaks: {
    'by a router without an address': {
      ...peers(),
      findings: { 'par1/internet': 'router "isp1": no address is given' },
    },
    'by two addresses of a family': {
      ...peers(peer('192.0.2.1/31'), peer('192.0.2.3/31')),
      findings: { 'par1/internet': 'router "isp1": 192.0.2.3 is its second IPv4 address' },
    },
    'by a link of one address': {
      ...peers(peer('192.0.2.1/32')),
      findings: { 'par1/internet': 'router "isp1": 192.0.2.1 has the link prefix length 32, outside 1–31' },
    },
    'by a link as wide as the internet': {
      ...peers(peer('2001:db8::1/0')),
      findings: { 'par1/internet': 'router "isp1": 2001:db8::1 has the link prefix length 0, outside 1–127' },
    },
    'by a wider link without the address of the leaf': {
      ...peers(peer('192.0.2.1/30')),
      findings: { 'par1/internet': 'router "isp1": the border leaf has no address on the link 192.0.2.0/30' },
    },
    'by a leaf outside the link': {
      ...peers(peer('192.0.2.1/30', '192.0.2.5')),
      findings: { 'par1/internet': 'router "isp1": the leaf\'s address 192.0.2.5 is outside the link 192.0.2.0/30' },
    },
    'by a leaf of the other family': {
      ...peers(peer('192.0.2.1/30', '2001:db8::1')),
      findings: { 'par1/internet': 'router "isp1": the leaf\'s address 2001:db8::1 is outside the link 192.0.2.0/30' },
    },
    'by one address for both ends': {
      ...peers(peer('192.0.2.1/30', '192.0.2.1')),
      findings: { 'par1/internet': 'router "isp1": router and leaf both have 192.0.2.1' },
    },
    'by network and broadcast address': {
      ...peers(peer('192.0.2.0/30', '192.0.2.3')),
      findings: {
        'par1/internet': [
          'router "isp1": 192.0.2.0 is no address for a router in 192.0.2.0/30',
          'router "isp1": 192.0.2.3 is no address for a leaf in 192.0.2.0/30',
        ],
      },
    },
  },
});
