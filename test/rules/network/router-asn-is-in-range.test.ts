import { routerAsnIsInRange } from '../../../lib/rules/network/router-asn-is-in-range';
import { externalNetwork, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

const asn = (number: number) => ({
  networks: [externalNetwork('internet', { routers: [router('isp1', { asn: number })] }), privateNetwork('red')],
});

testRule(routerAsnIsInRange, {
  holds: {
    'for the lowest': asn(1),
    'for the highest': asn(4_294_967_294),
    'for one that was refused, which is reported already': asn(NaN),
  },
  breaks: {
    'below the lowest': {
      ...asn(0),
      findings: { 'par1/internet': 'asn 0 of router "isp1" is outside 1–4294967294' },
    },
    'above the highest': {
      ...asn(4_294_967_295),
      findings: { 'par1/internet': 'asn 4294967295 of router "isp1" is outside 1–4294967294' },
    },
  },
});
