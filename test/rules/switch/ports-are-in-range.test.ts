import { portsAreInRange } from '../../../lib/rules/switch/ports-are-in-range';
import { spine } from '../model';
import { testRule } from '../test-rule';

const ports = (number: number) => ({ switches: [spine('spine1', { ports: number })] });

testRule(portsAreInRange, {
  holds: { 'for one port': ports(1), 'for 512 ports': ports(512) },
  breaks: {
    'by no port': { ...ports(0), findings: { 'par1/spine1': '0 is no number of ports within 1–512' } },
    'by 513 ports': { ...ports(513), findings: { 'par1/spine1': '513 is no number of ports within 1–512' } },
    'by half a port': { ...ports(1.5), findings: { 'par1/spine1': '1.5 is no number of ports within 1–512' } },
  },
});
