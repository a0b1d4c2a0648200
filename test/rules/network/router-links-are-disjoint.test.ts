import { routerLinksAreDisjoint } from '../../../lib/rules/network/router-links-are-disjoint';
import { externalNetwork, peer, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

const links = (...texts: readonly string[]) =>
  externalNetwork('internet', {
    routers: texts.map((text, index) => router(`isp${index + 1}`, { peers: [peer(text)] })),
  });

testRule(routerLinksAreDisjoint, {
  holds: {
    'for neighbours that touch': { networks: [links('192.0.2.1/31', '192.0.2.3/31'), privateNetwork('red')] },
    'between networks, for each has a VRF of its own': {
      networks: [links('192.0.2.1/31'), { ...links('192.0.2.1/31'), path: 'par1/mpls', name: 'mpls' }],
    },
    'for two routers of one name, which is reported for that': {
      networks: [externalNetwork('internet', { routers: [router('isp1'), router('isp1')] })],
    },
    'for a router with two addresses of a link, and for a length that is reported already': {
      networks: [
        externalNetwork('internet', {
          routers: [
            router('isp1', { peers: [peer('192.0.2.0/31'), peer('192.0.2.1/31')] }),
            router('isp2', { peers: [peer('192.0.2.0/33')] }),
          ],
        }),
      ],
    },
  },
  breaks: {
    'by two routers on one link': {
      networks: [links('192.0.2.1/29', '192.0.2.2/29')],
      findings: { 'par1/internet': 'link 192.0.2.0/29 of router "isp2" overlaps link 192.0.2.0/29 of router "isp1"' },
    },
    'when one link contains another': {
      networks: [links('192.0.2.5/31', '192.0.2.1/29')],
      findings: { 'par1/internet': 'link 192.0.2.4/31 of router "isp1" overlaps link 192.0.2.0/29 of router "isp2"' },
    },
  },
});
