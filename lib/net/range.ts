/** A run of whole numbers, both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export function isWithin(value: number, { first, last }: Range): boolean {
  return Number.isInteger(value) && value >= first && value <= last;
}

export function printRange({ first, last }: Range): string {
  return `${first}–${last}`;
}

/** RFC 7348 section 5: 24 bits; 0 is no network, and ifupdown2 takes no 16777215. */
export const VNI_RANGE: Range = { first: 1, last: 16_777_214 };

/**
 * A VLAN's number is also the number of its VRF's route table, so it must suit both: IEEE 802.1Q has 12 bits with 4095
 * reserved, and ifupdown2 takes tables from 1001 on.
 */
export const VLAN_RANGE: Range = { first: 1001, last: 4094 };

/** RFC 6996: autonomous system numbers for private use, of four octets. */
export const PRIVATE_ASN_RANGE: Range = { first: 4_200_000_000, last: 4_294_967_294 };

/** RFC 6793: autonomous system numbers of two or four octets; 0 is reserved (RFC 7607), 4294967295 too (RFC 7300). */
export const ASN_RANGE: Range = { first: 1, last: 4_294_967_294 };

/** What Ethernet switches carry: at least what IPv6 needs (RFC 8200 section 5), at most 9216 octets. */
export const MTU_RANGE: Range = { first: 1280, last: 9216 };

/** VXLAN over IPv4: 14 Ethernet + 20 IPv4 + 8 UDP + 8 VXLAN octets (RFC 7348 section 5). */
export const VXLAN_OVERHEAD = 50;

/** TCP and UDP ports that can be named in a filter. */
export const PORT_RANGE: Range = { first: 1, last: 65_535 };
