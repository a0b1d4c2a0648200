import { frrVersionIsSupported } from '../../../lib/rules/partition/frr-version-is-supported';
import { testRule } from '../test-rule';

const frr = (major: number, minor: number) => ({ frr: { major, minor } });

testRule(frrVersionIsSupported, {
  holds: {
    'for the first release': frr(8, 4),
    'for 9.0': frr(9, 0),
    'for the releases of 10': frr(10, 6),
  },
  breaks: {
    'by a release before 8.4': { ...frr(8, 3), findings: { par1: 'FRR 8.3 is not supported' } },
    'by 7.5': { ...frr(7, 5), findings: { par1: 'FRR 7.5 is not supported' } },
    'by 11.0': { ...frr(11, 0), findings: { par1: 'FRR 11.0 is not supported' } },
    'by what is no release': { ...frr(10, -1), findings: { par1: 'FRR 10.-1 is not supported' } },
  },
});
