import { portIsOnTheSwitch } from '../../../lib/rules/switch/port-is-on-the-switch';
import { externalNetwork, machine, router, wiring } from '../model';
import { testRule } from '../test-rule';

const ports = (...leafPorts: readonly string[]) => ({
  machines: [machine('m1', 'red', { wiring: wiring({ leafPorts }) })],
});

testRule(portIsOnTheSwitch, {
  holds: {
    'for the first and the last port': ports('swp1', 'swp32'),
    'for a leaf that nobody declares, which is reported already': {
      machines: [machine('m1', 'red', { wiring: wiring({ leaves: ['par1/leaf9'], leafPorts: ['swp99'] }) })],
    },
  },
  breaks: {
    'by a port after the last': {
      ...ports('swp1', 'swp33'),
      findings: { 'par1/m1': 'switch "leaf2" has no port "swp33"' },
    },
    'by port 0': { ...ports('swp0'), findings: { 'par1/m1': 'switch "leaf1" has no port "swp0"' } },
    'by another interface': { ...ports('eth0'), findings: { 'par1/m1': 'switch "leaf1" has no port "eth0"' } },
    'by the port of a router': {
      networks: [externalNetwork('internet', { routers: [router('isp1', { leaf: 'par1/border1', port: 'swp01' })] })],
      findings: { 'par1/internet': 'switch "border1" has no port "swp01"' },
    },
  },
});
