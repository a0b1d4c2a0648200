import { routerNamesAreUnique } from '../../../lib/rules/network/router-names-are-unique';
import { externalNetwork, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

testRule(routerNamesAreUnique, {
  holds: {
    'when names were refused, which is reported already': {
      networks: [externalNetwork('internet', { routers: [router(''), router('')] })],
    },
    'for routers of two networks': {
      networks: [externalNetwork('internet'), externalNetwork('mpls'), privateNetwork('red')],
    },
  },
  breaks: {
    'by three routers of one name': {
      networks: [externalNetwork('internet', { routers: [router('isp1'), router('isp1'), router('isp1')] })],
      findings: { 'par1/internet': '3 routers are called "isp1"' },
    },
  },
});
