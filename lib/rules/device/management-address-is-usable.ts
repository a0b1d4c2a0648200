import { hostsOf } from '../../model';
import { defineRule } from '../rule';
import { LOOPBACK, SPECIAL } from '../special';

export const managementAddressIsUsable = defineRule({
  id: 'device/management-address-is-usable',
  statement: 'A management address is one that a device can have, and that is the same from everywhere.',
  source:
    'RFC 6890, RFC 5771: nothing answers at unspecified, multicast and reserved addresses; link-local ones are of one link. Loopbacks may be the near end of a tunnel.',
  *check({ partitions }) {
    for (const device of partitions.flatMap((partition) => [...partition.switches, ...hostsOf(partition)])) {
      const { managementAddress: address } = device;
      const special = SPECIAL.find(({ prefix }) => address !== undefined && prefix.holds(address));
      if (address === undefined || special === undefined || special.use === LOOPBACK) continue;
      yield {
        subject: device,
        problem: `management address ${address.toString()} lies in ${special.prefix.toString()}, which is ${special.use}`,
        fix: 'give the address that the device is reached at by SSH',
      };
    }
  },
});
