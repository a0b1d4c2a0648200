import { hostsOf } from '../../model';
import { quote } from '../../net';
import { defineRule } from '../rule';

export const managementAddressIsItsOwn = defineRule({
  id: 'device/management-address-is-its-own',
  statement: 'No two devices of the app are managed at one address.',
  source: 'a device is reached at its management address to be configured: at a shared one, the wrong device would be.',
  *check({ partitions }) {
    const taken = new Map<string, string>();
    for (const partition of partitions) {
      for (const device of [...partition.switches, ...hostsOf(partition)]) {
        const address = device.managementAddress?.toString();
        if (address === undefined) continue;
        const other = taken.get(address);
        if (other === undefined) {
          taken.set(address, device.path);
        } else {
          yield {
            subject: device,
            problem: `is managed at ${address}, as ${quote(other)} is`,
            fix: 'give each device its own management address',
          };
        }
      }
    }
  },
});
