import { numbersAreInRange } from '../../../lib/rules/target/numbers-are-in-range';
import { bastion, spine, ssh } from '../model';
import { testRule } from '../test-rule';

testRule(numbersAreInRange, {
  holds: {
    'for the lowest': { target: ssh({ port: 1, timeouts: { connect: 1, health: 1, confirm: 5 } }) },
    'for the highest': {
      target: ssh({
        port: 65_535,
        bastion: bastion({ port: 65_535 }),
        timeouts: { connect: 3600, health: 3600, confirm: 3600 },
      }),
    },
    'for what was refused already': { target: ssh({ port: NaN }) },
  },
  breaks: {
    'below the lowest': {
      target: ssh({ port: 0, timeouts: { connect: 0, health: 0, confirm: 4 } }),
      findings: {
        par1: [
          'confirmTimeout 4 is outside 5–3600',
          'connectTimeout 0 is outside 1–3600',
          'healthTimeout 0 is outside 1–3600',
          'port 0 is outside 1–65535',
        ],
      },
    },
    'above the highest, at a device': {
      switches: [spine('spine1', { target: ssh({ bastion: bastion({ port: 65_536 }) }) })],
      findings: { 'par1/spine1': 'port of the bastion 65536 is outside 1–65535' },
    },
  },
});
