import { hostsOf } from '../../model';
import { misfitsOf } from '../refused';
import { defineRule } from '../rule';

export const namesFitTheDevice = defineRule({
  id: 'library/names-fit-the-device',
  statement: 'A name is a label of a host name, and no device is called "localhost".',
  source: 'RFC 1123 section 2.1 for the grammar; RFC 6761 section 6.3: "localhost" is always the device itself.',
  *check(fabric) {
    yield* misfitsOf(fabric, 'library/names-fit-the-device');
    for (const partition of fabric.partitions) {
      for (const device of [...partition.switches, ...hostsOf(partition)]) {
        if (device.name !== 'localhost') continue;
        yield {
          subject: device,
          problem: 'the name "localhost" means each device itself',
          fix: 'choose another name',
        };
      }
    }
  },
});
