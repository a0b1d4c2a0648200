import { quote } from '../../net';
import { defineRule } from '../rule';
import { wiredPorts } from '../wired-ports';

export const portIsOnTheSwitch = defineRule({
  id: 'switch/port-is-on-the-switch',
  statement: 'A port that is wired is one of the switch: swp1 to swp<number of ports>.',
  source: 'Cumulus Linux and the kernel driver of Mellanox switches name front panel ports swp1 and on.',
  *check(fabric, lookup) {
    for (const { device, port, subject } of wiredPorts(fabric, lookup)) {
      const number = /^swp([1-9]\d{0,3})$/.exec(port)?.[1];
      if (number !== undefined && Number(number) <= device.ports) continue;
      yield {
        subject,
        problem: `switch ${quote(device.name)} has no port ${quote(port)}`,
        fix: `choose one of swp1 to swp${device.ports}, or leave the port out to have one chosen`,
      };
    }
  },
});
