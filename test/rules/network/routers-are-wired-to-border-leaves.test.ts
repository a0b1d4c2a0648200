import { routersAreWiredToBorderLeaves } from '../../../lib/rules/network/routers-are-wired-to-border-leaves';
import type { Router } from '../../../lib/model';
import { externalNetwork, leaf, partition, privateNetwork, router } from '../model';
import { testRule } from '../test-rule';

const wired = (given: Partial<Router>) => [externalNetwork('internet', { routers: [router('isp1', given)] })];

testRule(routersAreWiredToBorderLeaves, {
  holds: {
    'when leaf and port are chosen': { networks: [...wired({}), privateNetwork('red')] },
    'for a border leaf': { networks: wired({ leaf: 'par1/border1', port: 'swp1' }) },
    'for a leaf that nobody declares, which is reported for that': { networks: wired({ leaf: 'par1/border9' }) },
    'without a router, which is reported for that': {
      switches: [leaf('leaf1')],
      networks: [externalNetwork('internet', { routers: [] })],
    },
  },
  breaks: {
    'by a leaf': {
      networks: wired({ leaf: 'par1/leaf1' }),
      findings: { 'par1/internet': 'router "isp1" is wired to "leaf1", which is a leaf' },
    },
    'by a border leaf of another partition': {
      networks: wired({ leaf: 'par2/border1' }),
      others: [partition('par2')],
      findings: { 'par1/internet': 'router "isp1" is wired to "border1" of another partition' },
    },
    'by a port without a leaf': {
      networks: wired({ port: 'swp1' }),
      findings: { 'par1/internet': 'router "isp1" is wired to port "swp1" of no switch' },
    },
    'when there is no border leaf': {
      switches: [leaf('leaf1')],
      networks: wired({ leaf: 'par1/leaf1' }),
      findings: { 'par1/internet': 'the partition has no border leaf to wire its routers to' },
    },
  },
});
