import { groupBy, hostsOf } from '../../model';
import { quote } from '../../net';
import { compareText } from '../check-rules';
import { defineRule } from '../rule';

export const managementAddressIsItsOwn = defineRule({
  id: 'device/management-address-is-its-own',
  statement: 'No two devices of the app are managed at one address.',
  source: 'a device is reached at its management address to be configured: at a shared one, the wrong device would be.',
  *check({ partitions }) {
    const devices = partitions
      .flatMap((partition) => [...partition.switches, ...hostsOf(partition)])
      .filter(({ managementAddress }) => managementAddress !== undefined)
      .sort((a, b) => compareText(a.path, b.path));
    for (const [address, [first, ...others]] of groupBy(devices, (device) => String(device.managementAddress))) {
      for (const device of others) {
        yield {
          subject: device,
          problem: `is managed at ${address}, as ${quote(first?.path)} is`,
          fix: 'give each device its own management address',
        };
      }
    }
  },
});
