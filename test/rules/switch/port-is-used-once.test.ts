import { portIsUsedOnce } from '../../../lib/rules/switch/port-is-used-once';
import { externalNetwork, firewall, machine, router, shortage, wiring } from '../model';
import { testRule } from '../test-rule';

const wired = (...leafPorts: readonly string[]) => ({ wiring: wiring({ leafPorts }) });

testRule(portIsUsedOnce, {
  holds: {
    'for the same port of two leaves': { machines: [machine('m1', 'red', wired('swp1', 'swp1'))] },
    'for two ports of a leaf': {
      machines: [machine('m1', 'red', wired('swp1', 'swp2')), machine('m2', 'red', wired('swp2', 'swp1'))],
    },
    'for routers whose port is chosen': {
      networks: [
        externalNetwork('internet', {
          routers: ['isp1', 'isp2'].map((name) => router(name, { leaf: 'par1/border1' })),
        }),
      ],
    },
    'for a host that names a leaf twice, which is reported already': {
      machines: [
        machine('m1', 'red', {
          wiring: wiring({ leaves: ['par1/leaf1', 'par1/leaf1'], leafPorts: ['swp1', 'swp1'] }),
        }),
      ],
    },
  },
  breaks: {
    'by a firewall and a machine on one port': {
      machines: [machine('m1', 'red', wired('swp1', 'swp1'))],
      firewalls: [firewall('fw', 'red', { wiring: wiring({ leaves: ['par1/leaf2'], leafPorts: ['swp1'] }) })],
      findings: { 'par1/m1': 'port "swp1" of "leaf2" is already wired to "fw" (par1/fw)' },
    },
    'by two routers of one network': {
      networks: [
        externalNetwork('internet', {
          routers: ['isp1', 'isp2'].map((name) => router(name, { leaf: 'par1/border1', port: 'swp7' })),
        }),
      ],
      findings: { 'par1/internet': 'port "swp7" of "border1" is already wired to "internet" (par1/internet)' },
    },
    'when the ledger could not give a fixed port': {
      recorded: { shortages: [shortage('taken', 'port', 'm1')] },
      findings: { 'par1/m1': 'port is taken' },
    },
  },
});
