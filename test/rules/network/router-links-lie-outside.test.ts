import { routerLinksLieOutside } from '../../../lib/rules/network/router-links-lie-outside';
import { externalNetwork, partition, peer, privateNetwork, router, underlayNetwork } from '../model';
import { testRule } from '../test-rule';

const linked = (...texts: readonly string[]) =>
  externalNetwork('internet', {
    routers: texts.map((text, index) => router(`isp${index + 1}`, { peers: [peer(text)] })),
  });

testRule(routerLinksLieOutside, {
  holds: {
    'for neighbours that touch': {
      networks: [
        linked('185.1.1.255/31', '185.1.3.0/31', '10.127.255.255/31', '10.132.0.0/31', '10.1.0.0/31'),
        underlayNetwork('underlay', { prefixes: ['192.0.2.0/24'] }),
      ],
    },
    'for links within each other, which a rule of their own compares': {
      networks: [linked('192.0.2.1/31', '192.0.2.2/29')],
    },
    'for networks of another partition': {
      networks: [linked('10.140.0.0/31')],
      others: [
        partition('par2', {
          superNetworks: ['10.140.0.0/14'],
          networks: [privateNetwork('red', { partition: 'par2', prefixes: ['10.140.0.0/24'] })],
        }),
      ],
    },
    'for a length that is reported already': { networks: [linked('185.1.2.1/33', '185.1.2.1/0')] },
    'without an underlay': { underlay: undefined, networks: [linked('10.0.0.0/31')] },
  },
  breaks: {
    'within a network, and within the network itself': {
      networks: [
        linked('185.1.2.0/31', '198.51.100.4/31'),
        externalNetwork('mpls', { prefixes: ['198.51.100.0/24'], routers: [] }),
      ],
      findings: {
        'par1/internet': [
          'link 185.1.2.0/31 of router "isp1" overlaps 185.1.2.0/24 of the network itself',
          'link 198.51.100.4/31 of router "isp2" overlaps 198.51.100.0/24 of network "mpls" (par1/mpls)',
        ],
      },
      fixes: ['give the link a prefix outside 185.1.2.0/24', 'give the link a prefix outside 198.51.100.0/24'],
    },
    'around a network': {
      networks: [linked('198.51.100.1/24'), externalNetwork('mpls', { prefixes: ['198.51.100.8/29'], routers: [] })],
      findings: {
        'par1/internet': 'link 198.51.100.0/24 of router "isp1" overlaps 198.51.100.8/29 of network "mpls" (par1/mpls)',
      },
    },
    'within a super network, once, and within the underlay': {
      networks: [
        linked('10.131.255.255/31', '10.0.255.255/31'),
        privateNetwork('red', { prefixes: ['10.131.255.0/24'] }),
      ],
      findings: {
        'par1/internet': [
          'link 10.0.255.254/31 of router "isp2" overlaps the underlay 10.0.0.0/16',
          'link 10.131.255.254/31 of router "isp1" overlaps super network 10.128.0.0/14',
        ],
      },
    },
  },
});
