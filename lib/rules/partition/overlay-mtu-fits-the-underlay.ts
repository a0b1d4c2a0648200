import { MTU_RANGE, VXLAN_OVERHEAD, isWithin } from '../../net';
import { defineRule } from '../rule';

export const overlayMtuFitsTheUnderlay = defineRule({
  id: 'partition/overlay-mtu-fits-the-underlay',
  statement: 'The MTU of the underlay leaves 50 octets for VXLAN around the largest packet of the overlay.',
  source: 'RFC 7348 sections 4.3 and 5: a VTEP must not fragment, and the outer headers over IPv4 are 50 octets.',
  *check({ partitions }) {
    for (const partition of partitions) {
      const { underlay, overlay } = partition.mtu;
      if (!isWithin(underlay, MTU_RANGE) || !isWithin(overlay, MTU_RANGE)) continue;
      if (overlay + VXLAN_OVERHEAD <= underlay) continue;
      yield {
        subject: partition,
        problem: `overlay MTU ${overlay} and ${VXLAN_OVERHEAD} octets of VXLAN exceed the underlay MTU ${underlay}`,
        fix: `choose an overlay MTU of at most ${underlay - VXLAN_OVERHEAD}, or raise that of the underlay`,
      };
    }
  },
});
