import { managementInterfaceIsNoPort } from '../../../lib/rules/partition/management-interface-is-no-port';
import { testRule } from '../test-rule';

testRule(managementInterfaceIsNoPort, {
  holds: {
    'for an interface of its own': { managementInterface: 'eth0' },
    'for a name that only begins like that of a port': { managementInterface: 'swpmgmt' },
  },
  breaks: {
    'by the first port': {
      managementInterface: 'swp1',
      findings: { par1: 'the management interface "swp1" is a port of the front panel' },
    },
    'by a part of a port': {
      managementInterface: 'swp32s1',
      findings: { par1: 'the management interface "swp32s1" is a port of the front panel' },
    },
  },
});
